public import SegmentModel

/// Reads one JSON document (RFC 8259) with its numbers as they are spelt and its keys in their order.
///
/// Refused: what is not JSON, repeated keys, more than `depthMax` levels. Cost: one pass, and a copy of every text.
public struct JSONReader {
    /// What is wrong, and at which byte.
    public struct Failure: Error, Equatable, Sendable {
        public let offset: Int
        public let reason: String
    }

    static let depthMax = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The value that the text is.
    public static func read(_ bytes: some Collection<UInt8>) throws(Failure) -> JSONValue {
        let copy = Array(bytes)
        let outcome: Result<JSONValue, Failure> = copy.withUnsafeBufferPointer { bytes in
            do throws(Failure) {
                var reader = JSONReader(bytes)
                return .success(try reader.document())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private mutating func document() throws(Failure) -> JSONValue {
        skipBlanks()
        let value = try value()
        skipBlanks()
        guard position == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ reason: String) -> Failure {
        Failure(offset: position, reason: current == nil ? "it ends in the middle" : reason)
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Failure) -> JSONValue {
        switch current {
        case UInt8(ascii: "{"): return try nested { (reader) throws(Failure) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(Failure) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(Failure) -> JSONValue
    ) throws(Failure) -> JSONValue {
        guard depth < Self.depthMax else { throw failure("it is nested more than \(Self.depthMax) levels deep") }
        depth += 1
        position += 1
        skipBlanks()
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func array() throws(Failure) -> JSONValue {
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw failure("“,” or “]” is expected") }
            skipBlanks()
        }
    }

    private mutating func object() throws(Failure) -> JSONValue {
        var members: [JSONValue.Member] = []
        var keys: Set<String> = []
        if take("}") { return .object(members) }
        while true {
            guard current == UInt8(ascii: "\"") else { throw failure("a key in quotes is expected") }
            let start = position
            let key = try string()
            guard keys.insert(key).inserted else {
                throw Failure(offset: start, reason: "the key “\(key)” stands there a second time")
            }
            skipBlanks()
            guard take(":") else { throw failure("“:” is expected after the key") }
            skipBlanks()
            members.append(JSONValue.Member(key, try value()))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("“,” or “}” is expected") }
            skipBlanks()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure("a value is expected") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(Failure) -> String {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(Failure) {
        let start = position
        while let byte = current, byte &- 0x30 <= 9 { position += 1 }
        guard position > start else { throw failure("a value is expected") }
    }
}

extension JSONReader {
    private mutating func string() throws(Failure) -> String {
        position += 1
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        let plain = try text(start..<position)
        guard current == UInt8(ascii: "\\") else { return try ended(plain) }
        return try ended(try escaped(after: plain))
    }

    /// Steps over the quote at the end.
    private mutating func ended(_ text: String) throws(Failure) -> String {
        guard take("\"") else { throw failure("a control character in a text must be written as an escape") }
        return text
    }

    private func text(_ range: Range<Int>) throws(Failure) -> String {
        guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
            throw Failure(offset: range.lowerBound, reason: "this text is not UTF-8")
        }
        return text
    }

    private mutating func escaped(after plain: String) throws(Failure) -> String {
        var text = plain
        while let byte = current, byte != UInt8(ascii: "\""), byte >= 0x20 {
            if byte == UInt8(ascii: "\\") {
                text.unicodeScalars.append(try escape())
            } else {
                let start = position
                while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                    position += 1
                }
                text += try self.text(start..<position)
            }
        }
        return text
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        position += 1
        let letter = current
        position += 1
        switch letter {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"): return try codePoint()
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter ?? 0)
        default: throw Failure(offset: position - 1, reason: "this is no escape that JSON knows")
        }
    }

    /// The scalar of `\uXXXX`, of two of them where they are a surrogate pair.
    private mutating func codePoint() throws(Failure) -> Unicode.Scalar {
        let start = position
        let high = try codeUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, take("\\"), take("u") else {
            throw Failure(offset: start, reason: "half a surrogate pair is no character")
        }
        let low = try codeUnit()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw Failure(offset: start, reason: "half a surrogate pair is no character") }
        return scalar
    }

    private mutating func codeUnit() throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits are expected after \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
