/// Reads the elements of records and of stored events: varints, texts, times.
///
/// Both were written by this program and their checksums have been compared, so that a form that cannot be read is a
/// defect: it stops the program before anything wrong is told. Every read is checked against the end of the bytes.
struct ByteCursor {
    private let base: UnsafeRawPointer
    /// Bytes from the start.
    private(set) var offset: Int
    let end: Int

    /// A cursor at the start of the bytes, which must not be empty.
    init(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { preconditionFailure("a record is never empty") }
        self.base = base
        offset = 0
        end = bytes.count
    }

    var isAtEnd: Bool { offset == end }

    @inline(__always)
    mutating func byte() -> UInt8 {
        precondition(offset < end, "a record ends early")
        defer { offset &+= 1 }
        return base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// Most numbers are of one byte, and how many others take can mostly be foreseen: so the processor reads ahead past
    /// these jumps, as it could not if lengths were worked out.
    @inline(__always)
    mutating func varint() -> UInt64 {
        let first = byte()
        if first < 0x80 { return UInt64(first) }
        let second = byte()
        let low = UInt64(first & 0x7F) | UInt64(second & 0x7F) &<< 7
        if second < 0x80 { return low }
        return longVarint(low)
    }

    /// The rest of a varint of more than two bytes.
    private mutating func longVarint(_ low: UInt64) -> UInt64 {
        var value = low
        var shift: UInt64 = 14
        var byte: UInt8
        repeat {
            byte = self.byte()
            value |= UInt64(byte & 0x7F) &<< shift
            shift &+= 7
        } while byte >= 0x80
        return value
    }

    /// Moves past a varint.
    @inline(__always)
    mutating func skipVarint() {
        while byte() >= 0x80 {}
    }

    @inline(__always)
    mutating func count() -> Int { Int(varint()) }

    @inline(__always)
    mutating func symbol() -> Symbol { Symbol(rawValue: UInt32(truncatingIfNeeded: varint())) }

    @inline(__always)
    mutating func zigzag() -> Int64 {
        let value = varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func wideZigzag() -> Int128 {
        var value: UInt128 = 0
        var shift: UInt128 = 0
        var byte: UInt8
        repeat {
            byte = self.byte()
            value |= UInt128(byte & 0x7F) << shift
            shift += 7
        } while byte >= 0x80
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    /// The offsets of a text whose length comes first.
    @inline(__always)
    mutating func text() -> Range<Int> {
        let length = count()
        return skip(length)
    }

    /// Moves on by so many bytes and says which.
    @discardableResult
    @inline(__always)
    mutating func skip(_ length: Int) -> Range<Int> {
        precondition(length <= end - offset, "a record ends early")
        defer { offset &+= length }
        return offset..<offset + length
    }

    /// Moves to an offset that was reached before.
    mutating func seek(_ offset: Int) {
        precondition(offset <= end, "a record ends early")
        self.offset = offset
    }
}

extension UnsafeRawBufferPointer {
    /// The bytes of a range without a copy.
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range])
    }

    /// The text of a range.
    func string(_ range: Range<Int>) -> String {
        String(decoding: slice(range), as: UTF8.self)
    }
}
