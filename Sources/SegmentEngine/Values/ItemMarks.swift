/// A mark for each item of a table: whether it has passed all filters so far. Memory used again and again.
struct ItemMarks: BitwiseCopyable {
    private var memory = ScratchTable<UInt8>(capacity: 1 << 16)
    private(set) var count = 0

    /// A byte for each item, 1 or 0.
    var start: UnsafeMutablePointer<UInt8> { memory.start }

    /// Marks so many items, or none of them.
    mutating func reset(count: Int, isMarked: Bool = true) {
        self.count = count
        memory.reserve(count + 8)
        start.update(repeating: isMarked ? 1 : 0, count: count)
        (start + count).update(repeating: 0, count: 8)
    }

    /// Calls the body with every item that is marked.
    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        // Eight at a time: often they are all marked, or hardly any is.
        for first in stride(from: 0, to: count, by: 8) {
            var rest = eight(from: first)
            if rest == Self.allMarked {
                for item in first..<first &+ 8 { body(item) }
                continue
            }
            while rest != 0 {
                body(first &+ rest.trailingZeroBitCount &>> 3)
                rest &= rest &- 1
            }
        }
    }

    /// Writes the marks as bits, 1,024 words; there are no more of them.
    func write(to words: UnsafeMutablePointer<UInt64>) {
        words.update(repeating: 0, count: ColumnChunk.wordCount)
        for first in stride(from: 0, to: count, by: 8) {
            // Moves bit 8n to bit 56 + n: no two of the products' bits meet.
            let bits = (eight(from: first) &* 0x0102_0408_1020_4080) &>> 56
            words[first &>> 6] |= bits &<< UInt64(first & 63)
        }
    }

    @inline(__always)
    private func eight(from first: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: first, as: UInt64.self))
    }

    private static let allMarked: UInt64 = 0x0101_0101_0101_0101

    func deallocate() { memory.deallocate() }
}
