/// What an encoded event is about, read where it lies without making a `String` of anything: the contact, the order and
/// the refund it names.
package struct EventSubjects {
    /// The contact it names; cancellations, integrations and holes name none.
    package private(set) var contact: UnsafeRawBufferPointer?
    /// The order it names.
    package private(set) var order: (store: UnsafeRawBufferPointer, order: UnsafeRawBufferPointer)?
    /// The refund it is: the number is its source's own.
    package private(set) var refund: (source: UnsafeRawBufferPointer, refund: UnsafeRawBufferPointer)?
    /// The type, as the form writes it.
    package let code: EventCode

    /// Nil if the bytes are not an event. Cost: some tens of nanoseconds.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        var cursor = Cursor(bytes: bytes)
        guard cursor.byte() == EventFormat.version, let bits = cursor.byte(),
            let code = cursor.byte().flatMap(EventCode.init), let source = cursor.text(), cursor.text() != nil
        else { return nil }
        self.code = code
        if bits & EventFormat.hasTime != 0 { guard cursor.varint() != nil else { return nil } }
        if bits & EventFormat.hasExtensions != 0 { guard cursor.skipExtensions() else { return nil } }
        guard read(from: &cursor, source: source) else { return nil }
    }

    private mutating func read(from cursor: inout Cursor, source: UnsafeRawBufferPointer) -> Bool {
        switch code {
        case .contactChanged, .contactErased, .activityRecorded:
            contact = cursor.text()
            return contact != nil
        case .campaignSent, .campaignOpened, .campaignClicked, .campaignBounced:
            guard cursor.byte() != nil else { return false }
            contact = cursor.text()
            return contact != nil
        case .orderPlaced, .orderChanged:
            guard cursor.byte() != nil, cursor.byte() != nil, readOrder(from: &cursor) else { return false }
            contact = cursor.text()
            return contact != nil
        case .orderCancelled:
            return readOrder(from: &cursor)
        case .orderRefunded:
            return readRefund(from: &cursor, source: source)
        case .integrationConnected, .integrationDisconnected, .hole:
            return true
        }
    }

    private mutating func readOrder(from cursor: inout Cursor) -> Bool {
        guard let store = cursor.text(), let number = cursor.text() else { return false }
        order = (store, number)
        return true
    }

    private mutating func readRefund(from cursor: inout Cursor, source: UnsafeRawBufferPointer) -> Bool {
        guard let bits = cursor.byte(), let number = cursor.text(), let contact = cursor.text(),
            cursor.text() != nil, cursor.varint() != nil
        else { return false }
        refund = (source, number)
        self.contact = contact
        // A store alone names no order.
        let isNamed = EventFormat.refundHasStore | EventFormat.refundHasOrder
        return bits & isNamed == isNamed ? readOrder(from: &cursor) : true
    }
}

/// Reads elements one after the other; nil where the bytes end before they do.
private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func byte() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64, let byte = byte() {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    mutating func text() -> UnsafeRawBufferPointer? {
        guard let size = varint(), size <= UInt64(bytes.count - offset) else { return nil }
        defer { offset += Int(size) }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + Int(size))])
    }

    mutating func skipExtensions() -> Bool {
        guard let count = varint() else { return false }
        for _ in 0..<count {
            guard text() != nil, skipValue(depth: 0) else { return false }
        }
        return true
    }

    private mutating func skipValue(depth: Int) -> Bool {
        guard depth <= EventFormat.depthMax, let code = byte().flatMap(ValueCode.init) else { return false }
        switch code {
        case .null, .no, .yes: return true
        case .text, .number: return text() != nil
        case .list, .object:
            guard let count = varint() else { return false }
            for _ in 0..<count {
                if code == .object { guard text() != nil else { return false } }
                guard skipValue(depth: depth + 1) else { return false }
            }
            return true
        case .instant, .birthday: return false
        }
    }
}
