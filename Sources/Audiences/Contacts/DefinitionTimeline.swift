internal import EventLog
internal import SegmentModel
internal import Synchronization

/// An audience's definitions in the order in which they were made, as whoever replays a contact needs them.
///
/// Read from the log when somebody first asks, and again for what came since; shared by all readers.
final class DefinitionTimeline: Sendable {
    /// What one record of the definitions changed, and from when on.
    struct Step: Sendable {
        /// Never before that of an earlier step, whatever the clock did.
        let instant: Instant
        let change: Change
    }

    enum Change: Sendable {
        /// A segment was saved, or got another definition.
        case segment(id: String, Condition)
        case removed(id: String)
        /// Settings, with all conditions as they read with them.
        case settings(AudienceSettings, [String: Condition])
        /// No segment got another condition.
        case nothing
    }

    private struct State {
        var steps: [Step] = []
        var book: DefinitionBook?
    }

    private let state = Mutex(State())

    /// The first `count` definitions. Cost: a reference, or reading the definitions if there are later ones than known.
    func steps(_ count: Int, of log: EventLog) throws(AudienceError) -> ArraySlice<Step> {
        try state.withLock { state throws(AudienceError) in
            if state.steps.count < count { try Self.read(log, into: &state) }
            return state.steps.prefix(count)
        }
    }

    private static func read(_ log: EventLog, into state: inout State) throws(AudienceError) {
        let records: [JSONValue]
        do {
            records = try log.definitions()
        } catch {
            throw AudienceError(error)
        }
        // Taken out, so that the book is changed where it lies and not copied for each record.
        var book = state.book ?? DefinitionBook(settings: AudienceSettings(name: ""))
        state.book = nil
        defer { state.book = book }
        for json in records.dropFirst(state.steps.count) {
            guard let record = DefinitionRecord(json) else {
                throw AudienceError(.dataDamaged, "A definition is not of a form this version knows.")
            }
            try book.apply(record)
            let instant = max(state.steps.last?.instant ?? .earliest, book.lastChangeAt)
            state.steps.append(Step(instant: instant, change: change(record, book)))
        }
    }

    private static func change(_ record: DefinitionRecord, _ book: DefinitionBook) -> Change {
        switch record {
        case .settings(let settings, _): .settings(settings, book.segments.mapValues(\.condition))
        case .segment(let stored, _):
            book.segments[stored.id].map { .segment(id: stored.id, $0.condition) } ?? .removed(id: stored.id)
        case .segmentDeleted(let id, _): .removed(id: id)
        case .fit(let fit):
            book.segments[fit.segment].map { .segment(id: fit.segment, $0.condition) } ?? .nothing
        case .sent: .nothing
        }
    }
}

extension DefinitionTimeline.Change {
    /// The same as far as these segments are concerned; nil if it does not concern them.
    func limited(to segments: Set<String>) -> DefinitionTimeline.Change? {
        switch self {
        case .segment(let id, _), .removed(let id): segments.contains(id) ? self : nil
        case .settings(let settings, let conditions):
            .settings(settings, conditions.filter { segments.contains($0.key) })
        case .nothing: nil
        }
    }

    /// The conditions it gives to segments.
    var conditions: [(id: String, condition: Condition)] {
        switch self {
        case .segment(let id, let condition): [(id, condition)]
        case .removed, .nothing: []
        case .settings(_, let conditions): conditions.map { ($0.key, $0.value) }
        }
    }
}

extension ArraySlice<DefinitionTimeline.Step> {
    /// The steps that these segments, or segments they ever referred to, depend on.
    func concerning(_ segments: Set<String>) -> [DefinitionTimeline.Step] {
        var concerned = segments
        var count = 0
        while count < concerned.count {
            count = concerned.count
            for (id, condition) in lazy.flatMap(\.change.conditions) where concerned.contains(id) {
                concerned.formUnion(condition.segmentReferences)
            }
        }
        return compactMap { step in
            step.change.limited(to: concerned).map { DefinitionTimeline.Step(instant: step.instant, change: $0) }
        }
    }
}
