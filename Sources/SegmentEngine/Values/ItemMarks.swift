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
        // Eight at a time: often hardly any are left.
        for first in stride(from: 0, to: count, by: 8) {
            var rest = UInt64(
                littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: first, as: UInt64.self))
            while rest != 0 {
                body(first &+ rest.trailingZeroBitCount &>> 3)
                rest &= rest &- 1
            }
        }
    }

    func deallocate() { memory.deallocate() }
}
