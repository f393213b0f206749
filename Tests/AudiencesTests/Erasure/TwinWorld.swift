import Admission
import EventLog
import SegmentModel
import TestSupport

@testable import Audiences

/// Two audiences that are told the same at the same instants; of one the erasures are worked off, of the other never.
struct TwinWorld {
    static let contacts = (0..<6).map { Identifier("c\($0)") }
    static let names = ["plain", "worked"]

    let home: TemporaryDirectory
    let clock: ManualClock
    var random: SeededGenerator
    private(set) var segments: [String] = []
    private var erasures = 0
    private var directory: DataDirectory
    private var events: RandomEvents
    private var definitions: RandomDefinitions

    init(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        events = RandomEvents(seed: seed &+ 1_000, contacts: Self.contacts.count)
        definitions = RandomDefinitions(seed: seed &+ 2_000)
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        let settings = AudienceSettings(
            name: "Shop", timezone: "Europe/London", currency: "EUR",
            visibilityDelayMicroseconds: random.pick([0, 1, 7_200_000_000]), fieldTypes: RandomDefinitions.fieldTypes)
        for name in Self.names { _ = try await directory.create(id: name, settings: settings) }
        self.random = random
        for _ in 0..<4 { try await save() }
    }

    var plain: Audience { get throws { try directory.audience("plain") } }
    var worked: Audience { get throws { try directory.audience("worked") } }
    private var both: [Audience] { get throws { [try plain, try worked] } }

    func close() async throws { try await directory.close() }

    /// As a process that ends and is started again.
    ///
    /// - Parameter rebuilds: whether views and indexes are gone then.
    mutating func restart(rebuilds: Bool = false) async throws {
        try await directory.close()
        if rebuilds {
            for name in Self.names {
                for part in ["view", "index"] { try? home.remove("audiences/\(name)/\(part)") }
            }
        }
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
    }

    mutating func save() async throws {
        let name = "segment \(segments.count + 1)"
        let definition = definitions.next(segments: segments)
        for audience in try both { _ = try await audience.save(name: name, where: definition) }
        segments.append(name)
    }

    /// Hands the next events in; returns how many each audience took.
    mutating func ingest(_ count: Int) async throws -> [Int] {
        let batch = AdmittedBatch((0..<count).map { _ in events.next() })
        var appended: [Int] = []
        for audience in try both { appended.append(try await audience.ingest(batch).appended) }
        return appended
    }

    mutating func erase() async throws {
        erasures += 1
        let erasure = Event(
            source: "twin", id: Identifier("\(erasures)"), time: nil,
            fact: .contactErased(contact: random.pick(Self.contacts)))
        for audience in try both { _ = try await audience.ingest(AdmittedBatch([erasure])) }
    }

    /// Lets some time pass, between nothing and ten days.
    mutating func pass() async throws {
        let hour: Int64 = 3_600_000_000
        clock.advance(by: random.pick([0, 1, hour, 3 * hour, Int64.random(in: 0...(240 * hour), using: &random)]))
        for audience in try both { try await audience.tick() }
    }

    /// Everything that an audience answers about everybody.
    func answers(_ audience: Audience) async throws -> Answers {
        var answers = Answers()
        for name in segments {
            answers.members[name] = try await audience.members(of: name).members.map(\.contact)
            answers.counts[name] = try await audience.segment(name).count
        }
        for id in Self.contacts {
            guard let contact = try? await audience.contact(id) else { continue }
            answers.contacts[id] = contact
            for name in segments.prefix(2) {
                answers.explanations["\(id) \(name)"] = String(
                    describing: try await audience.explain(name, contact: id))
            }
        }
        return answers
    }

    struct Answers: Equatable {
        var members: [String: [Identifier]] = [:]
        var counts: [String: Int] = [:]
        var contacts: [Identifier: ContactSnapshot] = [:]
        var explanations: [String: String] = [:]
    }
}
