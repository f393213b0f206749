internal import Glibc

/// Walks over a record's items.
struct RecordReader {
    let record: UnsafeRawBufferPointer
    /// Stands at the next item.
    var cursor: ByteCursor
    let id: UnsafeRawBufferPointer
    /// Where the head begins and ends, without its length.
    let head: Range<Int>

    init(_ record: UnsafeRawBufferPointer) {
        self.record = record
        cursor = ByteCursor(record)
        id = record.slice(cursor.text())
        head = cursor.text()
    }

    /// An item with the bytes it takes.
    enum Item {
        case order(OrderItem)
        case activity
        case refund(RefundItem)
    }

    /// The next item and where it lies; nil at the end.
    mutating func next() -> (item: Item, bytes: Range<Int>)? {
        guard !cursor.isAtEnd else { return nil }
        let start = cursor.offset
        let flags = cursor.byte()
        let item: Item
        switch RecordFormat.ItemCode(rawValue: flags & RecordFormat.itemCodeMask) {
        case .order: item = .order(OrderItem(flags: flags, from: &cursor, of: record))
        case .refund: item = .refund(RefundItem(from: &cursor))
        case .activity:
            cursor.skipActivity(flags: flags)
            item = .activity
        case nil: preconditionFailure("an item has a code that no record holds")
        }
        return (item, start..<cursor.offset)
    }

    /// The key of the next order, past whatever comes before it; nil at the end.
    mutating func nextOrderKey() -> (store: Symbol, order: UnsafeRawBufferPointer)? {
        while !cursor.isAtEnd {
            let flags = cursor.byte()
            switch RecordFormat.ItemCode(rawValue: flags & RecordFormat.itemCodeMask) {
            case .order: return OrderItem.key(from: &cursor, of: record)
            case .refund: _ = RefundItem(from: &cursor)
            case .activity: cursor.skipActivity(flags: flags)
            case nil: preconditionFailure("an item has a code that no record holds")
            }
        }
        return nil
    }

    /// The order of that key with the bytes it takes; what stands before it is not read further than needed.
    mutating func find(store: Symbol, order: UnsafeRawBufferPointer) -> (item: OrderItem, bytes: Range<Int>)? {
        while !cursor.isAtEnd {
            let start = cursor.offset
            let flags = cursor.byte()
            switch RecordFormat.ItemCode(rawValue: flags & RecordFormat.itemCodeMask) {
            case .order:
                var content = cursor
                let key = OrderItem.key(from: &cursor, of: record)
                guard key.store == store, key.order.isSame(as: order) else { continue }
                return (OrderItem(flags: flags, from: &content, of: record), start..<cursor.offset)
            case .refund: _ = RefundItem(from: &cursor)
            case .activity: cursor.skipActivity(flags: flags)
            case nil: preconditionFailure("an item has a code that no record holds")
            }
        }
        return nil
    }
}

extension ByteCursor {
    /// Moves past an activity whose first byte was read.
    fileprivate mutating func skipActivity(flags: UInt8) {
        _ = varint()
        _ = varint()
        _ = varint()
        if flags & RecordFormat.activityHasURL != 0 { skip(count()) }
        guard flags >> RecordFormat.activityKindShift & 7 == ActivityKind.recorded.rawValue else { return }
        for _ in 0..<count() {
            _ = varint()
            skipValue()
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes. Most are short: they are compared here, by two words that may overlap.
    @inline(__always)
    func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
        switch count {
        case 17...: return memcmp(start, otherStart, count) == 0
        case 8...: return differences(UInt64.self, other) == 0
        case 4...: return differences(UInt32.self, other) == 0
        case 2...: return differences(UInt16.self, other) == 0
        case 1: return self[0] == other[0]
        default: return true
        }
    }

    /// The bits in which the first or the last word differs.
    @inline(__always)
    private func differences<Word: FixedWidthInteger>(_ word: Word.Type, _ other: UnsafeRawBufferPointer) -> Word {
        let last = count - MemoryLayout<Word>.size
        let first = loadUnaligned(as: word) ^ other.loadUnaligned(as: word)
        return first
            | (loadUnaligned(fromByteOffset: last, as: word) ^ other.loadUnaligned(fromByteOffset: last, as: word))
    }
}
