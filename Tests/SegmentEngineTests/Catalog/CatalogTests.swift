import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct CatalogTests {
    private let context = EvaluationContext(zone: .utc, currency: "EUR")

    private func parse(_ json: JSONValue) throws -> Condition {
        try Condition(parsing: json, types: [:])
    }

    @Test func `equal conditions in any order and form are one edge`() throws {
        var catalog = Catalog(context: context)
        let first = catalog.define(
            "a", as: try parse(["all": [["tag": "x"], ["not": ["any": [["tag": "y"], ["tag": "z"]]]]]]))
        #expect(first.added.count == 3)
        #expect(first.changedSegments == [SegmentNumber(rawValue: 0)])
        let second = catalog.define(
            "b",
            as: try parse([
                "not": ["any": [["tag": "Z"], ["tag": "Y"], ["not": ["all": [["tag": "X"], ["tag": "x"]]]]]]
            ]))
        #expect(second.added.isEmpty)
        #expect(catalog.root(of: SegmentNumber(rawValue: 0)) == catalog.root(of: SegmentNumber(rawValue: 1)))
        #expect(catalog.figures.gateCount == 1)
        #expect(catalog.figures.leafCount == 3)
        #expect(catalog.figures.leafReferenceCount == 6)
        #expect(catalog.figures.edgeCount == 3)
    }

    @Test func `a condition beside its negation is nobody`() throws {
        var catalog = Catalog(context: context)
        _ = catalog.define("none", as: try parse(["all": [["tag": "x"], ["not": ["tag": "X"]], ["tag": "y"]]]))
        _ = catalog.define("everyone", as: try parse(["any": [["tag": "x"], ["not": ["tag": "x"]]]]))
        #expect(catalog.root(ofReference: "none") == .false)
        #expect(catalog.root(ofReference: "everyone") == .true)
        #expect(catalog.figures.gateCount == 0)
    }

    @Test func `segments follow the segments they refer to`() throws {
        var catalog = Catalog(context: context)
        _ = catalog.define("outer", as: .not(.segment("middle")))
        _ = catalog.define("middle", as: .segment("inner"))
        #expect(catalog.root(ofReference: "outer") == .true)
        let change = catalog.define("inner", as: .tag("x"))
        #expect(change.changedSegments.compactMap(catalog.id) == ["outer", "middle", "inner"])
        #expect(catalog.root(ofReference: "outer") == catalog.root(ofReference: "inner").negated)
        let same = catalog.define("inner", as: .tag("X"))
        #expect(same.changedSegments.isEmpty && same.added.isEmpty && same.removed.isEmpty)
        let gone = catalog.remove("inner")
        #expect(gone.changedSegments.count == 2)
        #expect(gone.removed.count == 1)
        #expect(catalog.root(ofReference: "outer") == .true)
    }

    @Test func `a circle of references ends`() {
        var catalog = Catalog(context: context)
        _ = catalog.define("a", as: .all([.segment("b"), .tag("x")]))
        _ = catalog.define("b", as: .any([.segment("a"), .tag("y")]))
        _ = catalog.define("b", as: .segment("b"))
        _ = catalog.define("b", as: .tag("y"))
        #expect(catalog.figures.segmentCount == 2)
    }

    @Test func `a long chain of references is followed to its end`() {
        var catalog = Catalog(context: context)
        for number in 1...2_000 {
            _ = catalog.define("\(number)", as: .all([.segment("\(number - 1)"), .tag(TextOperand("x\(number)"))]))
        }
        _ = catalog.define("0", as: .tag("x"))
        #expect(catalog.root(ofReference: "2000").gate != nil)
        #expect(catalog.plan.gateCount == 2_000)
    }

    @Test(arguments: 0..<12) func `whatever was defined and removed, it ends as if built afresh`(seed: UInt64) throws {
        var world = try RandomWorld(seed: seed, eventCount: 1)
        var catalog = Catalog(context: context)
        var live: [String: Condition] = [:]
        var known: [LeafID: Leaf] = [:]
        for step in 0..<150 {
            // Segments refer to smaller numbers only.
            let number = Int.random(in: 0..<25, using: &world.random)
            let change: CatalogChange
            if world.random.chance(0.35) {
                change = catalog.remove("s\(number)")
                live["s\(number)"] = nil
            } else {
                let condition = world.condition(segments: (0..<number).map { "s\($0)" })
                let unknown = Set(catalog.unknownLeaves(of: condition))
                change = catalog.define("s\(number)", as: condition)
                live["s\(number)"] = condition
                try #require(Set(change.added.map(\.1)) == unknown, "seed \(seed), step \(step)")
            }
            for id in change.removed { try #require(known.removeValue(forKey: id) != nil) }
            for (id, leaf) in change.added {
                try #require(known.updateValue(leaf, forKey: id) == nil, "a number was given twice")
                try #require(catalog.leaf(id) == leaf && catalog.leafID(of: leaf) == id)
            }
            try #require(known.count == catalog.figures.leafCount, "seed \(seed), step \(step)")
        }
        var fresh = Catalog(context: context)
        for (id, condition) in live.sorted(by: { $0.key < $1.key }) { _ = fresh.define(id, as: condition) }
        // References defined before what they refer to are settled by defining again.
        #expect(fresh.figures == catalog.figures, "seed \(seed)")
        for id in live.keys {
            let twins = live.keys.filter { catalog.root(ofReference: $0) == catalog.root(ofReference: id) }
            let freshTwins = live.keys.filter { fresh.root(ofReference: $0) == fresh.root(ofReference: id) }
            #expect(twins == freshTwins)
        }
        for id in live.keys { _ = catalog.remove(id) }
        #expect(
            catalog.figures
                == CatalogFigures(
                    segmentCount: 0, leafReferenceCount: 0, leafCount: 0, gateReferenceCount: 0, gateCount: 0,
                    edgeCount: 0))
        #expect(catalog.plan.gateCount == 0)
    }

    @Test func `a review changes nothing and finds what is there`() throws {
        var catalog = Catalog(context: context)
        let saved = try parse(["all": [["tag": "x"], ["tag": "y"]]])
        _ = catalog.define("saved", as: saved)
        let figures = catalog.figures
        let unsaved = try parse(["any": [["all": [["tag": "y"], ["tag": "x"]]], ["tag": "new"]]])
        #expect(catalog.unknownLeaves(of: unsaved).count == 1)
        let limit = catalog.leafIDLimit
        let program = catalog.program(of: unsaved) { _ in LeafID(rawValue: UInt32(limit)) }
        #expect(program.gateCount == 2)
        #expect(program.leafIDLimit == limit + 1)
        #expect(program.leafIDs.count == 3)
        #expect(catalog.figures == figures)
        #expect(catalog.existingEdge(of: saved) == catalog.root(ofReference: "saved"))
        #expect(catalog.existingEdge(of: .not(saved)) == catalog.root(ofReference: "saved").negated)
        #expect(catalog.existingEdge(of: unsaved) == nil)
        #expect(catalog.leafUses(of: unsaved).map(\.segmentCount) == [1, 1, 0])
    }

    @Test func `numbers of segments are used again`() {
        var catalog = Catalog(context: context)
        _ = catalog.define("a", as: .tag("x"))
        _ = catalog.define("b", as: .tag("y"))
        #expect(catalog.number(of: "a") == SegmentNumber(rawValue: 0))
        _ = catalog.remove("a")
        _ = catalog.remove("a")
        _ = catalog.define("c", as: .tag("z"))
        #expect(catalog.number(of: "c") == SegmentNumber(rawValue: 0))
        #expect(catalog.segmentNumberLimit == 2)
        #expect(catalog.id(of: SegmentNumber(rawValue: 1)) == "b")
        #expect(catalog.number(of: "a") == nil)
    }
}
