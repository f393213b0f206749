/// Walks over bytes of ASCII without allocating: what the text forms of dates, instants and periods are read with.
struct TextScanner {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The byte under the scanner, or nil at the end.
    var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    /// Steps over bytes that were looked at without the scanner; there are so many.
    mutating func skip(_ count: Int) {
        position += count
    }

    /// Steps over the byte if it is the one asked for.
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Steps over one digit.
    mutating func digit() -> Int? {
        guard position < bytes.count else { return nil }
        let value = Int(bytes[position]) - 0x30
        guard value >= 0, value <= 9 else { return nil }
        position += 1
        return value
    }

    /// Steps over exactly that many digits.
    mutating func number(digits count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Steps over one or more digits; nil if there is none, or more than the bound.
    mutating func number(digitsMax: Int) -> Int? {
        guard var value = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            count += 1
            guard count <= digitsMax else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}

extension UInt8 {
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let dot = UInt8(ascii: ".")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let slash = UInt8(ascii: "/")
}
