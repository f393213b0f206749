/// The keys of the table `ids`: source and id, exactly, so that no two events share one, in few bytes.
///
/// ```
/// source  its number in the table `sources` as a varint, or 0, its length in one byte, and its bytes
/// id      one byte of kind and length:
///           0 … 200    that many bytes follow: the id
///           201 … 208  1 … 8 bytes follow, big-endian: a number; the id is its decimal digits
///           216        16 bytes follow: a UUID; the id is its text in lower case
/// ```
///
/// Lengths come before bytes, so that numbered ids of a source stand in the order of their numbers, with the same text
/// around the digits or none: a source that counts always inserts at one place, and leaves full pages behind it.
enum IndexKey {
    /// At most this many bytes.
    static let sizeMax = 1 + 1 + 200 + 1 + 200

    private static let numberKind: UInt8 = 200
    private static let uuidKind: UInt8 = 216
    private static let uuidTextSize = 36
    /// Numbers of more digits might not fit 64 bits.
    private static let digitsMax = 19

    /// Appends the key of an event.
    ///
    /// - Parameter numbers: those of the sources that have one.
    static func append(_ event: EventHead, numbers: [[UInt8]: UInt16], to key: inout [UInt8]) {
        guard !event.isErased else { return append(erased: event.id, to: &key) }
        append(source: event.source, number: numbers[[UInt8](event.source)], to: &key)
        append(id: event.id, to: &key)
    }

    /// Appends a source, by its number if it has one.
    static func append(source: UnsafeRawBufferPointer, number: UInt16?, to key: inout [UInt8]) {
        guard let number else {
            key.append(0)
            key.append(UInt8(truncatingIfNeeded: source.count))
            key.append(contentsOf: source)
            return
        }
        if number < 0x80 {
            key.append(UInt8(number))
        } else {
            key.append(UInt8(truncatingIfNeeded: number) | 0x80)
            key.append(UInt8(truncatingIfNeeded: number >> 7))
        }
    }

    /// Appends the key of an event of an erased contact, whose id is a digest: its source is nobody's.
    static func append(erased id: UnsafeRawBufferPointer, to key: inout [UInt8]) {
        key.append(contentsOf: erasedPrefix)
        append(id: id, to: &key)
    }

    /// What the keys of all events of erased contacts begin with: a source spelled out, of no bytes.
    static let erasedPrefix: [UInt8] = [0, 0]

    /// Appends an id in the shortest of its forms.
    static func append(id: UnsafeRawBufferPointer, to key: inout [UInt8]) {
        if let number = decimal(id) {
            let size = max(1, 8 - number.leadingZeroBitCount / 8)
            key.append(numberKind + UInt8(size))
            withUnsafeBytes(of: number.bigEndian) { key.append(contentsOf: $0.suffix(size)) }
        } else if let uuid = uuid(id) {
            key.append(uuidKind)
            withUnsafeBytes(of: uuid.bigEndian) { key.append(contentsOf: $0) }
        } else {
            key.append(UInt8(truncatingIfNeeded: id.count))
            key.append(contentsOf: id)
        }
    }

    /// The number whose shortest decimal text this is.
    private static func decimal(_ text: UnsafeRawBufferPointer) -> UInt64? {
        guard let first = text.first, text.count <= digitsMax, first != zero || text.count == 1 else { return nil }
        var number: UInt64 = 0
        for byte in text {
            guard byte >= zero, byte <= nine else { return nil }
            number = number * 10 + UInt64(byte - zero)
        }
        return number
    }

    /// The UUID whose text in lower case this is.
    private static func uuid(_ text: UnsafeRawBufferPointer) -> UInt128? {
        guard text.count == uuidTextSize else { return nil }
        var number: UInt128 = 0
        for (offset, byte) in text.enumerated() {
            switch (offset, byte) {
            case (8, _), (13, _), (18, _), (23, _):
                guard byte == UInt8(ascii: "-") else { return nil }
            case (_, zero...nine): number = number << 4 | UInt128(byte - zero)
            case (_, UInt8(ascii: "a")...UInt8(ascii: "f")):
                number = number << 4 | UInt128(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static let zero = UInt8(ascii: "0")
    private static let nine = UInt8(ascii: "9")
}
