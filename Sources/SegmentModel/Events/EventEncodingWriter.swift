/// Appends the elements of the encoded form: varints, texts, optional parts.
struct EventWriter {
    var bytes: [UInt8]

    /// Seven bits to a byte, lowest first; the top bit says that more follow.
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small magnitudes of either sign become small varints: 0, -1, 1, -2 are 0, 1, 2, 3.
    mutating func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    mutating func zigzag(_ value: Int128) {
        var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func count(_ count: Int) {
        varint(UInt64(count))
    }

    mutating func byte(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func text(_ text: String) {
        count(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func text(_ text: String?) {
        if let text { self.text(text) }
    }

    mutating func identifier(_ identifier: Identifier) {
        text(identifier.text)
    }

    mutating func identifier(_ identifier: Identifier?) {
        if let identifier { text(identifier.text) }
    }

    mutating func texts(_ texts: [String]) {
        count(texts.count)
        for text in texts { self.text(text) }
    }

    mutating func amount(_ amount: Amount) {
        zigzag(amount.tenThousandths)
    }

    mutating func instant(_ instant: Instant) {
        zigzag(instant.microseconds)
    }

    mutating func value(_ code: ValueCode) {
        byte(code.rawValue)
    }

    mutating func boolean(_ boolean: Bool) {
        value(boolean ? .yes : .no)
    }

    mutating func json(_ json: JSONValue) {
        switch json {
        case .null: value(.null)
        case .bool(let boolean): self.boolean(boolean)
        case .number(let spelling):
            value(.number)
            text(spelling)
        case .string(let string):
            value(.text)
            text(string)
        case .array(let elements):
            value(.list)
            count(elements.count)
            for element in elements { self.json(element) }
        case .object(let members):
            value(.object)
            count(members.count)
            for member in members {
                text(member.key)
                self.json(member.value)
            }
        }
    }
}

/// Bits for the optional parts that are there.
func presence(_ parts: (Bool, UInt8)...) -> UInt8 {
    parts.reduce(0) { $1.0 ? $0 | $1.1 : $0 }
}
