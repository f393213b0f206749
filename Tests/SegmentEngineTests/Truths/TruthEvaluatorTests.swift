import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// Random leaves compiled for one audience, asked of random contacts, with the reference as the judge.
struct TruthWorld {
    let evaluator: ReferenceEvaluator
    let leaves: [Leaf]
    private let texts = SampleTexts()
    private var engine: TruthEvaluator

    init(seed: UInt64, zone: TimeZoneRules, leaves count: Int) {
        let context = EvaluationContext(zone: zone, currency: "EUR")
        let evaluator = ReferenceEvaluator(context: context)
        var random = RandomLeaves(
            contacts: RandomContacts(random: SeededGenerator(seed: seed &* 7919)), evaluator: evaluator)
        var leaves: [Leaf] = []
        for _ in 0..<count { leaves.append(random.leaf()) }
        self.init(leaves, evaluator)
    }

    init(_ leaves: [Leaf], _ evaluator: ReferenceEvaluator) {
        self.leaves = leaves
        self.evaluator = evaluator
        let context = evaluator.context
        let program = LeafProgram(
            leaves: leaves.enumerated().map { (LeafID(rawValue: UInt32($0) * 3 + 1), $1) }, context: context)
        engine = TruthEvaluator(program: program, texts: texts)
    }

    static func zone(_ name: String) throws -> TimeZoneRules {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name))
        return try TimeZoneRules(name: name, tzif: [UInt8](bytes))
    }

    func record(of contact: Contact) -> SampleRecord { SampleRecord(contact, texts) }

    /// What the engine says: per leaf whether it holds, and the edge.
    mutating func answers(of record: SampleRecord, at now: Instant) -> (truths: [UInt32], edge: Int64) {
        var truths: [UInt32] = []
        let edge = record.bytes.withUnsafeBytes {
            engine.evaluate(record.contact, bytes: $0, at: now.microseconds, truths: &truths)
        }
        return (truths.sorted(), edge)
    }

    /// An empty history with what the record has added.
    mutating func history(of record: SampleRecord) -> HeavyHistory {
        let history = HeavyHistory(program: engine.program)
        rebuild(history, record)
        return history
    }

    mutating func rebuild(_ history: HeavyHistory, _ record: SampleRecord) {
        record.bytes.withUnsafeBytes { engine.rebuild(history, record.contact, bytes: $0) }
    }

    mutating func appendLastOrder(of record: SampleRecord, to history: HeavyHistory) -> Bool {
        guard let order = record.contact.orders.last else { return false }
        return engine.append(order, record.contact.lines, to: history)
    }

    mutating func appendLastActivity(of record: SampleRecord, to history: HeavyHistory) -> Bool {
        guard let activity = record.contact.activities.last else { return false }
        return record.bytes.withUnsafeBytes {
            engine.append(activity, record.contact.properties, bytes: $0, to: history)
        }
    }

    /// What the engine says by way of a history.
    mutating func answers(
        of record: SampleRecord, _ history: HeavyHistory, at now: Instant
    ) -> (truths: [UInt32], edge: Int64) {
        var truths: [UInt32] = []
        let edge = record.bytes.withUnsafeBytes {
            engine.evaluate(record.contact, history, bytes: $0, at: now.microseconds, truths: &truths)
        }
        return (truths.sorted(), edge)
    }

    /// What the reference says.
    func truths(of contact: Contact, at now: Instant) -> [UInt32] {
        leaves.indices.filter {
            evaluator.isTrue(leaves[$0].condition, of: contact, at: now) != leaves[$0].isInverted
        }.map { UInt32($0) * 3 + 1 }
    }

    /// The leaves by which two answers differ, for messages.
    func difference(_ left: [UInt32], _ right: [UInt32]) -> String {
        Set(left).symmetricDifference(right).sorted().prefix(3).map { "\(leaves[Int($0) / 3])" }.joined(separator: "\n")
    }
}

@Suite("Truths of leaves")
struct TruthEvaluatorTests {
    static let zones = [
        "UTC", "Europe/London", "America/New_York", "America/Havana", "Asia/Beirut", "America/St_Johns",
        "Pacific/Apia", "Australia/Lord_Howe",
    ]

    @Test("The leaves that hold are those of the reference, at any instant", arguments: zones)
    func truths(zone: String) throws {
        for seed in UInt64(1)...4 {
            var world = TruthWorld(seed: seed, zone: try TruthWorld.zone(zone), leaves: 120)
            var contacts = RandomContacts(random: SeededGenerator(seed: seed))
            for _ in 0..<6 {
                let contact = contacts.contact()
                let record = world.record(of: contact)
                for _ in 0..<3 {
                    let now = contacts.instant()
                    let (answer, edge) = world.answers(of: record, at: now)
                    let expected = world.truths(of: contact, at: now)
                    #expect(answer == expected, "\(zone) \(seed) \(now)\n\(world.difference(answer, expected))")
                    #expect(edge > now.microseconds)
                }
            }
        }
    }

