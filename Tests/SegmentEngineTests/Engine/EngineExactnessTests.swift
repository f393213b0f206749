import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// The laws of the engine: it equals the reference, and how events are cut into batches changes nothing.
@Suite struct EngineExactnessTests {
    @Test(arguments: 0..<24 as Range<UInt64>)
    func `members and changes are the same however events are batched`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        let streams = script.run(batchSize: 1, threads: 1) { engine, log in
            script.compare(engine, log)
        }
        for (batchSize, threads) in [(7, 1), (1_000, 2), (Int.max, 3)] {
            let other = script.run(batchSize: batchSize, threads: threads) { engine, log in
                script.compare(engine, log)
            }
            let difference =
                zip(streams, other).first { $0 != $1 }.map { [$0, $1] }
                ?? Array(streams.dropFirst(other.count)) + other.dropFirst(streams.count)
            try #require(
                streams == other, "seed \(seed), batches of \(batchSize): \(difference)")
        }
        #expect(!streams.isEmpty)
        // Instants never go back.
        #expect(zip(streams, streams.dropFirst()).allSatisfy { $0.instant <= $1.instant })
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `changes folded give the members at every instant`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        var memberships: [String: Set<Identifier>] = [:]
        _ = script.run(batchSize: 5, threads: 1) { engine, log in
            for change in script.lastChanges(of: engine) {
                let isNews =
                    change.isEntered
                    ? memberships[change.segment, default: []].insert(change.contact).inserted
                    : memberships[change.segment, default: []].remove(change.contact) != nil
                #expect(isNews, "seed \(seed): \(change) repeats")
            }
            for (id, _) in script.definitions {
                #expect(memberships[id, default: []].sorted() == engine.members(of: id), "seed \(seed), \(id)")
            }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `catching up ends where following ends`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        let engine = MembershipEngine(context: script.context, threads: 2)
        for (id, condition) in script.definitions { engine.define(id, as: condition) }
        engine.beginCatchUp()
        for event in script.log { engine.fold(event) }
        engine.endCatchUp(at: script.end)
        script.compare(engine, script.log)
        let next = script.end.advanced(byMicroseconds: 40 * 86_400_000_000)
        engine.advance(to: next)
        script.compare(engine, script.log)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a segment built beside the events cuts over exactly`(seed: UInt64) throws {
        let script = try Script(seed: seed)
        let engine = MembershipEngine(context: script.context, threads: 2)
        let (half, rest) = (script.log.prefix(script.log.count / 2), script.log.dropFirst(script.log.count / 2))
        for event in half { engine.fold(event) }
        if let last = half.last { engine.advance(to: last.visibleAt) }
        for (id, condition) in script.definitions {
            let build = engine.prepare(condition)
            let findings = build?.run()
            // What happens between the look at the records and the cut-over.
            if id == script.definitions[0].id { for event in rest { engine.fold(event) } }
            engine.advance(to: script.end)
            if let build, let findings {
                engine.install(build, findings: findings, as: id)
            } else {
                engine.define(id, as: condition)
            }
        }
        script.compare(engine, script.log)
        engine.advance(to: script.end.advanced(byMicroseconds: 100 * 86_400_000_000))
        script.compare(engine, script.log)
    }
}

/// A log, definitions and the instants at which they are made, from a seed.
final class Script {
    let seed: UInt64
    let context: EvaluationContext
    let definitions: [(id: String, condition: Condition)]
    let log: [LoggedEvent]
    let end: Instant
    private var taken = 0

    init(seed: UInt64) throws {
        self.seed = seed
        var random = SeededGenerator(seed: seed &+ 77)
        let zone = try TimeZoneRules.installed(random.pick(["Europe/London", "America/New_York", "UTC"]))
        context = EvaluationContext(zone: zone, currency: "EUR", fieldTypes: RandomDefinitions.fieldTypes)
        var source = RandomDefinitions(seed: seed &+ 5)
        var definitions: [(id: String, condition: Condition)] = []
        for number in 0..<8 {
            let json = source.next(segments: definitions.map(\.id))
            definitions.append(
                ("s\(number)", try Condition(parsing: json, types: RandomDefinitions.fieldTypes)))
        }
        self.definitions = definitions
        var events = RandomEvents(seed: seed &+ 900)
        var log: [LoggedEvent] = []
        var instant = try Instant(rfc3339: "2024-02-01T00:00:00Z")
        for sequence in 1...150 {
            if random.chance(0.6) {
                instant = instant.advanced(byMicroseconds: Int64.random(in: 1...(9 * 86_400_000_000), using: &random))
            }
            log.append(
                LoggedEvent(
                    sequence: UInt64(sequence), recordedAt: instant, visibleAt: instant, event: events.next()))
        }
        self.log = log
        end = instant.advanced(byMicroseconds: 3 * 86_400_000_000)
    }

    /// Feeds the log in batches; half of the definitions are made in the middle, at an instant of the log's own.
    ///
    /// - Returns: all changes.
    func run(
        batchSize: Int, threads: Int, _ afterBatch: (MembershipEngine, [LoggedEvent]) -> Void
    ) -> [MembershipChange] {
        let engine = MembershipEngine(context: context, threads: threads)
        engine.keepsChanges = true
        if batchSize == 7 { engine.heavyRecordBytesMin = 0 }
        if batchSize == 1_000 { engine.heavyRecordBytesMin = 400 }
        changes = []
        for (id, condition) in definitions.prefix(4) { engine.define(id, as: condition) }
        let middle = log[75].visibleAt
        let first = log.filter { $0.visibleAt <= middle }
        feed(engine, first, batchSize: batchSize, end: middle, afterBatch)
        for (id, condition) in definitions.dropFirst(4) { engine.define(id, as: condition) }
        feed(engine, Array(log.dropFirst(first.count)), batchSize: batchSize, end: end, afterBatch)
        changes += engine.takeChanges()
        return changes
    }

    private var changes: [MembershipChange] = []

    private func feed(
        _ engine: MembershipEngine, _ events: [LoggedEvent], batchSize: Int, end: Instant,
        _ afterBatch: (MembershipEngine, [LoggedEvent]) -> Void
    ) {
        for (number, event) in events.enumerated() {
            engine.fold(event)
            // A batch may end in the middle of an instant.
            guard number % batchSize == batchSize - 1 else { continue }
            let next = number + 1 < events.count ? events[number + 1].visibleAt : end
            guard next > event.visibleAt else { continue }
            engine.advance(to: number % 2 == 0 ? event.visibleAt : next.advanced(byMicroseconds: -1))
            afterBatch(engine, Array(log.prefix(Int(event.sequence))))
        }
        engine.advance(to: end)
        afterBatch(engine, log.filter { $0.visibleAt <= end })
    }

    /// The changes since the last call.
    func lastChanges(of engine: MembershipEngine) -> [MembershipChange] {
        let new = engine.takeChanges()
        changes += new
        return new
    }

    func compare(_ engine: MembershipEngine, _ log: [LoggedEvent]) {
        let now = engine.frontier.instant
        let contacts = ReferenceFold.contacts(from: log)
        var context = context
        for (id, condition) in definitions where engine.snapshot().count(of: id) != nil {
            context.segments[id] = condition
        }
        let evaluator = ReferenceEvaluator(context: context)
        for (id, condition) in context.segments {
            let expected = contacts.values.filter { evaluator.isTrue(condition, of: $0, at: now) }.map(\.id).sorted()
            #expect(engine.members(of: id) == expected, "seed \(seed), \(id) at \(now): \(condition.json.text)")
            #expect(engine.snapshot().count(of: id) == expected.count, "seed \(seed), the count of \(id) at \(now)")
            if let one = expected.first { #expect(engine.snapshot().segments(of: one).contains(id)) }
        }
    }
}

extension MembershipEngine {
    /// The ids of a segment's members.
    func members(of id: String) -> [Identifier] {
        let snapshot = snapshot()
        return snapshot.members(of: id).map { snapshot.page(of: $0) } ?? []
    }
}
