import Admission
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import Audiences

/// The law of the whole: what an audience answers equals the reference evaluator on the raw visible events.
@Suite struct MembershipPropertyTests {
    @Test(arguments: 0..<40) func `answers equal the reference at every instant looked at`(seed: UInt64) async throws {
        var world = try await World(seed: seed)
        for _ in 0..<25 { try await world.step() }
        #expect(world.comparisons > 0, "seed \(seed) compared nothing")
        try await world.close()
    }
}

/// An audience, and beside it everything that was sent to it and when.
private struct World {
    private(set) var comparisons = 0

    private var random: SeededGenerator
    private var events: RandomEvents
    private var definitions: RandomDefinitions
    private let seed: UInt64
    private let home: TemporaryDirectory
    private let clock: ManualClock
    private let settings: AudienceSettings
    private var directory: DataDirectory
    private var audience: Audience
    private var accepted: [LoggedEvent] = []
    private var contents: [String: Event] = [:]
    private var saved: [String: JSONValue] = [:]

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        events = RandomEvents(seed: seed &+ 1_000)
        definitions = RandomDefinitions(seed: seed &+ 2_000)
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        settings = AudienceSettings(
            name: "Shop", timezone: random.pick(["Europe/London", "America/New_York", "UTC"]), currency: "EUR",
            visibilityDelayMicroseconds: random.pick([0, 1, 7_200_000_000]), fieldTypes: RandomDefinitions.fieldTypes)
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try await directory.create(id: "shop", settings: settings)
        for number in 1...4 { try await save("segment \(number)") }
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: try await restart()
        case 1: try await save("segment \(saved.count + 1)")
        case 2: try await edit()
        case 3...5: clock.move(to: RandomEvents.instant(using: &random))
        default: clock.advance(by: Int64.random(in: 0...(5 * 86_400_000_000), using: &random))
        }
        try await ingest()
        if random.chance(0.7) {
            try await audience.tick()
            try await compare()
        }
    }

    func close() async throws {
        try await directory.close()
    }

    private mutating func restart() async throws {
        try await directory.close()
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try directory.audience("shop")
    }

    private mutating func save(_ name: String) async throws {
        let definition = definitions.next(segments: saved.keys.sorted())
        _ = try await audience.save(name: name, where: definition)
        saved[name] = definition
    }

    /// Edits the segment that was saved last, which no other refers to, so that no cycle can arise.
    private mutating func edit() async throws {
        let name = "segment \(saved.count)"
        let definition = definitions.next(segments: saved.keys.filter { $0 != name }.sorted())
        _ = try await audience.edit(name, where: definition)
        saved[name] = definition
    }

    private mutating func ingest() async throws {
        let batch = (0..<Int.random(in: 0...12, using: &random)).map { _ in events.next() }
        // What comes after the frontier was sent to an instant becomes visible later than that.
        let earliest = await audience.status().frontier
            .advanced(byMicroseconds: 1 - settings.visibilityDelayMicroseconds)
        let receipt = try await audience.ingest(AdmittedBatch(batch))
        var expected = IngestReceipt()
        for event in batch {
            let key = "\(event.source) \(event.id)"
            if let known = contents[key] {
                if known == event { expected.duplicates += 1 } else { expected.conflicts += 1 }
                continue
            }
            contents[key] = event
            expected.appended += 1
            let recordedAt = max(accepted.last?.recordedAt ?? .earliest, clock.now(), earliest)
            let visibleAt = recordedAt.advanced(byMicroseconds: settings.visibilityDelayMicroseconds)
            accepted.append(
                LoggedEvent(
                    sequence: UInt64(accepted.count + 1), recordedAt: recordedAt,
                    visibleAt: max(accepted.last?.visibleAt ?? .earliest, visibleAt), event: event))
        }
        #expect(receipt.appended == expected.appended)
        #expect(receipt.duplicates == expected.duplicates)
        #expect(receipt.conflicts == expected.conflicts)
    }

    private mutating func compare() async throws {
        let frontier = await audience.status().frontier
        let contacts = ReferenceFold.contacts(from: accepted.filter { $0.visibleAt <= frontier })
        var context = try settings.evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
        for (name, definition) in saved {
            context.segments[name] = try Condition(parsing: definition, types: settings.fieldTypes)
        }
        let evaluator = ReferenceEvaluator(context: context)
        for (name, definition) in saved {
            let condition = try Condition(parsing: definition, types: settings.fieldTypes)
            let expected = contacts.values.filter { evaluator.isTrue(condition, of: $0, at: frontier) }.map(\.id)
                .sorted()
            let page = try await audience.members(of: name)
            #expect(
                page.members.map(\.contact) == expected,
                "seed \(seed), \(name) at \(frontier): \(definition.text)")
            #expect(page.count == expected.count)
            #expect(try await audience.review(definition, sample: 3).count == expected.count)
            comparisons += 1
        }
    }
}