    @Test("Nothing changes before the edge", arguments: zones)
    func edges(zone: String) throws {
        for seed in UInt64(1)...4 {
            var world = TruthWorld(seed: seed + 50, zone: try TruthWorld.zone(zone), leaves: 50)
            var contacts = RandomContacts(random: SeededGenerator(seed: seed + 50))
            for _ in 0..<6 {
                let contact = contacts.contact()
                let record = world.record(of: contact)
                var now = contacts.instant()
                for _ in 0..<8 {
                    let (answer, edge) = world.answers(of: record, at: now)
                    try #require(edge > now.microseconds)
                    let end = min(edge, now.microseconds + 500 * 86_400_000_000)
                    let between = Int64.random(in: now.microseconds..<end, using: &contacts.random)
                    for probe in [now.microseconds, between, end - 1].map(Instant.init(microseconds:)) {
                        let expected = world.truths(of: contact, at: probe)
                        #expect(
                            answer == expected,
                            "\(zone) \(seed) \(now) \(probe)\n\(world.difference(answer, expected))")
                    }
                    guard edge != .max else { break }
                    now = Instant(microseconds: edge)
                }
            }
        }
    }
}

@Suite("Wakes of contacts")
struct WakeEconomyTests {
    private static let january = (1...9).map { "2026-01-0\($0)T12:00:00Z" }

    /// The edges of a leaf, one after the other, for a contact with orders of 10 at these instants.
    private func edges(
        of condition: ActivityCondition, orders: [String] = january, from start: String = "2026-01-10T00:00:00Z"
    ) throws -> [String] {
        let context = EvaluationContext(zone: .utc, currency: "EUR")
        let program = LeafProgram(
            leaves: [(LeafID(rawValue: 0), Leaf(condition: .activity(condition), isInverted: false))], context: context)
        let texts = SampleTexts()
        var engine = TruthEvaluator(program: program, texts: texts)
        var contact = Contact(id: "c", firstSeenAt: .earliest)
        for (number, placedAt) in orders.enumerated() {
            contact.orders.append(
                Order(
                    key: OrderKey(store: "web", order: Identifier("o\(number)")), currency: "EUR",
                    amount: Amount(tenThousandths: 100_000), status: .placed, isTest: false,
                    placedAt: try Instant(rfc3339: placedAt), lines: [], sequence: UInt64(number)))
        }
        let record = SampleRecord(contact, texts)
        var now = try Instant(rfc3339: start).microseconds
        var edges: [String] = []
        while true {
            var truths: [UInt32] = []
            let edge = record.bytes.withUnsafeBytes {
                engine.evaluate(record.contact, bytes: $0, at: now, truths: &truths)
            }
            guard edge != .max else { return edges }
            try #require(edge > now && edges.count < 100)
            edges.append(Instant(microseconds: edge).description)
            now = edge
        }
    }

    @Test("Only the order by whose leaving a threshold is missed wakes its contact")
    func thresholds() throws {
        let window = Window.last(try Period(iso8601: "P30D"))
        let three = MeasureTest.number(.atLeast(Number(3)))
        #expect(
            try edges(of: ActivityCondition(activity: .order, window: window, test: three)) == ["2026-02-06T12:00:00Z"])
        let twenty = MeasureTest.number(.atLeast(Number(20)))
        #expect(
            try edges(of: ActivityCondition(activity: .order, window: window, measure: .total, test: twenty))
                == ["2026-02-07T12:00:00Z"])
        let ten = MeasureTest.number(.atLeast(Number(10)))
        #expect(try edges(of: ActivityCondition(activity: .order, window: window, test: ten)) == [])
        #expect(
            try edges(of: ActivityCondition(activity: .order, measure: .daysSinceLast, test: ten))
                == ["2026-01-19T12:00:00Z"])
        let last = MeasureTest.instant(.within(.last(try Period(iso8601: "P1M"))))
        #expect(
            try edges(of: ActivityCondition(activity: .order, measure: .last, test: last)) == ["2026-02-09T12:00:00Z"])
    }

    @Test("At the end of a month an order comes back into the window that it left, midnight after midnight")
    func returning() throws {
        let month = try Period(iso8601: "P1M")
        let expected = [
            "2026-03-28T15:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29T15:00:00Z", "2026-03-30T00:00:00Z",
            "2026-03-30T15:00:00Z", "2026-03-31T00:00:00Z", "2026-03-31T15:00:00Z",
        ]
        for window in [Window.last(month), .notLast(month)] {
            #expect(
                try edges(
                    of: ActivityCondition(activity: .order, window: window), orders: ["2026-02-28T15:00:00Z"],
                    from: "2026-03-01T00:00:00Z") == expected)
        }
    }
}
