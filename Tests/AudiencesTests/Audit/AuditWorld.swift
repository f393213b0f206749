import Admission
import EventLog
import SegmentModel
import TestSupport

@testable import Audiences
@testable import SegmentEngine

/// An audience whose events and definitions come from a seed, and whose live state can be made wrong.
struct AuditWorld {
    let clock: ManualClock
    let directory: DataDirectory
    let audience: Audience
    var random: SeededGenerator
    private var events: RandomEvents
    private let home: TemporaryDirectory

    /// Lends a world with some segments and contacts, and closes it.
    static func run(seed: UInt64, segments: Int = 5, _ body: (inout AuditWorld) async throws -> Void) async throws {
        var world = try await AuditWorld(seed: seed)
        var definitions = RandomDefinitions(seed: seed &+ 2_000)
        for number in 1...segments {
            let names = (1..<number).map { "segment \($0)" }
            _ = try await world.audience.save(name: "segment \(number)", where: definitions.next(segments: names))
        }
        for _ in 0..<4 { try await world.step() }
        try await body(&world)
        try await world.directory.close()
    }

    private init(seed: UInt64) async throws {
        random = SeededGenerator(seed: seed)
        events = RandomEvents(seed: seed &+ 1_000)
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        let settings = AudienceSettings(
            name: "Shop", timezone: random.pick(["Europe/London", "America/New_York", "UTC"]), currency: "EUR",
            visibilityDelayMicroseconds: random.pick([0, 7_200_000_000]), fieldTypes: RandomDefinitions.fieldTypes)
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try await directory.create(id: "shop", settings: settings)
    }

    /// Hands some events in and lets time pass.
    mutating func step(events count: Int = 30) async throws {
        try await ingest(count)
        clock.advance(by: Int64.random(in: 0...(9 * 86_400_000_000), using: &random))
        try await audience.tick()
    }

    mutating func ingest(_ count: Int) async throws {
        _ = try await audience.ingest(AdmittedBatch((0..<count).map { _ in events.next() }))
    }

    /// Some of the contacts, at the frontier.
    func contacts() async throws -> [Identifier] {
        try await audience.contacts(limit: 1_000).contacts.map(\.contact)
    }
}

extension Projection {
    /// Makes the column of a leaf say the opposite of a contact; nothing else of the live state follows.
    ///
    /// - Returns: the leaf in words; nil if it has no column of that number.
    func turn(leaf number: Int, of contact: Identifier) -> String? {
        let leaf = LeafID(rawValue: UInt32(number))
        let snapshot = engine.snapshot()
        guard let condition = engine.catalog.leaf(leaf)?.statement, let ordinal = snapshot.ordinal(of: contact) else {
            return nil
        }
        var column = engine.columns[leaf]
        _ = column.flip(ordinal)
        engine.columns.add(column, for: leaf)
        publish()
        return condition.sentence()
    }

    /// Makes the engine count a member too many.
    func miscount(_ segment: String) {
        guard let number = engine.catalog.number(of: segment) else { return }
        engine.counts[Int(number.rawValue)] += 1
        publish()
    }

    /// Takes a contact out of those that exist, or puts it back.
    func turnExistence(of contact: Identifier) {
        guard let ordinal = engine.snapshot().ordinal(of: contact) else { return }
        _ = engine.columns.exists.flip(ordinal)
        publish()
    }
}
