/// The toggles of a batch: (leaf, contact) pairs whose truth changed, in any order.
///
/// Keeps its memory from batch to batch. A pair that is added twice is no change at all.
struct LeafFlips: Sendable {
    // Leaf in the upper half, ordinal in the lower.
    private var keys: [UInt64] = []
    private var scratch: [UInt64] = []
    private var ordinals: [Ordinal] = []

    /// The number of toggles added.
    var count: Int { keys.count }

    var isEmpty: Bool { keys.isEmpty }

    mutating func append(leaf: LeafID, ordinal: Ordinal) {
        keys.append(UInt64(leaf.rawValue) << 32 | UInt64(ordinal))
    }

    /// Makes room for so many toggles.
    mutating func reserve(_ count: Int) {
        keys.reserveCapacity(count)
    }

    /// Forgets the toggles and keeps the memory.
    mutating func removeAll() {
        keys.removeAll(keepingCapacity: true)
    }

    /// Hands out each leaf once, in ascending order, with its contacts in ascending order.
    mutating func forEachLeaf(_ body: (LeafID, Span<Ordinal>) -> Void) {
        RadixSort.sort(&keys, scratch: &scratch)
        ordinals.removeAll(keepingCapacity: true)
        for key in keys { ordinals.append(Ordinal(truncatingIfNeeded: key)) }
        var lower = 0
        while lower < keys.count {
            let leaf = keys[lower] >> 32
            var upper = lower + 1
            while upper < keys.count, keys[upper] >> 32 == leaf { upper += 1 }
            body(LeafID(rawValue: UInt32(leaf)), ordinals.span.extracting(lower..<upper))
            lower = upper
        }
    }
}
