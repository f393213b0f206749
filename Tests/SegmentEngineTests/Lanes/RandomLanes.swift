import SegmentModel
import TestSupport

@testable import SegmentEngine

/// A catalog of random segments, and their truth straight from their conditions and the truths of leaves.
struct RandomLanes {
    var random: SeededGenerator
    let catalog: Catalog
    let conditions: [String: Condition]

    init(seed: UInt64, segmentCount: Int = 30) throws {
        var world = try RandomWorld(seed: seed, eventCount: 1)
        var catalog = Catalog(context: world.context)
        var conditions: [String: Condition] = [:]
        for number in 0..<segmentCount {
            let condition = world.condition(segments: (0..<number).map { "s\($0)" })
            _ = catalog.define("s\(number)", as: condition)
            conditions["s\(number)"] = condition
        }
        for number in stride(from: 0, to: segmentCount, by: 7) {
            _ = catalog.remove("s\(number)")
            conditions["s\(number)"] = nil
        }
        self.catalog = catalog
        self.conditions = conditions
        random = world.random
    }

    var liveLeaves: [UInt32] {
        (0..<UInt32(catalog.leafIDLimit)).filter { catalog.leaf(LeafID(rawValue: $0)) != nil }
    }

    /// Random true leaves, each with the chance.
    mutating func truths(chance: Double) -> [UInt32] {
        liveLeaves.filter { _ in random.chance(chance) }
    }

    /// Whether the condition is true, given the true leaves.
    func isTrue(_ condition: Condition, _ truths: Set<UInt32>) -> Bool {
        switch condition {
        case .all(let children): return children.allSatisfy { isTrue($0, truths) }
        case .any(let children): return children.contains { isTrue($0, truths) }
        case .not(let child): return !isTrue(child, truths)
        case .segment(let reference): return conditions[reference].map { isTrue($0, truths) } ?? false
        case .field, .tag, .activity:
            switch catalog.forms.literal(of: condition) {
            case .constant(let value): return value
            case .test(let leaf, let isNegated):
                return catalog.leafID(of: leaf).map { truths.contains($0.rawValue) != isNegated } ?? isNegated
            }
        }
    }

    /// The segments that are true, by number, ascending; of a contact that does not exist none.
    func members(_ truths: [UInt32]?) -> [SegmentNumber] {
        guard let truths else { return [] }
        let set = Set(truths)
        return conditions.filter { isTrue($0.value, set) }.keys.compactMap(catalog.number).sorted()
    }
}
