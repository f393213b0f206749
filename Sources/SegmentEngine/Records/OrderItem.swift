/// An order as a record holds it: the statement that won, and what refunds left of its amount.
///
/// Lines are bytes of the record or event they came from, already with symbols.
struct OrderItem {
    var store: Symbol
    var order: UnsafeRawBufferPointer
    var currency: Symbol
    var total: Int64
    /// Total less the refunds that name the order, not below zero.
    var amount: Int64
    /// `OrderStatus.code`.
    var status: UInt8
    var isTest: Bool
    var placedAt: Int64
    /// occurredAt of the state or cancellation that holds; older ones change nothing.
    var effectiveAt: Int64
    /// The event whose state won.
    var sequence: UInt64
    var lineCount: Int
    var lines: UnsafeRawBufferPointer
}

extension OrderItem {
    /// Appends the item: flags, length of the rest, the rest.
    ///
    /// - Parameter scratch: memory to use, emptied.
    func write(to buffer: ByteBuffer, scratch: ByteBuffer) {
        scratch.removeAll()
        scratch.byte(status)
        scratch.symbol(store)
        scratch.text(order)
        scratch.symbol(currency)
        scratch.amount(total)
        if amount != total { scratch.amount(amount) }
        scratch.time(placedAt)
        if effectiveAt != placedAt { scratch.time(effectiveAt) }
        scratch.varint(sequence)
        scratch.count(lineCount)
        scratch.raw(lines)
        buffer.byte(flags)
        buffer.count(scratch.count)
        buffer.raw(scratch)
    }

    private var flags: UInt8 {
        var flags = RecordFormat.ItemCode.order.rawValue
        if isTest { flags |= RecordFormat.orderIsTest }
        if amount != total { flags |= RecordFormat.orderHasAmount }
        if effectiveAt != placedAt { flags |= RecordFormat.orderHasEffectiveAt }
        return flags
    }

    /// Reads an item whose first byte was read.
    init(flags: UInt8, from cursor: inout ByteCursor, of record: UnsafeRawBufferPointer) {
        let length = cursor.count()
        let end = cursor.offset + length
        status = cursor.byte()
        store = cursor.symbol()
        order = record.slice(cursor.text())
        currency = cursor.symbol()
        total = cursor.amount()
        amount = flags & RecordFormat.orderHasAmount != 0 ? cursor.amount() : total
        placedAt = cursor.time()
        effectiveAt = flags & RecordFormat.orderHasEffectiveAt != 0 ? cursor.time() : placedAt
        sequence = cursor.varint()
        isTest = flags & RecordFormat.orderIsTest != 0
        lineCount = cursor.count()
        lines = record.slice(cursor.skip(end - cursor.offset))
    }
}

extension OrderItem {
    /// Reads the key alone of an item whose first byte was read, and moves past the item.
    static func key(
        from cursor: inout ByteCursor, of record: UnsafeRawBufferPointer
    ) -> (store: Symbol, order: UnsafeRawBufferPointer) {
        let length = cursor.count()
        let end = cursor.offset + length
        _ = cursor.byte()
        let key = (store: cursor.symbol(), order: record.slice(cursor.text()))
        cursor.skip(end - cursor.offset)
        return key
    }
}

/// Campaign or recorded activity, on its way into a record.
struct ActivityItem {
    var kind: ActivityKind
    var subject: Symbol
    var url: UnsafeRawBufferPointer?
    var occurredAt: Int64
    var sequence: UInt64
    var propertyCount = 0
    /// Names as symbols, values as records hold them.
    var properties = UnsafeRawBufferPointer(start: nil, count: 0)

    func write(to buffer: ByteBuffer) {
        let hasURL = url == nil ? 0 : RecordFormat.activityHasURL
        buffer.byte(RecordFormat.ItemCode.activity.rawValue | kind.rawValue << RecordFormat.activityKindShift | hasURL)
        buffer.symbol(subject)
        buffer.time(occurredAt)
        buffer.varint(sequence)
        if let url { buffer.text(url) }
        guard kind == .recorded else { return }
        buffer.count(propertyCount)
        buffer.raw(properties)
    }
}

/// A refund that names no known order.
struct RefundItem {
    var currency: Symbol
    var amount: Int64
    var occurredAt: Int64
    var sequence: UInt64

    func write(to buffer: ByteBuffer) {
        buffer.byte(RecordFormat.ItemCode.refund.rawValue)
        buffer.symbol(currency)
        buffer.amount(amount)
        buffer.time(occurredAt)
        buffer.varint(sequence)
    }

    init(currency: Symbol, amount: Int64, occurredAt: Int64, sequence: UInt64) {
        self.currency = currency
        self.amount = amount
        self.occurredAt = occurredAt
        self.sequence = sequence
    }

    init(from cursor: inout ByteCursor) {
        currency = cursor.symbol()
        amount = cursor.amount()
        occurredAt = cursor.time()
        sequence = cursor.varint()
    }
}
