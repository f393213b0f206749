internal import SegmentModel

/// A stored event opened just far enough to be translated: no text becomes a `String`.
struct EventBytes {
    let sequence: UInt64
    /// Microseconds since 1970.
    let occurredAt: Int64
    let visibleAt: Int64
    let code: EventCode
    /// All of the event.
    let bytes: UnsafeRawBufferPointer
    /// Stands at the fact.
    let fact: ByteCursor

    init(_ bytes: UnsafeRawBufferPointer, sequence: UInt64, recordedAt: Int64, visibleAt: Int64) {
        var cursor = ByteCursor(bytes)
        precondition(cursor.byte() == EventFormat.version, "an event is of a version that this program does not know")
        let bits = cursor.byte()
        guard let code = EventCode(rawValue: cursor.byte()) else {
            preconditionFailure("an event is of a type that this program does not know")
        }
        // Source and id.
        _ = cursor.text()
        _ = cursor.text()
        occurredAt = bits & EventFormat.hasTime != 0 ? cursor.zigzag() : recordedAt
        if bits & EventFormat.hasExtensions != 0 { cursor.skipExtensions() }
        self.sequence = sequence
        self.visibleAt = visibleAt
        self.code = code
        self.bytes = bytes
        fact = cursor
    }
}

extension ByteCursor {
    fileprivate mutating func skipExtensions() {
        for _ in 0..<count() {
            _ = text()
            skipJSON()
        }
    }

    private mutating func skipJSON() {
        switch ValueCode(rawValue: byte()) {
        case .null, .no, .yes: break
        case .text, .number: _ = text()
        case .list: for _ in 0..<count() { skipJSON() }
        case .object:
            for _ in 0..<count() {
                _ = text()
                skipJSON()
            }
        case .instant, .birthday, nil: preconditionFailure("an extension has a value that no event has")
        }
    }
}
