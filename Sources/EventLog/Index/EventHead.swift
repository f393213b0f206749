internal import SegmentModel

/// The first fields of an event's binary form, read where they lie: what the index needs of an event.
struct EventHead {
    let source: UnsafeRawBufferPointer
    let id: UnsafeRawBufferPointer
    /// Whether it is a `contact.changed`, the only type that gives values to custom fields.
    let isContactChange: Bool

    /// Nil if the bytes end before the fields do. Identifiers are at most 200 bytes, so their lengths take two at most.
    init?(_ event: UnsafeRawBufferPointer) {
        var offset = Self.prefixSize
        guard let source = Self.text(in: event, at: &offset), let id = Self.text(in: event, at: &offset) else {
            return nil
        }
        self.source = source
        self.id = id
        isContactChange = event[Self.codeOffset] == EventCode.contactChanged.rawValue
    }

    /// Version, presence bits, code of the type.
    private static let prefixSize = 3
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
}
