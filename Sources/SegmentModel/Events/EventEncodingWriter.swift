/// Writes the elements of the encoded form, one after the other: varints, texts, optional parts.
///
/// Its memory grows to the largest event and is kept for the next one. Admission writes with it what it has just read, for
/// each value of each event that comes in: hence memory of its own, and not an array.
package struct EventWriter: ~Copyable {
    @usableFromInline var memory: UnsafeMutableRawBufferPointer
    /// Bytes written.
    @usableFromInline package var size = 0

    package init() {
        memory = .allocate(byteCount: 1_024, alignment: 1)
    }

    deinit {
        memory.deallocate()
    }

    /// What was written; valid until more is.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[..<size])
    }

    /// Forgets what was written.
    package mutating func removeAll() {
        size = 0
    }

    /// Makes sure that so many bytes more fit.
    @inlinable @inline(__always) mutating func reserve(_ more: Int) {
        if memory.count - size < more { grow(by: more) }
    }

    @inline(never) @usableFromInline mutating func grow(by more: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * memory.count + more, alignment: 1)
        larger.copyMemory(from: bytes)
        memory.deallocate()
        memory = larger
    }

    @inlinable @inline(__always) package mutating func byte(_ byte: UInt8) {
        reserve(1)
        memory[size] = byte
        size += 1
    }

    /// Sets flags in a byte that was written before what they stand for was known.
    @inlinable package mutating func set(_ flags: UInt8, at position: Int) {
        precondition(position < size, "flags stand in a byte that was written")
        memory[position] |= flags
    }

    /// Seven bits to a byte, lowest first; the top bit says that more follow.
    @inlinable package mutating func varint(_ value: UInt64) {
        reserve(10)
        var rest = value
        while rest >= 0x80 {
            memory[size] = UInt8(truncatingIfNeeded: rest) | 0x80
            size += 1
            rest >>= 7
        }
        memory[size] = UInt8(truncatingIfNeeded: rest)
        size += 1
    }

    /// Small magnitudes of either sign become small varints: 0, -1, 1, -2 are 0, 1, 2, 3.
    @inlinable package mutating func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    package mutating func zigzag(_ value: Int128) {
        reserve(19)
        var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
        while rest >= 0x80 {
            memory[size] = UInt8(truncatingIfNeeded: rest) | 0x80
            size += 1
            rest >>= 7
        }
        memory[size] = UInt8(truncatingIfNeeded: rest)
        size += 1
    }

    @inlinable package mutating func count(_ count: Int) {
        varint(UInt64(count))
    }

    /// A text of which the bytes are known to be UTF-8.
    @inlinable package mutating func text(_ utf8: UnsafeRawBufferPointer) {
        count(utf8.count)
        reserve(utf8.count)
        UnsafeMutableRawBufferPointer(rebasing: memory[size...]).copyMemory(from: utf8)
        size += utf8.count
    }

    package mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { self.text(UnsafeRawBufferPointer($0)) }
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

    @inlinable package mutating func amount(_ amount: Amount) {
        zigzag(amount.tenThousandths)
    }

    package mutating func number(_ number: Number) {
        zigzag(number.billionths)
    }

    @inlinable package mutating func instant(_ instant: Instant) {
        zigzag(instant.microseconds)
    }

    @inlinable package mutating func value(_ code: ValueCode) {
        byte(code.rawValue)
    }

    @inlinable package mutating func boolean(_ boolean: Bool) {
        value(boolean ? .yes : .no)
    }

    package mutating func json(_ json: JSONValue) {
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

extension EventWriter {
    /// Moves what was written from `tail` on to a place before it.
    package mutating func move(from tail: Int, to place: Int) {
        let moved = [UInt8](bytes[tail...])
        let behind = [UInt8](bytes[place..<tail])
        size = place
        append(moved)
        append(behind)
    }

    private mutating func append(_ bytes: [UInt8]) {
        for byte in bytes { self.byte(byte) }
    }
}

/// Bits for the optional parts that are there.
func presence(_ parts: (Bool, UInt8)...) -> UInt8 {
    parts.reduce(0) { $1.0 ? $0 | $1.1 : $0 }
}
