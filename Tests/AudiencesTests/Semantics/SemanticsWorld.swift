import Admission
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// An audience, and beside it the same log for the reference.
struct SemanticsWorld {
    private let home: TemporaryDirectory
    private let clock: ManualClock
    private let settings: AudienceSettings
    private let directory: DataDirectory
    private let audience: Audience
    private var log: [LoggedEvent] = []
    private var context: EvaluationContext

    init(_ settings: AudienceSettings, at start: Instant) async throws {
        self.settings = settings
        home = try TemporaryDirectory()
        clock = ManualClock(start)
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try await directory.create(id: "page", settings: settings)
        context = try settings.evaluationContext(zones: ZoneDirectory(path: "/usr/share/zoneinfo"))
    }

    /// Takes an event as the page writes it, recorded now.
    mutating func ingest(_ text: String) async throws {
        let number = log.count + 1
        let line = #"{"specversion":"1.0","source":"page","id":"\#(number)","# + text.dropFirst()
        let admission = NDJSONAdmission()
        admission.feed(Array(line.utf8))
        let batch = admission.finish()
        let receipt = try await audience.ingest(batch)
        let admitted = try batch.events.first?.event
        let event = try #require(admitted, "\(batch.rejections) of \(text)")
        let recordedAt = try #require(receipt.recordedAt, "\(receipt.problems) of \(text)")
        log.append(
            LoggedEvent(
                sequence: UInt64(number), recordedAt: recordedAt,
                visibleAt: recordedAt.advanced(byMicroseconds: settings.visibilityDelayMicroseconds), event: event))
    }

    mutating func save(_ name: String, _ condition: JSONValue) async throws {
        _ = try await audience.save(name: name, where: condition)
        context.segments[name] = try Condition(parsing: condition, types: settings.fieldTypes)
    }

    func move(to instant: Instant) async throws {
        clock.move(to: instant)
        try await audience.tick()
        let frontier = await audience.status().frontier
        try #require(frontier == instant)
    }

    /// The members as the audience answers them.
    func members(of name: String) async throws -> Set<Identifier> {
        Set(try await audience.members(of: name).members.map(\.contact))
    }

    /// The members as the reference has them.
    func reference(_ name: String, at instant: Instant) throws -> Set<Identifier> {
        let (evaluator, condition) = try judge(name)
        let contacts = contacts(at: instant).values
        return Set(contacts.filter { evaluator.isTrue(condition, of: $0, at: instant) }.map(\.id))
    }

    /// The first instant after another at which the membership of each contact changes, if no event comes.
    func nextChanges(of name: String, after start: Instant, until end: Instant) throws
        -> [Identifier: SemanticsPage.Change]
    {
        let (evaluator, condition) = try judge(name)
        var changes: [Identifier: SemanticsPage.Change] = [:]
        for contact in contacts(at: start).values {
            let isIn = evaluator.isTrue(condition, of: contact, at: start)
            var now = start
            while let edge = evaluator.nextEdge(of: condition, contact, after: now), edge <= end {
                now = edge
                guard evaluator.isTrue(condition, of: contact, at: now) != isIn else { continue }
                changes[contact.id] = SemanticsPage.Change(instant: now, isEntering: !isIn)
                break
            }
        }
        return changes
    }

    /// The first instant after another at which an event becomes visible.
    func nextVisible(after instant: Instant) -> Instant? {
        log.map(\.visibleAt).filter { $0 > instant }.min()
    }

    func close() async throws {
        try await directory.close()
    }

    private func judge(_ name: String) throws -> (ReferenceEvaluator, Condition) {
        (ReferenceEvaluator(context: context), try #require(context.segments[name]))
    }

    private func contacts(at instant: Instant) -> [Identifier: Contact] {
        ReferenceFold.contacts(from: log.filter { $0.visibleAt <= instant })
    }
}
