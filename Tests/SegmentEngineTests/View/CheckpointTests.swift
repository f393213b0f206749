import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// A start from a checkpoint ends where a start that evaluates everything ends.
@Suite struct CheckpointTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func `a start from a checkpoint is exact, whatever came in the meantime`(seed: UInt64) throws {
        let stop = try Stop(seed: seed)
        let engine = try stop.start()
        #expect(engine.checkpointInstant == stop.instant)
        stop.catchUp(engine)
        stop.script.compare(engine, stop.script.log)
        expectExact(engine, stop)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `definitions made, changed and removed after a checkpoint are exact`(seed: UInt64) throws {
        let stop = try Stop(seed: seed, definitionCount: seed < 6 ? 7 : 4)
        let engine = try stop.start(definitions: Array(stop.script.definitions.dropFirst()))
        #expect(engine.checkpointInstant != nil)
        stop.catchUp(engine)
        stop.script.compare(engine, stop.script.log)
        expectExact(engine, stop)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a damaged checkpoint is not believed`(seed: UInt64) throws {
        let stop = try Stop(seed: seed)
        var random = SeededGenerator(seed: seed)
        let size = try FileBytes.count(of: stop.checkpoint)
        // Most of the file is its head; leaves come last.
        let first = seed % 2 == 0 ? 0 : size - 40
        try FileBytes.flipBit(at: Int.random(in: first..<size, using: &random), in: stop.checkpoint)
        let engine = try stop.start()
        stop.catchUp(engine)
        stop.script.compare(engine, stop.script.log)
        expectExact(engine, stop)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a checkpoint that is cut off is not believed`(seed: UInt64) throws {
        let stop = try Stop(seed: seed)
        var random = SeededGenerator(seed: seed)
        let size = try FileBytes.count(of: stop.checkpoint)
        try FileBytes.truncate(to: Int.random(in: 0..<size, using: &random), stop.checkpoint)
        let engine = try stop.start()
        stop.catchUp(engine)
        stop.script.compare(engine, stop.script.log)
    }

    @Test func `a checkpoint made with other settings is not used, but its instant is not gone behind`() throws {
        let stop = try Stop(seed: 3)
        var others: [EvaluationContext] = []
        for change in 0..<4 {
            var context = stop.script.context
            switch change {
            case 0: context.zone = try TimeZoneRules.installed("Asia/Tokyo")
            case 1: context.currency = "USD"
            case 2: context.countedStatuses.remove(.placed)
            default: context.fieldTypes["plan"] = .number
            }
            others.append(context)
        }
        for context in others {
            let engine = try stop.start(context: context)
            #expect(engine.checkpointInstant == nil)
            #expect(engine.frontier.instant == stop.instant)
        }
        #expect(try stop.start().checkpointInstant != nil)
    }

    @Test func `truths of a checkpoint are taken over, not computed again`() throws {
        let script = try Script(seed: 5)
        let home = try TemporaryDirectory()
        let store = ViewStore(directory: home.path + "/view", mapSizeBytes: 64 << 20)
        let engine = MembershipEngine(context: script.context)
        engine.define("all", as: .tag("nobody has it"))
        for event in script.log { engine.fold(event) }
        engine.advance(to: script.end)
        let leaf = try #require(engine.catalog.leafID(of: Leaf(condition: .tag("nobody has it"), isInverted: false)))
        engine.columns.add(engine.columns.exists, for: leaf)
        _ = try engine.draftView().write(to: store)
        let started = store.makeEngine(context: script.context, frontier: Frontier(at: .earliest), threads: 1) {
            _, _ in script.end
        }
        started.define("all", as: .tag("nobody has it"))
        started.endCatchUp(at: engine.frontier.instant)
        #expect(engine.columns.exists.count > 0)
        #expect(started.snapshot().count(of: "all") == engine.columns.exists.count)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `leaves are told apart by their keys, and every leaf has one`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        var catalog = Catalog(context: script.context)
        var source = RandomDefinitions(seed: seed)
        var leaves: [[UInt8]: Leaf] = [:]
        for number in 0..<60 {
            let condition = try Condition(parsing: source.next(), types: RandomDefinitions.fieldTypes)
            for (_, leaf) in catalog.define("s\(number)", as: condition).added {
                let key = try #require(leaf.key(fieldTypes: script.context.fieldTypes), "\(leaf)")
                #expect(leaves.updateValue(leaf, forKey: key) == nil)
            }
        }
        #expect(leaves.count > 20)
    }

    /// What shows later if a wake is missing: nobody looks at the contact when its window ends.
    private func expectExact(_ engine: MembershipEngine, _ stop: Stop) {
        let plain = MembershipEngine(context: stop.script.context)
        for (id, condition) in stop.script.definitions where engine.snapshot().count(of: id) != nil {
            plain.define(id, as: condition)
        }
        plain.beginCatchUp()
        for event in stop.script.log { plain.fold(event) }
        plain.endCatchUp(at: engine.frontier.instant)
        for days in [0, 1, 9, 40, 300] as [Int64] {
            let instant = stop.script.end.advanced(byMicroseconds: days * 86_400_000_000)
            engine.advance(to: instant)
            plain.advance(to: instant)
            for (id, _) in stop.script.definitions {
                #expect(engine.members(of: id) == plain.members(of: id), "\(id) after \(days) days")
                #expect(engine.snapshot().count(of: id) == plain.snapshot().count(of: id))
            }
        }
    }
}

/// An engine that stopped in the middle of a script, after it wrote a view.
private struct Stop {
    let script: Script
    let instant: Instant
    private let home: TemporaryDirectory
    private let store: ViewStore

    init(seed: UInt64, definitionCount: Int = 8) throws {
        script = try Script(seed: seed)
        home = try TemporaryDirectory()
        store = ViewStore(directory: home.path + "/view", mapSizeBytes: 64 << 20)
        var random = SeededGenerator(seed: seed &+ 31)
        // Every other time so late that most contacts stay as they are.
        let left = Int.random(in: 1...(seed % 2 == 0 ? script.log.count : 8), using: &random)
        let last = script.log[script.log.count - left]
        let next = script.log.first { $0.visibleAt > last.visibleAt }?.visibleAt ?? script.end
        instant = Instant(
            microseconds: .random(in: last.visibleAt.microseconds..<next.microseconds, using: &random))
        let engine = MembershipEngine(context: script.context, threads: 2)
        for (id, condition) in script.definitions.prefix(definitionCount) { engine.define(id, as: condition) }
        for event in script.log where event.visibleAt <= instant { engine.fold(event) }
        engine.advance(to: instant)
        _ = try engine.draftView().write(to: store)
    }

    var checkpoint: String { home.path + "/view/1/checkpoint" }

    func start(
        context: EvaluationContext? = nil, definitions: [(id: String, condition: Condition)]? = nil
    ) throws -> MembershipEngine {
        let engine = store.makeEngine(
            context: context ?? script.context, frontier: Frontier(at: .earliest), threads: 2
        ) { sequence, recordedAt in
            let event = script.log[Int(sequence) - 1]
            return event.recordedAt == recordedAt ? event.visibleAt : nil
        }
        try #require(engine.sequence > 0)
        for (id, condition) in definitions ?? script.definitions { engine.define(id, as: condition) }
        return engine
    }

    func catchUp(_ engine: MembershipEngine) {
        for event in script.log where event.sequence > engine.sequence { engine.fold(event) }
        engine.endCatchUp(at: script.end)
    }
}
