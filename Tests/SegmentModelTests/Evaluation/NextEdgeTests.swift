import SegmentModel
import TestSupport
import Testing

@Suite("Next edges")
struct NextEdgeTests {
    private func edges(
        of condition: JSONValue, _ contact: Contact, from start: String, count: Int = 10, zone: TimeZoneRules = .utc
    ) throws -> [String] {
        let condition = try Condition(parsing: condition, types: ["due": .date])
        let evaluator = ReferenceEvaluator(context: EvaluationContext(zone: zone, currency: "EUR"))
        var now = Sample.instant(start)
        var edges: [String] = []
        while edges.count < count, let edge = evaluator.nextEdge(of: condition, contact, after: now) {
            edges.append(edge.description)
            now = edge
        }
        return edges
    }

    private let buyer = Sample.contact(orders: [
        Sample.order("1", "2026-01-10T00:00:00Z"), Sample.order("2", "2026-02-01T12:00:00Z"),
    ])

    @Test("Orders begin to count, and windows leave them behind, and then nothing more can happen")
    func window() throws {
        #expect(
            try edges(
                of: ["activity": "order", "within": ["last": "P30D"]], buyer, from: "2026-01-01T00:00:00Z") == [
                    "2026-01-10T00:00:00Z", "2026-02-01T12:00:00Z", "2026-02-09T00:00:00Z", "2026-03-03T12:00:00Z",
                ])
        #expect(try edges(of: ["activity": "order"], buyer, from: "2026-02-01T12:00:00Z") == [])
    }

    @Test("Days since count on every 24 hours")
    func daysSince() throws {
        #expect(
            try edges(
                of: ["activity": "order", "measure": "daysSinceLast", "value": 3], buyer,
                from: "2026-02-10T00:00:00Z", count: 2) == ["2026-02-10T12:00:00Z", "2026-02-11T00:00:00Z"])
    }

    @Test("Day-granular values change at local midnights, the length of the day notwithstanding")
    func midnights() throws {
        let contact = Sample.contact(fields: ["due": .text("2026-03-29")])
        let paris = try Sample.zone("Europe/Paris")
        let condition: JSONValue = ["field": "fields.due", "op": "within", "value": ["next": "P1D"]]
        let edges = try edges(of: condition, contact, from: "2026-03-28T12:00:00Z", count: 3, zone: paris)
        #expect(edges == ["2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T22:00:00Z"])
    }

    @Test("What does not depend on the clock has no edge")
    func never() throws {
        let contact = Sample.contact(
            [.birthday: .birthday(month: 3, day: 1)], fields: ["due": .text("2026-03-29")], tags: ["vip"])
        for condition: JSONValue in [
            ["tag": "vip"], ["field": "birthday", "op": "month_is", "value": 3], ["segment": "none"],
            ["field": "fields.due", "op": "on", "value": "2026-03-29"],
            ["activity": "order", "within": ["last": "P1D"]],
            ["field": "firstSeenAt", "op": "before", "value": "2030-01-01"],
            ["field": "signedUpAt", "op": "within", "value": ["last": "P1D"]],
        ] {
            #expect(try edges(of: condition, contact, from: "2026-01-01T00:00:00Z") == [], "\(condition.text)")
        }
    }

    @Test(
        "Truth is constant from each edge to the next",
        arguments: [
            ("UTC", "2026-03-10T00:00:00Z"), ("Europe/Paris", "2026-03-25T00:00:00Z"),
            ("America/New_York", "2025-11-02T00:00:00Z"), ("America/St_Johns", "2010-11-07T00:00:00Z"),
            ("Australia/Lord_Howe", "2024-04-05T00:00:00Z"), ("Pacific/Apia", "2011-12-30T00:00:00Z"),
            ("Asia/Tehran", "2024-02-29T00:00:00Z"),
        ])
    func truthIsConstantBetweenEdges(zoneName: String, center: String) throws {
        let zone = try Sample.zone(zoneName)
        for seed in UInt64(1)...40 {
            var samples = RandomSamples(seed: seed, around: center)
            let contact = samples.contact()
            var context = EvaluationContext(zone: zone, currency: "EUR", fieldTypes: RandomSamples.types)
            // Only what stands outside the segment may refer to it.
            context.segments["s"] = try Condition(parsing: ["activity": "order", "within": ["last": "P1M"]])
            let condition = try Condition(parsing: samples.definition(), types: RandomSamples.types)
            let walk = EdgeWalk(evaluator: ReferenceEvaluator(context: context), condition: condition, contact: contact)
            let broken = walk.firstBreak(at: probes(&samples, contact))
            #expect(broken == nil, "seed \(seed), \(condition.json.text)")
        }
    }

    /// Instants at which something may change: whole days and half hours after what happened, and just before.
    private func probes(_ samples: inout RandomSamples, _ contact: Contact) -> [Instant] {
        let happened =
            contact.orders.map(\.placedAt) + contact.activities.map(\.occurredAt)
            + contact.unlinkedRefunds.map(\.occurredAt) + [contact.firstSeenAt, samples.center]
        return (0..<150).map { _ in
            let days = Int64.random(in: -64...64, using: &samples.random)
            let halfHours = Int64.random(in: -3...3, using: &samples.random)
            let steps = days * 86_400_000_000 + halfHours * 1_800_000_000 - (samples.random.chance(0.5) ? 1 : 0)
            return samples.random.pick(happened).advanced(byMicroseconds: steps)
        }.sorted()
    }
}

/// Walks from edge to edge, asking at probes in between.
private struct EdgeWalk {
    let evaluator: ReferenceEvaluator
    let condition: Condition
    let contact: Contact

    /// The first probe at which the truth is not that of the edge before it.
    func firstBreak(at probes: [Instant]) -> Instant? {
        guard var now = probes.first else { return nil }
        var truth = isTrue(now)
        var next = evaluator.nextEdge(of: condition, contact, after: now)
        for probe in probes {
            while let edge = next, edge <= probe {
                // The last instant before the edge still belongs to the one before.
                if isTrue(edge.advanced(byMicroseconds: -1)) != truth { return edge }
                now = edge
                truth = isTrue(now)
                next = evaluator.nextEdge(of: condition, contact, after: now)
            }
            if isTrue(probe) != truth { return probe }
        }
        return nil
    }

    private func isTrue(_ now: Instant) -> Bool {
        evaluator.isTrue(condition, of: contact, at: now)
    }
}
