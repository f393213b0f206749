extension DecodedContact {
    /// Unpacks a record, whatever was here before.
    mutating func decode(_ record: UnsafeRawBufferPointer) {
        removeAll()
        var cursor = ByteCursor(record)
        _ = cursor.text()
        cursor.skipVarint()
        decodeHead(&cursor)
        decodeItems(&cursor)
    }

    /// Unpacks the head of a record alone.
    mutating func decodeHead(_ record: UnsafeRawBufferPointer) {
        removeAll()
        var cursor = ByteCursor(record)
        _ = cursor.text()
        cursor.skipVarint()
        decodeHead(&cursor)
    }

    /// Unpacks the items of a record alone from an offset on, at which one begins.
    mutating func decodeItems(_ record: UnsafeRawBufferPointer, from offset: Int) {
        removeAll()
        appendItems(record, from: offset)
    }

    /// Unpacks more of a record whose bytes before the offset are those unpacked here.
    mutating func appendItems(_ record: UnsafeRawBufferPointer, from offset: Int) {
        var cursor = ByteCursor(record)
        cursor.seek(offset)
        decodeItems(&cursor)
    }

    private mutating func decodeItems(_ cursor: inout ByteCursor) {
        while !cursor.isAtEnd {
            let flags = cursor.byte()
            switch RecordFormat.ItemCode(rawValue: flags & RecordFormat.itemCodeMask) {
            case .order: decodeOrder(flags: flags, &cursor)
            case .activity: decodeActivity(flags: flags, &cursor)
            case .refund:
                let refund = RefundItem(from: &cursor)
                refunds.append(
                    DecodedRefund(
                        currency: refund.currency, amount: refund.amount, occurredAt: refund.occurredAt,
                        sequence: refund.sequence))
            case nil: preconditionFailure("an item has a code that no record holds")
            }
        }
    }

    private mutating func decodeHead(_ cursor: inout ByteCursor) {
        firstSeenAt = cursor.time()
        for _ in 0..<cursor.count() {
            cursor.skipVarint()
            cursor.skipVarint()
        }
        for _ in 0..<cursor.count() {
            let slot = AttributeSlot(rawValue: UInt32(truncatingIfNeeded: cursor.varint()))
            cursor.skipVarint()
            if let value = cursor.value() { attributes.append((slot, value)) }
        }
        cursor.skipVarint()
        for _ in 0..<cursor.count() {
            let folded = cursor.symbol()
            cursor.skipVarint()
            if cursor.varint() & 1 == 1 { tags.append(folded) }
        }
    }

    private mutating func decodeOrder(flags: UInt8, _ cursor: inout ByteCursor) {
        cursor.skipVarint()
        let status = cursor.byte()
        let store = cursor.symbol()
        let order = cursor.text()
        let currency = cursor.symbol()
        var amount = cursor.amount()
        if flags & RecordFormat.orderHasAmount != 0 { amount = cursor.amount() }
        let placedAt = cursor.time()
        if flags & RecordFormat.orderHasEffectiveAt != 0 { cursor.skipVarint() }
        let sequence = cursor.varint()
        let first = lines.count
        for _ in 0..<cursor.count() { lines.append(DecodedLine(from: &cursor)) }
        orders.append(
            DecodedOrder(
                store: store, currency: currency, amount: amount, status: status,
                isTest: flags & RecordFormat.orderIsTest != 0, placedAt: placedAt, sequence: sequence,
                lines: first..<lines.count, orderBytes: order))
    }

    private mutating func decodeActivity(flags: UInt8, _ cursor: inout ByteCursor) {
        guard let kind = ActivityKind(rawValue: flags >> RecordFormat.activityKindShift & 7) else {
            preconditionFailure("an activity is of a kind that no record holds")
        }
        let subject = cursor.symbol()
        let occurredAt = cursor.time()
        let sequence = cursor.varint()
        let url = flags & RecordFormat.activityHasURL != 0 ? cursor.text() : nil
        let first = properties.count
        if kind == .recorded {
            for _ in 0..<cursor.count() {
                let name = cursor.symbol()
                if let value = cursor.value() { properties.append((name, value)) }
            }
        }
        activities.append(
            DecodedActivity(
                kind: kind, subject: subject, urlBytes: url, occurredAt: occurredAt, sequence: sequence,
                properties: first..<properties.count))
    }
}

extension DecodedLine {
    init(from cursor: inout ByteCursor) {
        let flags = cursor.byte()
        product = cursor.symbol()
        variant = flags & RecordFormat.lineHasVariant != 0 ? cursor.symbol() : .none
        title = flags & RecordFormat.lineHasTitle != 0 ? cursor.symbol() : .none
        vendor = flags & RecordFormat.lineHasVendor != 0 ? cursor.symbol() : .none
        category = flags & RecordFormat.lineHasCategory != 0 ? cursor.symbol() : .none
        quantity = cursor.amount()
        price = cursor.amount()
    }
}
