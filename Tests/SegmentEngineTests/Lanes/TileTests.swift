import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct TileTests {
    private struct Lane {
        var old: [UInt32]?
        var new: [UInt32]?
    }

    private func lanes(_ count: Int, _ random: inout RandomLanes) -> [Lane] {
        (0..<count).map { number in
            // Most lanes of a large tile stay empty, as evaluating conditions one by one takes its time.
            if count > 100, number < count - 1, random.random.chance(0.8) { return Lane() }
            var lane = Lane(
                old: random.random.chance(0.1) ? nil : random.truths(chance: 0.3),
                new: random.random.chance(0.1) ? nil : random.truths(chance: 0.3))
            if random.random.chance(0.4) { lane.new = lane.old }
            return lane
        }
    }

    private func expected(_ lanes: [Lane], _ random: RandomLanes) -> [LaneChange] {
        lanes.enumerated().flatMap { number, lane in
            let (old, new) = (random.members(lane.old), random.members(lane.new))
            return Set(old).symmetricDifference(new).sorted().map {
                LaneChange(lane: UInt16(number), isEntered: new.contains($0), segment: $0)
            }
        }
    }

    @Test(arguments: [(0, 1), (1, 3), (2, 64), (3, 65), (4, 300), (5, 512)])
    func `changes and counts are those of the conditions`(seed: UInt64, laneCount: Int) throws {
        var random = try RandomLanes(seed: seed)
        let evaluator = TileEvaluator(plan: random.catalog.plan)
        let tile = Tile(leafIDLimit: random.catalog.leafIDLimit)
        // Twice, so that what the first left behind would show.
        for _ in 0..<2 {
            let lanes = lanes(laneCount, &random)
            for (number, lane) in lanes.enumerated() { tile.set(lane: number, old: lane.old, new: lane.new) }
            var counts = [Int](repeating: 0, count: random.catalog.segmentNumberLimit)
            var changes: [LaneChange] = []
            evaluator.evaluate(tile, counts: &counts, changes: &changes)
            let expected = expected(lanes, random)
            #expect(changes == expected)
            for segment in counts.indices {
                let own = expected.filter { $0.segment.rawValue == UInt32(segment) }
                #expect(counts[segment] == own.reduce(0) { $0 + ($1.isEntered ? 1 : -1) })
            }
            tile.clear()
        }
    }

    @Test func `an empty tile changes nothing`() throws {
        let random = try RandomLanes(seed: 9)
        let evaluator = TileEvaluator(plan: random.catalog.plan)
        let tile = Tile(leafIDLimit: random.catalog.leafIDLimit)
        evaluator.forEachChange(in: tile) { segment, _, _ in Issue.record("segment \(segment) changed") }
        tile.set(lane: 400, old: [UInt32]?.none, new: [UInt32]?.none)
        evaluator.forEachChange(in: tile) { segment, _, _ in Issue.record("segment \(segment) changed") }
        #expect(tile.laneCount == 401)
    }

    @Test func `every lane is counted`() {
        var lanes = SIMD8<UInt64>.zero
        #expect(lanes.trueCount == 0)
        for word in 0..<8 {
            for bit in 0..<64 {
                lanes[word] |= 1 << UInt64(bit)
                #expect(lanes.trueCount == word * 64 + bit + 1)
            }
        }
    }
}

extension Tile {
    /// Sets a lane: the numbers of all leaves that were true and that are; nil where there is no contact.
    fileprivate func set(lane: Int, old: [UInt32]?, new: [UInt32]?) {
        begin(lane: lane, existed: old != nil, exists: new != nil)
        let both = Set(old ?? []).intersection(new ?? [])
        insert(Set(old ?? []).subtracting(both), lane, before: true, after: false)
        insert(Set(new ?? []).subtracting(both), lane, before: false, after: true)
        insert(both, lane, before: true, after: true)
    }

    private func insert(_ leaves: Set<UInt32>, _ lane: Int, before: Bool, after: Bool) {
        Array(leaves).withUnsafeBufferPointer { insert($0, lane: lane, before: before, after: after) }
    }
}
