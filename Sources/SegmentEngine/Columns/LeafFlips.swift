/// The toggles of a batch: (leaf, contact) pairs whose truth changed, in any order.
///
/// Keeps its memory from batch to batch. A pair that is added twice is no change at all.
struct LeafFlips: Sendable {
    // Leaf in the upper half, ordinal in the lower.
    private var keys: [UInt64] = []
    private var scratch: [UInt64] = []

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

    /// Puts the toggles in the order of leaf and contact.
    mutating func sort() {
        RadixSort.sort(&keys, scratch: &scratch)
    }

    /// Where the toggles of a leaf and those after it begin; for sorted ones.
    func place(of leaf: LeafID) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] >> 32 < UInt64(leaf.rawValue) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The leaf of the toggle at a place.
    func leaf(at place: Int) -> LeafID { LeafID(rawValue: UInt32(keys[place] >> 32)) }

    /// Hands out each leaf of some sorted toggles once, in ascending order, with its contacts in ascending order.
    func forEachLeaf(in places: Range<Int>, _ body: (LeafID, Span<Ordinal>) -> Void) {
        var ordinals: [Ordinal] = []
        ordinals.reserveCapacity(places.count)
        for place in places { ordinals.append(Ordinal(truncatingIfNeeded: keys[place])) }
        var lower = places.lowerBound
        while lower < places.upperBound {
            let leaf = keys[lower] >> 32
            var upper = lower + 1
            while upper < places.upperBound, keys[upper] >> 32 == leaf { upper += 1 }
            let (first, end) = (lower - places.lowerBound, upper - places.lowerBound)
            body(LeafID(rawValue: UInt32(leaf)), ordinals.span.extracting(first..<end))
            lower = upper
        }
    }
}
