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
    let leafIDLimit: Int
    private let memory: LaneMemory
    private var isTouched: [Bool]
    private var touched: [UInt32] = []

    /// An empty tile for leaves numbered below the limit. Memory: 128 bytes per leaf.
    init(leafIDLimit: Int) {
        self.leafIDLimit = leafIDLimit
        memory = LaneMemory(byteCount: (leafIDLimit + 1) * Tile.strideBytes)
        isTouched = [Bool](repeating: false, count: leafIDLimit)
    }

    /// Begins a lane; one is begun once. Its leaves are those that `insert` is called with.
    ///
    /// - Parameters:
    ///   - existed: whether the contact existed before.
    ///   - exists: whether it does now.
    func begin(lane: Int, existed: Bool, exists: Bool) {
        precondition(lane >= 0 && lane < Tile.laneCountMax, "a tile has \(Tile.laneCountMax) lanes")
        laneCount = max(laneCount, lane + 1)
        let words = memory.pointer(to: UInt64.self) + Tile.word(of: lane)
        words[0] |= existed ? Tile.bit(of: lane) : 0
        words[1] |= exists ? Tile.bit(of: lane) : 0
    }

    /// Notes leaves that were true in the lane, that are, or both. Cost: a few nanoseconds each.
    func insert(_ leaves: UnsafeBufferPointer<UInt32>, lane: Int, before: Bool, after: Bool) {
        let words = memory.pointer(to: UInt64.self) + Tile.word(of: lane)
        let (old, new) = (before ? Tile.bit(of: lane) : 0, after ? Tile.bit(of: lane) : 0)
        for leaf in leaves {
            precondition(Int(leaf) < leafIDLimit, "a leaf the tile has no room for")
            let block = words + (Int(leaf) &+ 1) &* Tile.strideWords
            block[0] |= old
            block[1] |= new
            if !isTouched[Int(leaf)] {
                isTouched[Int(leaf)] = true
                touched.append(leaf)
            }
        }
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

    private static func word(of lane: Int) -> Int { lane &>> 6 &* 2 }
    private static func bit(of lane: Int) -> UInt64 { 1 &<< UInt64(lane & 63) }
}
