import Admission
import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct RerunTests {
    private static let contacts = ["ada": ["vip"], "bob": ["vip"], "eve": ["new"], "zoe": []]

    @Test func `a segment recomputed from the log has no differences`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            _ = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            _ = try await shop.audience.save(name: "Rest", where: ["not": ["segment": "VIP"]])
            shop.clock.advance(by: 9_000_000)
            let rerun = try await shop.audience.rerun("rest")
            #expect(rerun.segment == SegmentLabel(id: "s2", name: "Rest"))
            #expect(rerun.checked == 4 && rerun.members == 2)
            #expect(rerun.missingCount == 0 && rerun.unexpectedCount == 0)
            #expect(rerun.frontier == shop.clock.now())
            #expect(await shop.audience.status().reruns.isEmpty)
        }
    }

    /// A recomputation of the tag “vip” against the given members.
    private func recomputation(
        _ audience: Audience, live: [Identifier], contactsPerPartMax: Int = 100, progress: BuildProgress? = nil
    ) async throws -> Recomputation {
        let context = try audience.settings().evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
        let status = await audience.status()
        return Recomputation(
            log: audience.log, frontier: status.frontier, evaluator: ReferenceEvaluator(context: context),
            condition: try Condition(parsing: ["tag": "vip"], types: [:]), contactCount: status.contacts,
            eventCount: Int(status.lastSequence), contactsPerPartMax: contactsPerPartMax,
            progress: progress ?? BuildProgress(contactCount: 0),
            generation: audience.log.generation, live: pages(of: live))
    }

    private func pages(of members: [Identifier]) -> @Sendable (Identifier?, Int) -> [Identifier] {
        { after, limit in
            Array(members.sorted().filter { id in after.map { id > $0 } ?? true }.prefix(limit))
        }
    }

    @Test(arguments: [1, 2, 100])
    func `a member who is missing and one who should not be there are named`(contactsPerPart: Int) async throws {
        try await TestShop.run(Self.contacts) { shop in
            let wrong: [Identifier] = ["ada", "zoe", "nobody"]
            let found = try await recomputation(shop.audience, live: wrong, contactsPerPartMax: contactsPerPart).run()
            #expect(found.missing == ["bob"])
            #expect(found.unexpected == ["nobody", "zoe"])
            #expect(found.missingCount == 1 && found.unexpectedCount == 2)
            #expect(found.checked == 4 && found.members == 2)
        }
    }

    @Test func `a recomputation that is cancelled ends early`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            let progress = BuildProgress(contactCount: 4)
            progress.cancel()
            let work = try await recomputation(shop.audience, live: [], progress: progress)
            #expect(await shop.failure { _ = try await work.run() }?.code == .cancelled)
        }
    }

    @Test func `one segment is recomputed at a time`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            _ = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            let progress = try shop.audience.reruns.begin(segment: "Other", eventCount: 10)
            progress.advance(to: 4)
            #expect(
                await shop.audience.status().reruns == [RerunStatus(segment: "Other", eventsDone: 4, events: 10)])
            let refused = await shop.failure { _ = try await shop.audience.rerun("VIP") }
            #expect(refused?.code == .rerunUnderWay)
            #expect(refused?.related == ["Other"])
            shop.audience.reruns.end()
            #expect(try await shop.audience.rerun("VIP").members == 2)
        }
    }

    @Test func `events that are not yet visible take no part`() async throws {
        try await TestShop.run(Self.contacts) { shop in
            var settings = shop.audience.settings()
            settings.visibilityDelayMicroseconds = 3_600_000_000
            try await shop.audience.change(settings)
            try await shop.tag(["eve": ["vip"]])
            _ = try await shop.audience.save(name: "VIP", where: ["tag": "vip"])
            #expect(try await shop.audience.rerun("VIP").members == 2)
            shop.clock.advance(by: 3_600_000_000)
            let later = try await shop.audience.rerun("VIP")
            #expect(later.members == 3 && later.missingCount == 0)
        }
    }

    /// Contacts, orders, refunds and erasures that have to do with one another now and then.
    @Test(arguments: 0..<100)
    func `parts of the contacts add up to the whole, whatever hangs together`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var events = RandomEvents(seed: seed, contacts: 12)
        let log = try (1...300).map { number in
            var event = events.next()
            event.fact = Self.keepingApart(event.fact, &random)
            let logged = LoggedEvent(
                sequence: UInt64(number), recordedAt: Instant(microseconds: Int64(number)),
                visibleAt: Instant(microseconds: Int64(number)), event: event)
            return (event: logged, subject: try Self.subject(event))
        }
        let whole = ReferenceFold.contacts(from: log.map(\.event))
        #expect(whole.count > 3)
        for partCount in [2, 7] {
            var partition = EventPartition(count: partCount)
            for entry in log { partition.note(entry.subject) }
            partition.settle()
            var parts: [Identifier: Contact] = [:]
            for part in 0..<partCount {
                let needed = log.filter { partition.needs($0.subject, for: part) }.map(\.event)
                let contacts = ReferenceFold.contacts(from: needed)
                    .filter { partition.part(of: EventSubject.hash(of: $0.key)) == part }
                parts.merge(contacts) { first, _ in first }
            }
            #expect(parts == whole, "seed \(seed), \(partCount) parts")
        }
    }

    private static func subject(_ event: Event) throws -> EventSubject {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        return try bytes.withUnsafeBytes { buffer in try EventSubject(of: buffer) }
    }

    /// The same fact with an order, or a refund, that most often is its contact's own.
    private static func keepingApart(_ fact: Fact, _ random: inout SeededGenerator) -> Fact {
        func own(_ key: OrderKey, _ contact: Identifier) -> OrderKey {
            random.chance(0.93) ? OrderKey(store: key.store, order: Identifier("\(key.order) of \(contact)")) : key
        }
        switch fact {
        case .orderPlaced(var state):
            state.key = own(state.key, state.contact)
            return .orderPlaced(state)
        case .orderChanged(var state):
            state.key = own(state.key, state.contact)
            return .orderChanged(state)
        case .orderCancelled(let key):
            return .orderCancelled(own(key, Identifier("c\(Int.random(in: 0..<12, using: &random))")))
        case .orderRefunded(var refund):
            if let key = refund.orderKey { refund.order = own(key, refund.contact).order }
            if random.chance(0.93) { refund.refund = Identifier("\(refund.refund) of \(refund.contact)") }
            return .orderRefunded(refund)
        default: return fact
        }
    }
}
