import Admission
import EventLog
import SegmentModel
import TestSupport

@testable import Audiences

/// A random audience, and what the reference says about it from the log alone.
struct ContactWorld {
    static let contacts = (0..<6).map { Identifier("c\($0)") }

    var random: SeededGenerator
    let clock: ManualClock
    let audience: Audience
    private var events: RandomEvents
    private var definitions: RandomDefinitions
    private let home: TemporaryDirectory
    private let directory: DataDirectory
    private var settings: AudienceSettings
    private(set) var names: [String] = []

    init(seed: UInt64, delayMicroseconds: Int64? = nil, segments: Int = 5) async throws {
        var random = SeededGenerator(seed: seed)
        events = RandomEvents(seed: seed &+ 1_000, contacts: Self.contacts.count)
        definitions = RandomDefinitions(seed: seed &+ 2_000)
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2024-02-01T00:00:00Z"))
        settings = AudienceSettings(
            name: "Shop", timezone: random.pick(["Europe/London", "America/New_York", "UTC"]), currency: "EUR",
            visibilityDelayMicroseconds: delayMicroseconds ?? random.pick([0, 1, 7_200_000_000]),
            fieldTypes: RandomDefinitions.fieldTypes)
        self.random = random
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try await directory.create(id: "shop", settings: settings)
        for _ in 0..<segments { try await save() }
    }

    func close() async throws { try await directory.close() }

    mutating func save() async throws {
        let name = "segment \(names.count + 1)"
        _ = try await audience.save(name: name, where: definitions.next(segments: names))
        names.append(name)
    }

    /// Edits any segment but so that none can come to contain itself.
    mutating func edit() async throws {
        let place = Int.random(in: names.indices, using: &random)
        let definition = definitions.next(segments: Array(names.prefix(place)))
        _ = try await audience.edit(names[place], where: definition)
    }

    mutating func changeSettings() async throws {
        settings.currency = random.pick(["EUR", "USD"])
        settings.countedStatuses = random.pick([EvaluationContext.countedByDefault, [.placed, .cancelled]])
        try await audience.change(settings)
    }

    mutating func ingest(_ count: Int) async throws {
        _ = try await audience.ingest(AdmittedBatch((0..<count).map { _ in events.next() }))
    }

    /// Moves the clock to an instant, the frontier with it.
    func move(to instant: Instant) async throws {
        clock.move(to: instant)
        try await audience.tick()
    }

    /// Lets some time pass, between nothing and twenty days.
    func pass(_ microseconds: Int64) async throws {
        try await move(to: clock.now().advanced(byMicroseconds: microseconds))
    }

    /// Who is in which segment now, by the segment's name.
    func members() async throws -> [String: Set<Identifier>] {
        var members: [String: Set<Identifier>] = [:]
        for name in names { members[name] = Set(try await audience.members(of: name).members.map(\.contact)) }
        return members
    }

    /// The past as the log has it.
    func history() throws -> History { try History(audience) }
}

/// An audience's events and definitions, for the reference to be asked at any instant.
struct History {
    let events: [LoggedEvent]
    /// The definitions after each record, with its instant.
    let books: [(at: Instant, book: DefinitionBook)]

    init(_ audience: Audience) throws {
        events = try audience.log.read(from: 1, countMax: .max)
        var book = DefinitionBook(settings: AudienceSettings(name: ""))
        books = try audience.log.definitions().map { json in
            let record = DefinitionRecord(json)
            if let record { try book.apply(record) }
            return (book.lastChangeAt, book)
        }
    }

    func contacts(at instant: Instant) -> [Identifier: Contact] {
        ReferenceFold.contacts(from: events.filter { $0.visibleAt <= instant })
    }

    func evaluator(at instant: Instant) throws -> (ReferenceEvaluator, DefinitionBook)? {
        guard let book = books.last(where: { $0.at <= instant })?.book else { return nil }
        var context = try book.settings.evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
        context.segments = book.segments.mapValues(\.condition)
        return (ReferenceEvaluator(context: context), book)
    }

    /// From when on each contact has been in each segment it is in at `end`, by looking at every instant at which
    /// anything could change.
    func standings(at end: Instant) throws -> [Identifier: [String: Instant]] {
        var standings: [Identifier: [String: Instant]] = [:]
        let fixed = Set(events.map(\.visibleAt) + books.map(\.at)).filter { $0 <= end }.sorted()
        for (place, start) in fixed.enumerated() {
            let next = place + 1 < fixed.count ? fixed[place + 1] : end.advanced(byMicroseconds: 1)
            let contacts = contacts(at: start)
            for id in standings.keys where contacts[id] == nil { standings[id] = nil }
            guard let (evaluator, book) = try evaluator(at: start) else { continue }
            for (id, contact) in contacts {
                for segment in standings[id, default: [:]].keys where book.segments[segment] == nil {
                    standings[id]?[segment] = nil
                }
                for (segment, saved) in book.segments {
                    var instant: Instant? = start
                    while let now = instant, now < next {
                        if !evaluator.isTrue(saved.condition, of: contact, at: now) {
                            standings[id]?[segment] = nil
                        } else if standings[id]?[segment] == nil {
                            standings[id, default: [:]][segment] = now
                        }
                        instant = evaluator.nextEdge(of: saved.condition, contact, after: now)
                    }
                }
            }
        }
        return standings
    }
}
