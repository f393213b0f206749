/// Walks over JSON text (RFC 8259) without making values of it: finds where it is wrong, and where its parts lie.
struct JSONScanner {
    /// What is wrong, and at which byte.
    struct Fault: Error, Equatable {
        let offset: Int
        let reason: String
    }

    /// One part of a list or an object: an element, or a member with its key as it is written.
    struct Part: Equatable {
        let key: Range<Int>?
        let value: Range<Int>
    }

    private static let depthMax = 128
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The parts of the one value the text consists of; none for a scalar.
    mutating func document() throws(Fault) -> [Part] {
        skipBlanks()
        let parts = try value()
        skipBlanks()
        guard position == bytes.count else { throw fault("something follows the value") }
        return parts
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ reason: String) -> Fault {
        Fault(offset: position, reason: reason)
    }

    private mutating func skipBlanks() {
        while let byte = current, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(Fault) -> [Part] {
        switch current {
        case UInt8(ascii: "{"): return try parts(until: UInt8(ascii: "}"), hasKeys: true)
        case UInt8(ascii: "["): return try parts(until: UInt8(ascii: "]"), hasKeys: false)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case nil: throw fault("a value is missing: the text ends")
        case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte): try number()
        default: throw fault("a value is expected")
        }
        return []
    }

    private mutating func parts(until end: UInt8, hasKeys: Bool) throws(Fault) -> [Part] {
        guard depth < Self.depthMax else { throw fault("it is nested deeper than \(Self.depthMax) levels") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        skipBlanks()
        var parts: [Part] = []
        if take(end) { return parts }
        while true {
            let key = hasKeys ? try key() : nil
            let start = position
            _ = try value()
            parts.append(Part(key: key, value: start..<position))
            skipBlanks()
            if take(end) { return parts }
            guard take(UInt8(ascii: ",")) else {
                throw fault("“,” or “\(Unicode.Scalar(end))” is expected")
            }
            skipBlanks()
        }
    }

    private mutating func key() throws(Fault) -> Range<Int> {
        guard current == UInt8(ascii: "\"") else { throw fault("a key in quotes is expected") }
        let start = position
        try string()
        let end = position
        skipBlanks()
        guard take(UInt8(ascii: ":")) else { throw fault("“:” is expected after the key") }
        skipBlanks()
        return start..<end
    }

    private mutating func string() throws(Fault) {
        let start = position
        position += 1
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard String(validating: bytes[start..<position], as: UTF8.self) != nil else {
                    throw Fault(offset: start, reason: "this text is not UTF-8")
                }
                return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw fault("a control character in a text must be written as an escape")
            default: position += 1
            }
        }
        throw Fault(offset: start, reason: "this text has no closing quote")
    }

    private mutating func escape() throws(Fault) {
        position += 1
        guard let byte = current, Array("\"\\/bfnrtu".utf8).contains(byte) else {
            throw fault("this is no escape that JSON knows")
        }
        position += 1
        guard byte == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard let digit = current, Character(Unicode.Scalar(digit)).isHexDigit else {
                throw fault("four hexadecimal digits are expected after \\u")
            }
            position += 1
        }
    }

    private mutating func number() throws(Fault) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = current, Self.digits.contains(byte) { position += 1 }
        guard position > start else { throw fault("a digit is expected") }
    }

    private mutating func word(_ word: String) throws(Fault) {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("a value is expected") }
        position += word.utf8.count
    }
}
