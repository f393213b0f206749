import Admission
import Audiences
import EventLog
import SegmentEngine
import SegmentModel

/// Definitions over a log, at instants of a virtual clock.
///
/// Comes in: NDJSON events. Goes out: one JSON line per instant and segment. Events take the daemon's way: admission,
/// log, and the engine, or in its place the plain evaluator over all visible events.
struct OfflineEvaluation {
    let settings: AudienceSettings
    let definitions: SegmentFile
    let questions: [Question]

    /// An instant to answer for, and how it was written; the answer repeats that.
    struct Question {
        var text: String
        var instant: Instant
    }

    /// Where the log lies.
    enum Place {
        case kept(String)
        case scratch(ScratchDirectory)
    }

    /// Runs the evaluation and prints the answers in the order in which instants and segments were given.
    ///
    /// - Returns: how many lines were not stored: rejected, or in conflict with a stored event.
    func run(
        events: String, in place: Place, engine: EvaluateCommand.EngineChoice, listsMembers: Bool
    ) async throws -> Int {
        let context = EvaluationContext(
            zone: try ZoneDirectory(path: "/usr/share/zoneinfo").rules(of: settings.timezone),
            currency: settings.currency, countedStatuses: settings.countedStatuses, fieldTypes: settings.fieldTypes)
        _ = try definitions.conditions(types: settings.fieldTypes)
        do {
            let log = try open(place)
            let rejected = try await record(events, in: log)
            let types = log.fieldTypes.merging(settings.fieldTypes) { _, declared in declared }
            let conditions = try definitions.conditions(types: types)
            let answers =
                switch engine {
                case .reference: try byReference(conditions, context: context, log: log)
                case .incremental: try byEngine(conditions, context: context, log: log)
                }
            if case .kept = place { try log.close() }
            for question in questions {
                write(answers[question.instant] ?? [:], to: question, listsMembers: listsMembers)
            }
            return rejected
        } catch let error as LogError {
            throw ReplayFailure(error.message, status: ReplayFailure.storage)
        }
    }

    /// Opens the log. A scratch log's files lose their names at once, so that nothing is left of them however the
    /// program ends.
    private func open(_ place: Place) throws(LogError) -> EventLog {
        switch place {
        case .kept(let directory):
            return try EventLog(directory: directory, mapSizeBytes: Self.mapSizeBytes)
        case .scratch(let scratch):
            defer { scratch.remove() }
            return try EventLog(directory: scratch.path, mapSizeBytes: Self.mapSizeBytes)
        }
    }

    /// Address space for the log; a replay's disk is its own.
    private static let mapSizeBytes = 256 << 30
    private static let batchEventsMax = 10_000

    private func record(_ path: String, in log: EventLog) async throws -> Int {
        let input = try InputFile(path)
        defer { input.close() }
        let admission = NDJSONAdmission()
        var problems = 0
        while let chunk = try input.read() {
            admission.feed(chunk)
            while let batch = admission.next(maxEvents: Self.batchEventsMax) {
                problems += try await append(batch, to: log)
            }
        }
        problems += try await append(admission.finish(), to: log)
        if problems > 0 { StandardError.write("segment-replay: \(problems) lines were not stored.\n") }
        return problems
    }

    private func append(_ batch: AdmittedBatch, to log: EventLog) async throws -> Int {
        var problems = batch.rejections
        if !batch.events.isEmpty {
            let request = AppendRequest(
                events: batch.events, recording: .whenOccurred,
                delayMicroseconds: settings.visibilityDelayMicroseconds, declaredTypes: settings.fieldTypes)
            problems += try await log.append(request).problems
        }
        for problem in problems.sorted(by: { $0.line < $1.line }) {
            StandardError.write("line \(problem.line): \(problem.pointer): \(problem.code): \(problem.message)\n")
        }
        return problems.count
    }

    /// Members by instant and segment.
    private typealias Answers = [Instant: [String: [Identifier]]]

    private func byEngine(
        _ conditions: [String: Condition], context: EvaluationContext, log: EventLog
    ) throws -> Answers {
        let engine = MembershipEngine(context: context, threads: AudienceConfiguration.processorCount)
        for (name, condition) in conditions.sorted(by: { $0.key < $1.key }) { engine.define(name, as: condition) }
        var answers: Answers = [:]
        for instant in Set(questions.map(\.instant)).sorted() {
            _ = try log.forEachStored(from: engine.sequence + 1, countMax: .max) { event in
                guard event.visibleAt <= instant else { return false }
                engine.fold(
                    event.bytes, sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
                return true
            }
            engine.advance(to: instant)
            let snapshot = engine.snapshot()
            for name in conditions.keys {
                answers[instant, default: [:]][name] = snapshot.members(of: name).map { snapshot.page(of: $0) }
            }
        }
        return answers
    }

    private func byReference(
        _ conditions: [String: Condition], context: EvaluationContext, log: EventLog
    ) throws -> Answers {
        var context = context
        context.segments = conditions
        let evaluator = ReferenceEvaluator(context: context)
        var answers: Answers = [:]
        var visible = VisibleEvents(log: log)
        var events: [LoggedEvent] = []
        for instant in Set(questions.map(\.instant)).sorted() {
            while let event = try visible.next(by: instant) { events.append(event) }
            let contacts = ReferenceFold.contacts(from: events).values.sorted { $0.id < $1.id }
            for (name, condition) in conditions {
                answers[instant, default: [:]][name] =
                    contacts.filter { evaluator.isTrue(condition, of: $0, at: instant) }.map(\.id)
            }
        }
        return answers
    }

    private func write(_ members: [String: [Identifier]], to question: Question, listsMembers: Bool) {
        for name in definitions.names {
            let ids = members[name] ?? []
            var line: [JSONValue.Member] = [
                .init("asOf", .string(question.text)), .init("segment", .string(name)),
                .init("count", .number(String(ids.count))),
            ]
            if listsMembers { line.append(.init("members", .array(ids.map { .string($0.text) }))) }
            StandardOutput.write(JSONValue.object(line).text + "\n")
        }
    }
}

/// The log's events in order, up to an instant that only moves forward.
private struct VisibleEvents {
    let log: EventLog
    private var ahead: ArraySlice<LoggedEvent> = []
    private var sequence: UInt64 = 0

    init(log: EventLog) {
        self.log = log
    }

    /// The next event that is visible by the instant, nil if there is none.
    mutating func next(by instant: Instant) throws -> LoggedEvent? {
        if ahead.isEmpty { ahead = try log.read(from: sequence + 1, countMax: 10_000)[...] }
        guard let event = ahead.first, event.visibleAt <= instant else { return nil }
        sequence = event.sequence
        return ahead.removeFirst()
    }
}
