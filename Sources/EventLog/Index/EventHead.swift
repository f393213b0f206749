internal import SegmentModel

/// The first fields of an event's binary form, read where they lie: what the index needs of an event.
struct EventHead {
    let source: UnsafeRawBufferPointer
    let id: UnsafeRawBufferPointer
    /// Whether it is a `contact.changed`, the only type that gives values to custom fields.
    let isContactChange: Bool
    /// Whether it is an `integration.connected` or `.disconnected`.
    let isIntegration: Bool
    /// Whether it is a `contact.erased` that is to be worked off, which names the contact and no stand-in.
    var isErasure: Bool { code == .contactErased && !isErased }
    /// Whether it stands in the place of an event of an erased contact.
    var isErased: Bool { ErasedEvent.isMarked(id) }
    private let event: UnsafeRawBufferPointer
    /// Where the fields after the id begin.
    private let end: Int

    /// Nil if the bytes end before the fields do. Identifiers are at most 200 bytes, so their lengths take two at most.
    init?(_ event: UnsafeRawBufferPointer) {
        var offset = Self.prefixSize
        guard let source = Self.text(in: event, at: &offset), let id = Self.text(in: event, at: &offset) else {
            return nil
        }
        self.source = source
        self.id = id
        let code = EventCode(rawValue: event[Self.codeOffset])
        isContactChange = code == .contactChanged
        isIntegration = code == .integrationConnected || code == .integrationDisconnected
        self.event = event
        end = offset
    }

    /// What type it is of.
    var code: EventCode? { EventCode(rawValue: event[Self.codeOffset]) }

    /// When the source says that it happened.
    var time: Instant? {
        guard event[Self.bitsOffset] & EventFormat.hasTime != 0 else { return nil }
        return Instant(microseconds: Self.zigzag(in: event, at: end))
    }

    /// Version, presence bits, code of the type.
    private static let prefixSize = 3
    private static let bitsOffset = 1
    private static let codeOffset = 2

    private static func text(in bytes: UnsafeRawBufferPointer, at offset: inout Int) -> UnsafeRawBufferPointer? {
        guard offset < bytes.count else { return nil }
        var size = Int(bytes[offset] & 0x7F)
        if bytes[offset] >= 0x80 {
            offset += 1
            guard offset < bytes.count, bytes[offset] < 0x80 else { return nil }
            size |= Int(bytes[offset]) << 7
        }
        offset += 1
        guard size <= bytes.count - offset else { return nil }
        defer { offset += size }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)])
    }

    private static func zigzag(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes[offset...] {
            value |= UInt64(byte & 0x7F) << shift
            guard byte >= 0x80 else { break }
            shift += 7
        }
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
