/// The leaf truths of up to 512 lanes, before and after what happened in each: the input of `TileEvaluator`.
///
/// A lane is one step of one contact (an event or a wake); several lanes of a contact stand in time order. Per leaf there
/// are eight pairs of words, the old truths of 64 lanes and then the new ones; before the leaves stands which lanes'
/// contacts exist. Invariant: what was not set is zero.
///
/// Unchecked because it is plain memory: one thread fills and clears it, and others only read it in between, which the
/// one who hands it to them has to order.
final class Tile: @unchecked Sendable {
    /// Lanes in a tile.
    static let laneCountMax = 512
    /// From one leaf to the next.
    static let strideBytes = 128

    /// Lanes from here on are not set.
    private(set) var laneCount = 0
    /// Every leaf's number is below.
    private(set) var leafIDLimit: Int
    private var memory: LaneMemory
    private var isTouched: [Bool]
    private var touched: [UInt32] = []

    /// An empty tile for leaves numbered below the limit. Memory: 128 bytes per leaf.
    init(leafIDLimit: Int) {
        self.leafIDLimit = leafIDLimit
        memory = LaneMemory(byteCount: (leafIDLimit + 1) * Tile.strideBytes)
        isTouched = [Bool](repeating: false, count: leafIDLimit)
    }

    /// Makes room for more leaves; an empty tile stays empty, a filled one must be cleared before.
    func reserve(leafIDLimit limit: Int) {
        precondition(laneCount == 0, "a tile grows while it is empty")
        guard limit > leafIDLimit else { return }
        leafIDLimit = limit
        memory = LaneMemory(byteCount: (limit + 1) * Tile.strideBytes)
        isTouched = [Bool](repeating: false, count: limit)
    }

    /// Sets a lane: the numbers of all leaves that were true and that are, each in any order; nil where the contact
    /// did not exist, or does not any more. A lane is set once. Cost: a few nanoseconds per true leaf.
    func set(lane: Int, old: UnsafeBufferPointer<UInt32>?, new: UnsafeBufferPointer<UInt32>?) {
        precondition(lane >= 0 && lane < Tile.laneCountMax, "a tile has \(Tile.laneCountMax) lanes")
        laneCount = max(laneCount, lane + 1)
        let word = lane &>> 6 &* 2
        let bit: UInt64 = 1 &<< UInt64(lane & 63)
        if let old { set(old, word: word, bit: bit) }
        if let new { set(new, word: word &+ 1, bit: bit) }
    }

    /// The same from arrays, as `TruthEvaluator` fills them.
    func set(lane: Int, old: [UInt32]?, new: [UInt32]?) {
        let empty = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
        (old ?? []).withUnsafeBufferPointer { oldLeaves in
            (new ?? []).withUnsafeBufferPointer { newLeaves in
                set(
                    lane: lane, old: old == nil ? nil : oldLeaves.isEmpty ? empty : oldLeaves,
                    new: new == nil ? nil : newLeaves.isEmpty ? empty : newLeaves)
            }
        }
    }

    /// The same from leaves.
    func set(lane: Int, old: [LeafID]?, new: [LeafID]?) {
        set(lane: lane, old: old?.map(\.rawValue), new: new?.map(\.rawValue))
    }

    /// Forgets all lanes. Cost: the leaves that were true in some lane.
    func clear() {
        let words = memory.pointer(to: UInt64.self)
        words.update(repeating: 0, count: Tile.strideWords)
        for leaf in touched {
            (words + (Int(leaf) &+ 1) &* Tile.strideWords).update(repeating: 0, count: Tile.strideWords)
            isTouched[Int(leaf)] = false
        }
        touched.removeAll(keepingCapacity: true)
        laneCount = 0
    }

    /// Which contacts existed and exist, as a block like those of leaves.
    var existence: UnsafeRawPointer { UnsafeRawPointer(memory.pointer(to: UInt64.self)) }

    /// The block of leaf 0, `strideBytes` before that of leaf 1.
    var leaves: UnsafeRawPointer { existence + Tile.strideBytes }

    private static let strideWords = strideBytes / MemoryLayout<UInt64>.size

    private func set(_ leaves: UnsafeBufferPointer<UInt32>, word: Int, bit: UInt64) {
        let words = memory.pointer(to: UInt64.self)
        words[word] |= bit
        for leaf in leaves {
            precondition(Int(leaf) < leafIDLimit, "a leaf the tile has no room for")
            words[(Int(leaf) &+ 1) &* Tile.strideWords &+ word] |= bit
            if !isTouched[Int(leaf)] {
                isTouched[Int(leaf)] = true
                touched.append(leaf)
            }
        }
    }
}
