internal import SegmentModel

/// Lays the contacts of one chunk out by column.
struct ValueChunkBuilder {
    private let contactCount: Int
    private var existing = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
    private var numbers: [ColumnSlot: Int] = [:]
    private var attributes: [(slot: ColumnSlot, column: AttributeColumnBuilder)] = []
    private var hasAllAttributes = true
    private var items = ItemColumnsBuilder()

    /// Attributes that get a column; the commonest come first, more or less.
    private static let attributesMax = 128

    init(contactCount: Int) {
        self.contactCount = contactCount
        for slot in 0..<AttributeSlot.customFirst { _ = number(of: ColumnSlot(AttributeSlot(rawValue: slot))) }
    }

    /// Adds a contact; they come in ascending order. `bytes` are those that the contact's ranges lie in.
    mutating func add(_ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer, contact low: Int) {
        existing[low >> 6] |= 1 << UInt64(low & 63)
        set(.instant(contact.firstSeenAt), .firstSeenAt, bytes, low)
        for index in contact.attributes.indices {
            let (slot, value) = contact.attributes[index]
            set(value, ColumnSlot(slot), bytes, low)
            if ColumnSlot(slot) == .email { setDomain(of: value, bytes, low) }
        }
        items.add(contact, contact: UInt16(truncatingIfNeeded: low))
    }

    private mutating func set(_ value: DecodedValue, _ slot: ColumnSlot, _ bytes: UnsafeRawBufferPointer, _ low: Int) {
        guard let number = number(of: slot) else { return }
        attributes[number].column.set(value, bytes, contact: low)
    }

    /// What follows the last `@`, if this is text of the contact's own; else the column closes.
    private mutating func setDomain(of email: DecodedValue, _ bytes: UnsafeRawBufferPointer, _ low: Int) {
        guard let number = number(of: .emailDomain) else { return }
        guard case .text(let range) = email else { return attributes[number].column.close() }
        let text = bytes.slice(range)
        guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return }
        attributes[number].column.set(.text(Array(text[(at + 1)...])), contact: low)
    }

    private mutating func number(of slot: ColumnSlot) -> Int? {
        // Known attributes stand first, by their slots.
        if slot.rawValue < AttributeSlot.customFirst, Int(slot.rawValue) < attributes.count {
            return Int(slot.rawValue)
        }
        if let known = numbers[slot] { return known }
        guard attributes.count < Self.attributesMax else {
            hasAllAttributes = false
            return nil
        }
        numbers[slot] = attributes.count
        attributes.append((slot, AttributeColumnBuilder(contactCount: contactCount)))
        return attributes.count - 1
    }

    /// The chunk of what was added.
    func finish() -> ValueChunk {
        var builder = TableBuilder()
        var columns: [ColumnSlot: AttributeColumn?] = [:]
        for (slot, column) in attributes where !column.isEmpty {
            columns.updateValue(column.column(&builder), forKey: slot)
        }
        let items = items.columns(&builder)
        return ValueChunk(
            contactCount: contactCount, existing: existing, attributes: columns, hasAllAttributes: hasAllAttributes,
            items: items, memory: builder.finish())
    }
}

/// The items of a chunk's contacts, while they are gathered.
private struct ItemColumnsBuilder {
    private struct Activities {
        var contacts: [UInt16] = []
        var occurredAt: [Int64] = []
        var subjects: [UInt32] = []
    }

    private var tags: (contacts: [UInt16], names: [UInt32]) = ([], [])
    private var orders: [DecodedOrder] = []
    private var orderContacts: [UInt16] = []
    private var lines: [DecodedLine] = []
    private var lineOrders: [Int64] = []
    private var refunds: [DecodedRefund] = []
    private var refundContacts: [UInt16] = []
    private var activities = Array(repeating: Activities(), count: Int(ActivityKind.recorded.rawValue) + 1)

    mutating func add(_ contact: borrowing DecodedContact, contact low: UInt16) {
        for index in contact.tags.indices {
            tags.contacts.append(low)
            tags.names.append(contact.tags[index].rawValue)
        }
        for index in contact.orders.indices {
            let order = contact.orders[index]
            for line in order.lines {
                lineOrders.append(Int64(orders.count))
                lines.append(contact.lines[line])
            }
            orderContacts.append(low)
            orders.append(order)
        }
        for index in contact.refunds.indices {
            refundContacts.append(low)
            refunds.append(contact.refunds[index])
        }
        for index in contact.activities.indices {
            let kind = Int(contact.activities[index].kind.rawValue)
            activities[kind].contacts.append(low)
            activities[kind].occurredAt.append(contact.activities[index].occurredAt)
            activities[kind].subjects.append(contact.activities[index].subject.rawValue)
        }
    }

    func columns(_ builder: inout TableBuilder) -> ItemColumns {
        ItemColumns(
            tags: TagColumns(contacts: builder.table(tags.contacts), names: PackedSymbols(tags.names, &builder)),
            orders: orderColumns(&builder), lines: lineColumns(&builder),
            refunds: RefundColumns(
                contacts: builder.table(refundContacts),
                occurredAt: PackedNumbers(refunds.map(\.occurredAt), &builder),
                amounts: PackedNumbers(refunds.map(\.amount), &builder),
                currencies: PackedSymbols(refunds.map(\.currency.rawValue), &builder)),
            activities: activities.map {
                ActivityColumns(
                    contacts: builder.table($0.contacts), occurredAt: PackedNumbers($0.occurredAt, &builder),
                    subjects: PackedSymbols($0.subjects, &builder))
            })
    }

    private func orderColumns(_ builder: inout TableBuilder) -> OrderColumns {
        OrderColumns(
            contacts: builder.table(orderContacts), placedAt: PackedNumbers(orders.map(\.placedAt), &builder),
            amounts: PackedNumbers(orders.map(\.amount), &builder),
            states: PackedSymbols(
                orders.map { UInt32($0.status) | ($0.isTest ? OrderColumns.isTest : 0) }, &builder),
            stores: PackedSymbols(orders.map(\.store.rawValue), &builder),
            currencies: PackedSymbols(orders.map(\.currency.rawValue), &builder))
    }

    private func lineColumns(_ builder: inout TableBuilder) -> LineColumns {
        LineColumns(
            orders: PackedNumbers(lineOrders, &builder),
            products: PackedSymbols(lines.map(\.product.rawValue), &builder),
            variants: PackedSymbols(lines.map(\.variant.rawValue), &builder),
            titles: PackedSymbols(lines.map(\.title.rawValue), &builder),
            vendors: PackedSymbols(lines.map(\.vendor.rawValue), &builder),
            categories: PackedSymbols(lines.map(\.category.rawValue), &builder),
            quantities: PackedNumbers(lines.map(\.quantity), &builder),
            prices: PackedNumbers(lines.map(\.price), &builder))
    }
}
