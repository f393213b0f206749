import Admission
import Audiences
import ControlAPI
import SegmentModel

/// Appends the events of one request: while a batch is stored, the next one is read and decoded.
///
/// Whatever ends the run early, what was appended stays appended, and `answer` says what that was.
struct IngestRun {
    private let audience: Audience
    private let failures: StoreFailures
    /// What the answer and a dry run's memory take.
    private let share: BodyRoom.Share
    /// What became of the events so far.
    private(set) var answer = IngestAnswer()

    init(_ audience: Audience, failures: StoreFailures, room: BodyRoom) {
        self.audience = audience
        share = BodyRoom.Share(of: room)
        self.failures = failures
    }

    private typealias Stored = (lines: Int, outcome: Result<IngestReceipt, AudienceError>)

    /// Reads and appends until the source is empty.
    ///
    /// - Returns: why it stopped before that: the body was cut off, storage failed, too many problems.
    mutating func append(_ source: inout some BatchSource) async -> Problem? {
        let audience = audience
        var stop: Problem?
        await withTaskGroup(of: Stored.self) { group in
            while stop == nil {
                let next = await Self.read(&source)
                if let stored = await group.next() { stop = take(stored) }
                guard stop == nil else { break }
                switch next {
                case .failure(let problem): stop = problem
                case .success(nil): return
                case .success(let batch?):
                    group.addTask { (batch.lineCount, await Self.store(batch, in: audience)) }
                }
            }
        }
        stop?.ingest = answer
        return stop
    }

    /// Appends, or finds out what appending would do.
    mutating func take(_ source: inout some BatchSource, dryRun: Bool) async -> Problem? {
        dryRun ? await rehearse(&source) : await append(&source)
    }

    /// Finds out what would become of the source's events; nothing is stored.
    private mutating func rehearse(_ source: inout some BatchSource) async -> Problem? {
        answer.dryRun = true
        answer.types = [:]
        do throws(AudienceError) {
            var rehearsal = try audience.rehearsal()
            while true {
                let next = await Self.read(&source)
                guard case .success(let batch?) = next else {
                    guard case .failure(var problem) = next else { return nil }
                    problem.ingest = answer
                    return problem
                }
                let receipt = try rehearsal.ingest(batch)
                if var stop = take((batch.lineCount, .success(receipt))) ?? remember(receipt.appended) {
                    stop.ingest = answer
                    return stop
                }
            }
        } catch {
            failures.report(error)
            return Problem(error)
        }
    }

    /// Counts events that the rehearsal remembers from here on. Returns a reason to stop, if they are too many.
    private func remember(_ events: Int) -> Problem? {
        guard share.hold(events * BodyRoom.rememberedEventBytes) else { return .noRoomForBody }
        guard answer.appended > Bounds.dryRunEventsMax else { return nil }
        return Problem(
            code: .bodyTooLarge, status: 413, title: "Too many events",
            detail: """
                A dry run looks at no more than \(Bounds.dryRunEventsMax) events that the log does not have. Hand them in \
                as several requests.
                """)
    }

    private static func read(_ source: inout some BatchSource) async -> Result<AdmittedBatch?, Problem> {
        do throws(Problem) {
            return .success(try await source.next())
        } catch {
            return .failure(error)
        }
    }

    private static func store(_ batch: AdmittedBatch, in audience: Audience) async -> Result<
        IngestReceipt, AudienceError
    > {
        do throws(AudienceError) {
            return .success(try await audience.ingest(batch))
        } catch {
            return .failure(error)
        }
    }

    /// Counts a stored batch. Returns a reason to stop, if there is one.
    private mutating func take(_ stored: Stored) -> Problem? {
        let receipt: IngestReceipt
        switch stored.outcome {
        case .success(let value): receipt = value
        case .failure(let error):
            failures.report(error)
            return Problem(error)
        }
        answer.lines += stored.lines
        answer.appended += receipt.appended
        answer.duplicates += receipt.duplicates
        answer.conflicts += receipt.conflicts
        answer.rejected += receipt.problems.count - receipt.conflicts
        answer.firstSequence = answer.firstSequence ?? receipt.firstSequence
        answer.lastSequence = receipt.lastSequence ?? answer.lastSequence
        answer.recordedAt = receipt.recordedAt?.description ?? answer.recordedAt
        answer.visibleAt = receipt.visibleAt?.description ?? answer.visibleAt
        let room = Bounds.problemsPerRequestMax - answer.problems.count
        for (type, count) in receipt.types { answer.types?[type, default: 0] += count }
        answer.problems += receipt.problems.prefix(room).map { IngestProblem($0) }
        guard receipt.problems.count <= room else { return .tooManyProblems }
        return share.hold(receipt.problems.count * BodyRoom.problemBytes) ? nil : .noRoomForBody
    }
}

extension IngestProblem {
    fileprivate init(_ rejection: Rejection) {
        self.init(
            line: rejection.line, pointer: rejection.pointer.isEmpty ? nil : rejection.pointer, code: rejection.code,
            message: rejection.message, source: rejection.source, id: rejection.id)
    }
}

extension Problem {
    fileprivate static var tooManyProblems: Problem {
        Problem(
            code: .tooManyProblems, status: 422, title: "Too many problems",
            detail: """
                More than \(Bounds.problemsPerRequestMax) events had problems, so the rest was not read. What was \
                appended until then stays appended; correct the source and send everything again.
                """)
    }
}
