/// Why bytes are not the binary form of an event.
public struct EventDecodingError: Error, Equatable, Sendable {
    /// Where, in bytes from the start of the form.
    public var offset: Int
    public var reason: Reason

    public init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }

    /// What is wrong there.
    public enum Reason: String, Sendable {
        case unknownVersion = "the version of the format is not known"
        case unknownCode = "a code of the format is not known"
        case cutOff = "the bytes end inside the event"
        case trailingBytes = "there are bytes after the event"
        case malformedVarint = "a variable-length number is too long or not in its shortest form"
        case malformedText = "a text is not UTF-8"
        case malformedNumber = "a number is not written as JSON writes one"
        case outOfRange = "a value is out of its range"
        case notCanonical = "parts of the event are repeated or out of order"
        case tooDeep = "a value is nested too deeply"
    }
}

extension EventDecodingError: CustomStringConvertible {
    public var description: String { "not a stored event, at byte \(offset): \(reason.rawValue)" }
}

/// Reads the elements of the encoded form; every read is checked against the end of the bytes.
struct EventReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    func failure(_ reason: EventDecodingError.Reason) -> EventDecodingError {
        EventDecodingError(offset: offset, reason: reason)
    }

    mutating func byte() throws(EventDecodingError) -> UInt8 {
        guard offset < bytes.count else { throw failure(.cutOff) }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Presence bits; bits that mean nothing yet are refused, so that a later format can give them a meaning.
    mutating func bits(_ known: UInt8...) throws(EventDecodingError) -> UInt8 {
        let bits = try byte()
        guard bits & ~known.reduce(0, |) == 0 else { throw failure(.unknownCode) }
        return bits
    }

    mutating func varint() throws(EventDecodingError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            let part = UInt64(byte & 0x7F)
            // The tenth byte holds one bit; a last byte of zero could have been left out.
            guard shift < 63 || (shift == 63 && part <= 1) else { throw failure(.malformedVarint) }
            guard byte != 0 || shift == 0 else { throw failure(.malformedVarint) }
            value |= part << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    mutating func zigzag() throws(EventDecodingError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func wideZigzag() throws(EventDecodingError) -> Int128 {
        var value: UInt128 = 0
        var shift: UInt128 = 0
        while true {
            let byte = try byte()
            let part = UInt128(byte & 0x7F)
            guard shift < 126 || (shift == 126 && part <= 3) else { throw failure(.malformedVarint) }
            guard byte != 0 || shift == 0 else { throw failure(.malformedVarint) }
            value |= part << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    /// How many elements follow. Each takes at least one byte, so a count beyond the bytes left is a lie.
    mutating func count() throws(EventDecodingError) -> Int {
        let count = try varint()
        guard count <= UInt64(bytes.count - offset) else { throw failure(.cutOff) }
        return Int(count)
    }

    mutating func text() throws(EventDecodingError) -> String {
        let start = self
        let slice = try textBytes()
        guard let text = slice.withMemoryRebound(to: UInt8.self, { String(validating: $0, as: UTF8.self) }) else {
            throw start.failure(.malformedText)
        }
        return text
    }

    /// The bytes of a text, which are not checked.
    mutating func textBytes() throws(EventDecodingError) -> UnsafeRawBufferPointer {
        let length = try count()
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    }

    mutating func text(if isPresent: Bool) throws(EventDecodingError) -> String? {
        isPresent ? try text() : nil
    }

    mutating func identifier() throws(EventDecodingError) -> Identifier {
        Identifier(try text())
    }

    mutating func identifier(if isPresent: Bool) throws(EventDecodingError) -> Identifier? {
        isPresent ? Identifier(try text()) : nil
    }

    mutating func texts() throws(EventDecodingError) -> [String] {
        try list { (reader) throws(EventDecodingError) in try reader.text() }
    }

    /// Elements one after the other. Room is not reserved: a hostile count costs nothing.
    mutating func list<Element>(
        _ element: (inout EventReader) throws(EventDecodingError) -> Element
    ) throws(EventDecodingError) -> [Element] {
        let count = try count()
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    mutating func amount() throws(EventDecodingError) -> Amount {
        let amount = Amount(tenThousandths: try zigzag())
        let max = Amount.magnitudeMax.tenThousandths
        guard (-max...max).contains(amount.tenThousandths) else { throw failure(.outOfRange) }
        return amount
    }

    mutating func number() throws(EventDecodingError) -> Number {
        let number = Number(billionths: try wideZigzag())
        guard number.billionths.magnitude < 1_000_000_000_000_000_000_000_000_000 else { throw failure(.outOfRange) }
        return number
    }

    mutating func instant() throws(EventDecodingError) -> Instant {
        let instant = Instant(microseconds: try zigzag())
        guard instant >= .earliest, instant <= .latest else { throw failure(.outOfRange) }
        return instant
    }

    mutating func instant(if isPresent: Bool) throws(EventDecodingError) -> Instant? {
        isPresent ? try instant() : nil
    }

    mutating func value() throws(EventDecodingError) -> ValueCode {
        guard let code = ValueCode(rawValue: try byte()) else { throw failure(.unknownCode) }
        return code
    }

    mutating func json(depth: Int = 0) throws(EventDecodingError) -> JSONValue {
        guard depth <= EventFormat.depthMax else { throw failure(.tooDeep) }
        switch try value() {
        case .null: return .null
        case .no: return .bool(false)
        case .yes: return .bool(true)
        case .text: return .string(try text())
        case .number:
            let spelling = try text()
            guard JSONNumber.isSpelling(spelling) else { throw failure(.malformedNumber) }
            return .number(spelling)
        case .list:
            return .array(
                try list { (reader) throws(EventDecodingError) in try reader.json(depth: depth + 1) })
        case .object:
            return .object(
                try list { (reader) throws(EventDecodingError) in
                    JSONValue.Member(try reader.text(), try reader.json(depth: depth + 1))
                })
        case .instant, .birthday: throw failure(.unknownCode)
        }
    }
}

/// The grammar of JSON numbers (RFC 8259, section 6).
enum JSONNumber {
    static func isSpelling(_ text: String) -> Bool {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        if rest.first == UInt8(ascii: "0") {
            rest.removeFirst()
        } else if !skipDigits(&rest) {
            return false
        }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard skipDigits(&rest) else { return false }
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
            guard skipDigits(&rest) else { return false }
        }
        return rest.isEmpty
    }

    private static func skipDigits(_ rest: inout Substring.UTF8View) -> Bool {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        rest = rest[digits.endIndex...]
        return !digits.isEmpty
    }
}
