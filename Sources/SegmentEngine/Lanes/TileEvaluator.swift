/// A membership that one lane changed.
struct LaneChange: Equatable, Sendable {
    var lane: UInt16
    /// Entered, or left.
    var isEntered: Bool
    var segment: SegmentNumber
}

/// Evaluates all segments of a plan for all lanes of a tile at once. One per thread, for tile after tile.
///
/// In: a tile. Out: how every segment's count changes, and if asked for which lane entered or left which segment.
/// Tiles of at most 64 lanes are evaluated in single words.
final class TileEvaluator {
    let plan: Plan
    private let gates: LaneMemory
    private var changed: [ChangedSegment] = []

    /// A segment with the lanes that changed.
    private struct ChangedSegment {
        var segment: UInt32
        var entered: SIMD8<UInt64>
        var left: SIMD8<UInt64>
    }

    /// Takes memory of 64 bytes per gate.
    init(plan: Plan) {
        self.plan = plan
        gates = LaneMemory(byteCount: plan.gateCount * MemoryLayout<SIMD8<UInt64>>.stride)
    }

    /// Adds to every segment's count what the tile changes. `counts` stands by segment number.
    func evaluate(_ tile: Tile, counts: inout [Int]) {
        counts.withUnsafeMutableBufferPointer { counts in
            forEachChange(in: tile) { segment, entered, left in
                counts[segment] &+= entered.trueCount &- left.trueCount
            }
        }
    }

    /// The same, and appends every change, ordered by lane and then by segment number.
    func evaluate(_ tile: Tile, counts: inout [Int], changes: inout [LaneChange]) {
        // Taken out while they grow: a property of a class is checked for exclusive access each time.
        var changed = changed
        self.changed = []
        changed.removeAll(keepingCapacity: true)
        counts.withUnsafeMutableBufferPointer { counts in
            forEachChange(in: tile) { segment, entered, left in
                counts[segment] &+= entered.trueCount &- left.trueCount
                changed.append(ChangedSegment(segment: UInt32(segment), entered: entered, left: left))
            }
        }
        append(changed, into: &changes)
        self.changed = changed
    }

    /// Calls the body for every segment that some lane entered or left, by ascending number: first for the lower half of
    /// the lanes, then for the upper, so twice for a segment that changes in both.
    func forEachChange(
        in tile: Tile, _ body: (_ segment: Int, _ entered: SIMD8<UInt64>, _ left: SIMD8<UInt64>) -> Void
    ) {
        precondition(plan.leafIDLimit <= tile.leafIDLimit, "the plan has leaves the tile has no room for")
        if tile.laneCount > 64 { changesOfMany(tile, body) } else if tile.laneCount > 0 { changesOfFew(tile, body) }
    }

    /// One half of the lanes after the other: the truths of all gates then take half the room in the processor's cache.
    private func changesOfMany(_ tile: Tile, _ body: (Int, SIMD8<UInt64>, SIMD8<UInt64>) -> Void) {
        changesOfHalf(tile, 0) { body($0, SIMD8(lowHalf: $1, highHalf: .zero), SIMD8(lowHalf: $2, highHalf: .zero)) }
        guard tile.laneCount > Tile.laneCountMax / 2 else { return }
        changesOfHalf(tile, 1) { body($0, SIMD8(lowHalf: .zero, highHalf: $1), SIMD8(lowHalf: .zero, highHalf: $2)) }
    }

    @inline(__always)
    private func changesOfHalf(_ tile: Tile, _ half: Int, _ body: (Int, SIMD4<UInt64>, SIMD4<UInt64>) -> Void) {
        let gates = gates.pointer(to: SIMD8<UInt64>.self)
        let offset = half * MemoryLayout<SIMD8<UInt64>>.size
        let leaves = tile.leaves + offset
        plan.evaluate(leaves: leaves, leafStride: Tile.strideBytes, gates: gates)
        let existing = tile.existence.load(fromByteOffset: offset, as: SIMD8<UInt64>.self)
        plan.roots.withUnsafeBufferPointer { roots in
            for segment in roots.indices where !roots[segment].isNeverTrue {
                let truths =
                    plan.truths(of: roots[segment], leaves: leaves, leafStride: Tile.strideBytes, gates: gates)
                    & existing
                let (old, new) = (truths.evenHalf, truths.oddHalf)
                if old != new { body(segment, new & ~old, old & ~new) }
            }
        }
    }

    private func changesOfFew(_ tile: Tile, _ body: (Int, SIMD8<UInt64>, SIMD8<UInt64>) -> Void) {
        let gates = gates.pointer(to: SIMD2<UInt64>.self)
        plan.evaluate(leaves: tile.leaves, leafStride: Tile.strideBytes, gates: gates)
        let existing = tile.existence.load(as: SIMD2<UInt64>.self)
        plan.roots.withUnsafeBufferPointer { roots in
            for segment in roots.indices where !roots[segment].isNeverTrue {
                let truths = plan.truths(
                    of: roots[segment], leaves: tile.leaves, leafStride: Tile.strideBytes, gates: gates
                ).and(existing, inverting: 0)
                let (old, new) = (truths[0], truths[1])
                guard old != new else { continue }
                var (entered, left) = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
                entered[0] = new & ~old
                left[0] = old & ~new
                body(segment, entered, left)
            }
        }
    }

    /// Counting sort: the changed segments stand by number, so each lane's changes come out by number as well.
    private func append(_ changed: [ChangedSegment], into changes: inout [LaneChange]) {
        let first = changes.count
        let unset = LaneChange(lane: 0, isEntered: false, segment: SegmentNumber(rawValue: 0))
        withUnsafeTemporaryAllocation(of: Int.self, capacity: Tile.laneCountMax + 1) { offsets in
            offsets.initialize(repeating: 0)
            for change in changed { (change.entered | change.left).forEachTrue { offsets[$0 &+ 1] &+= 1 } }
            for lane in 1...Tile.laneCountMax { offsets[lane] &+= offsets[lane &- 1] }
            changes.append(contentsOf: repeatElement(unset, count: offsets[Tile.laneCountMax]))
            changes.withUnsafeMutableBufferPointer { changes in
                for change in changed {
                    (change.entered | change.left).forEachTrue { lane in
                        let isEntered = change.entered[lane &>> 6] &>> UInt64(lane & 63) & 1 != 0
                        changes[first &+ offsets[lane]] = LaneChange(
                            lane: UInt16(truncatingIfNeeded: lane), isEntered: isEntered,
                            segment: SegmentNumber(rawValue: change.segment))
                        offsets[lane] &+= 1
                    }
                }
            }
        }
    }
}

extension Edge {
    /// True of the constant that is.
    fileprivate var isNeverTrue: Bool { self == .false }
}

extension SIMD8<UInt64> {
    /// Calls the body for every lane that is true, ascending.
    @inline(__always)
    fileprivate func forEachTrue(_ body: (Int) -> Void) {
        for word in 0..<8 {
            var rest = self[word]
            while rest != 0 {
                body(word &* 64 &+ rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
    }
}
