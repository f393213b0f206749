import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct ValueCacheTests {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func `reviews say what the reference says, whatever has changed since the values were made`(seed: UInt64) throws {
        var world = try ReviewWorld(seed: seed)
        try world.fold(events: 250)
        var old: [EngineSnapshot] = []
        for round in 0..<6 {
            try world.fold(events: round % 4)
            if round % 3 == 2 { try world.advance(days: 5) }
            let snapshot = world.engine.snapshot()
            try world.compare(snapshot, definitions: 5)
            // Somebody may still hold a snapshot from before the values.
            for earlier in old.suffix(1) { try world.compare(earlier, definitions: 1) }
            old.append(snapshot)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `a segment that is saved from values stays current`(seed: UInt64) throws {
        var world = try ReviewWorld(seed: seed &+ 20)
        try world.fold(events: 250)
        _ = world.entries()
        var saved: [String: Condition] = [:]
        var quickCount = 0
        while quickCount < 4 {
            let condition = try world.nextDefinition()
            guard let build = world.engine.prepare(condition) else { continue }
            if build.values.findings(on: world.engine.pool) != nil { quickCount += 1 }
            let findings = build.run()
            try world.fold(events: 1)
            world.engine.install(build, findings: findings, as: "s\(saved.count)")
            saved["s\(saved.count)"] = condition
        }
        for _ in 0..<6 {
            try world.compare(saved: saved)
            try world.advance(days: 60)
        }
    }

    @Test func `values stay while few contacts change, and are made again when many have`() throws {
        var world = try ReviewWorld(seed: 3)
        try world.fold(events: 300)
        let first = world.entries()
        #expect(first.allSatisfy { $0.changed.isEmpty })
        #expect(world.entries().first?.chunk === first.first?.chunk)
        try world.fold(events: 1)
        let second = world.entries()
        #expect(second.first?.chunk === first.first?.chunk)
        #expect(second.first?.changed.count ?? 0 <= 2)
        try world.fold(events: 100)
        let third = world.entries()
        #expect(third.first?.chunk !== first.first?.chunk)
        #expect(third.first?.changed == [])
    }

    @Test func `a contact whose record has changed is known as such`() throws {
        let engine = MembershipEngine(context: EvaluationContext(zone: .utc, currency: "EUR"))
        func rate(_ contact: Int, _ rating: Int, _ sequence: UInt64) {
            let change = ContactChange(
                contact: Identifier("c\(contact)"),
                attributes: [AttributeChange(key: .known(.rating), value: .number(Number(rating)))], tags: nil)
            let instant = Instant(microseconds: Int64(sequence))
            engine.fold(
                LoggedEvent(
                    sequence: sequence, recordedAt: instant, visibleAt: instant,
                    event: Event(
                        source: "s", id: Identifier("\(sequence)"), time: instant, fact: .contactChanged(change))))
            engine.advance(to: instant)
        }
        let condition = Condition.field(
            FieldCondition(field: .attribute(.known(.rating)), test: .number(.atLeast(Number(3)))))
        for contact in 0..<100 { rate(contact, 1, UInt64(contact) + 1) }
        let before = engine.snapshot()
        #expect(before.count(of: condition) == 0)
        rate(50, 4, 200)
        rate(51, 5, 201)
        let after = engine.snapshot()
        let entry = engine.values.entries(for: after.records, at: 201, on: engine.pool).first
        #expect(entry?.changed == [50, 51])
        #expect(after.count(of: condition) == 2)
        #expect(after.page(of: after.members(of: condition)) == ["c50", "c51"])
        #expect(before.count(of: condition) == 0)
        rate(100, 4, 300)
        #expect(engine.snapshot().count(of: condition) == 3)
    }

    @Test func `an order dated in the future counts from its day on in a segment that is saved from values`() throws {
        let engine = MembershipEngine(context: EvaluationContext(zone: .utc, currency: "EUR"))
        let (now, day) = (Instant(microseconds: 1_000_000), Int64(86_400_000_000))
        let order = OrderState(
            key: OrderKey(store: "web", order: "1"), contact: "ada", currency: "EUR",
            total: Amount(tenThousandths: 10_000), placedAt: now.advanced(byMicroseconds: 10 * day), lines: [])
        engine.fold(
            LoggedEvent(
                sequence: 1, recordedAt: now, visibleAt: now,
                event: Event(source: "shop", id: "1", time: now, fact: .orderPlaced(order))))
        engine.advance(to: now)
        let condition = Condition.activity(ActivityCondition(activity: .order))
        #expect(engine.snapshot().count(of: condition) == 0)
        let build = try #require(engine.prepare(condition))
        let findings = try #require(build.values.findings(on: engine.pool))
        #expect(findings.edges == [order.placedAt?.microseconds])
        engine.install(build, findings: build.run(), as: "ordered")
        engine.advance(to: now.advanced(byMicroseconds: 9 * day))
        #expect(engine.snapshot().count(of: "ordered") == 0)
        engine.advance(to: now.advanced(byMicroseconds: 11 * day))
        #expect(engine.snapshot().count(of: "ordered") == 1)
    }

    @Test func `values are let go when nobody has asked for them in a while`() throws {
        var world = try ReviewWorld(seed: 5)
        try world.fold(events: 50)
        _ = world.entries()
        #expect(world.engine.values.byteCount > 0)
        let asked = world.engine.frontier.instant
        world.engine.advance(to: asked.advanced(byMicroseconds: 5 * 60 * 1_000_000))
        #expect(world.engine.values.byteCount > 0)
        world.engine.advance(to: asked.advanced(byMicroseconds: 11 * 60 * 1_000_000))
        #expect(world.engine.values.byteCount == 0)
        try world.compare(world.engine.snapshot(), definitions: 3)
    }
}

/// An engine with random contacts and definitions that nobody saves, from a seed.
private struct ReviewWorld {
    let engine: MembershipEngine
    private let seed: UInt64
    private let context: EvaluationContext
    private var events: RandomEvents
    private var definitions: RandomDefinitions
    private var sequence: UInt64 = 0

    init(seed: UInt64) throws {
        self.seed = seed
        context = EvaluationContext(
            zone: try TimeZoneRules.installed("Europe/London"), currency: "EUR",
            fieldTypes: RandomDefinitions.fieldTypes)
        engine = MembershipEngine(context: context, threads: 2)
        events = RandomEvents(seed: seed &+ 40, contacts: 70)
        definitions = RandomDefinitions(seed: seed &+ 41)
        engine.advance(to: try Instant(rfc3339: "2024-06-01T00:00:00Z"))
    }

    mutating func fold(events count: Int) throws {
        for _ in 0..<count {
            sequence += 1
            let instant = engine.frontier.instant.advanced(byMicroseconds: 1)
            engine.fold(
                LoggedEvent(sequence: sequence, recordedAt: instant, visibleAt: instant, event: events.next()))
            engine.advance(to: instant)
        }
    }

    func advance(days: Int64) throws {
        engine.advance(to: engine.frontier.instant.advanced(byMicroseconds: days * 86_400_000_000))
    }

    func entries() -> [ValueCache.Entry] {
        let snapshot = engine.snapshot()
        return engine.values.entries(
            for: snapshot.records, at: snapshot.frontier.microseconds, on: engine.pool)
    }

    mutating func nextDefinition() throws -> Condition {
        try Condition(parsing: definitions.next(), types: RandomDefinitions.fieldTypes)
    }

    func compare(saved: [String: Condition]) throws {
        let reference = ReferenceEvaluator(context: context)
        let snapshot = engine.snapshot()
        let contacts = snapshot.page(of: snapshot.everyone).compactMap { snapshot.contact($0) }
        for (id, condition) in saved {
            let expected = contacts.filter { reference.isTrue(condition, of: $0, at: snapshot.frontier) }.map(\.id)
            #expect(engine.members(of: id) == expected, "seed \(seed): \(condition.json.text)")
        }
    }

    mutating func compare(_ snapshot: EngineSnapshot, definitions count: Int) throws {
        let reference = ReferenceEvaluator(context: context)
        let contacts = snapshot.page(of: snapshot.everyone).compactMap { snapshot.contact($0) }
        for _ in 0..<count {
            let condition = try nextDefinition()
            let expected = contacts.filter { reference.isTrue(condition, of: $0, at: snapshot.frontier) }.map(\.id)
            let members = snapshot.page(of: snapshot.members(of: condition))
            #expect(members == expected.sorted(), "seed \(seed): \(condition.json.text)")
            #expect(snapshot.count(of: condition) == expected.count)
        }
    }
}
