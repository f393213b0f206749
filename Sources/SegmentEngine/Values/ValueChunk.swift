/// What conditions ask of the contacts of one chunk, laid out by attribute instead of by contact.
///
/// Made from records, and true of those records alone. A condition looks at the few columns that it is about, from one
/// end to the other, and at none of the rest. What has no column (texts that differ from contact to contact, urls,
/// properties) is looked up in the records.
final class ValueChunk: Sendable {
    /// Contacts that had an ordinal in this chunk.
    let contactCount: Int
    /// A bit for each contact that existed.
    let existing: [UInt64]
    /// nil for an attribute whose values differ too much.
    let attributes: [ColumnSlot: AttributeColumn?]
    /// Whether every attribute that a contact has is in the table.
    let hasAllAttributes: Bool
    let tags: TagColumns
    let orders: OrderColumns
    let lines: LineColumns
    let refunds: RefundColumns
    /// By the kind of activity.
    let activities: [ActivityColumns]
    private let memory: TableMemory

    init(
        contactCount: Int, existing: [UInt64], attributes: [ColumnSlot: AttributeColumn?],
        hasAllAttributes: Bool, items: ItemColumns, memory: TableMemory
    ) {
        self.contactCount = contactCount
        self.existing = existing
        self.attributes = attributes
        self.hasAllAttributes = hasAllAttributes
        (tags, orders, lines) = (items.tags, items.orders, items.lines)
        (refunds, activities) = (items.refunds, items.activities)
        self.memory = memory
    }

    /// Memory it takes, in bytes.
    var byteCount: Int {
        let attributes = attributes.values.reduce(existing.count * 8) { $0 + ($1?.byteCount ?? 0) }
        return activities.reduce(attributes + tags.byteCount + orders.byteCount + lines.byteCount + refunds.byteCount) {
            $0 + $1.byteCount
        }
    }
}

extension ValueChunk {
    /// The contacts of whom something is dated later than an instant, as places in the chunk.
    func contacts(withItemsAfter instant: Int64) -> Set<Int> {
        var found: Set<Int> = []
        withExtendedLifetime(self) {
            for (contacts, times) in [(orders.contacts, orders.placedAt), (refunds.contacts, refunds.occurredAt)]
                + activities.map({ ($0.contacts, $0.occurredAt) }) where times.most > instant
            {
                for item in 0..<times.count where times[item] > instant { found.insert(Int(contacts[item])) }
            }
        }
        return found
    }
}

/// Everything of a chunk's contacts that there may be several of. Items stand in the order of their contacts.
struct ItemColumns {
    let tags: TagColumns
    let orders: OrderColumns
    let lines: LineColumns
    let refunds: RefundColumns
    let activities: [ActivityColumns]
}

/// The tags that contacts have, folded.
struct TagColumns: BitwiseCopyable, Sendable {
    /// The contact within its chunk.
    let contacts: PlainTable<UInt16>
    let names: PackedSymbols

    var byteCount: Int { contacts.count * 2 + names.byteCount }
}

/// All orders, counted or not.
struct OrderColumns: BitwiseCopyable, Sendable {
    let contacts: PlainTable<UInt16>
    let placedAt: PackedNumbers
    let amounts: PackedNumbers
    /// `OrderStatus.code`, and `isTest` for a test order.
    let states: PackedSymbols
    let stores: PackedSymbols
    let currencies: PackedSymbols

    static let isTest: UInt32 = 1 << 8

    var byteCount: Int {
        contacts.count * 2 + placedAt.byteCount + amounts.byteCount + states.byteCount + stores.byteCount
            + currencies.byteCount
    }
}

/// The lines of all orders.
struct LineColumns: BitwiseCopyable, Sendable {
    /// The place of each line's order.
    let orders: PackedNumbers
    let products: PackedSymbols
    let variants: PackedSymbols
    let titles: PackedSymbols
    let vendors: PackedSymbols
    let categories: PackedSymbols
    let quantities: PackedNumbers
    let prices: PackedNumbers

    var byteCount: Int {
        orders.byteCount + products.byteCount + variants.byteCount + titles.byteCount + vendors.byteCount
            + categories.byteCount + quantities.byteCount + prices.byteCount
    }
}

/// Refunds that name no known order.
struct RefundColumns: BitwiseCopyable, Sendable {
    let contacts: PlainTable<UInt16>
    let occurredAt: PackedNumbers
    let amounts: PackedNumbers
    let currencies: PackedSymbols

    var byteCount: Int { contacts.count * 2 + occurredAt.byteCount + amounts.byteCount + currencies.byteCount }
}

/// Activities of one kind.
struct ActivityColumns: BitwiseCopyable, Sendable {
    let contacts: PlainTable<UInt16>
    let occurredAt: PackedNumbers
    /// The campaign, or the name of a recorded activity.
    let subjects: PackedSymbols

    var byteCount: Int { contacts.count * 2 + occurredAt.byteCount + subjects.byteCount }
}
