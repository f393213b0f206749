import Admission
import ArgumentParser
import EventLog
import Glibc
import SegmentModel

/// `segment-bench log`: a workload's events in a new log.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Stores a workload's events in a new log, and says how fast.")

    @Option(help: ArgumentHelp("The directory with segmentd.ndjson.", valueName: "dir"))
    var workload: String

    @Option(help: ArgumentHelp("Where the log is made; must not hold one.", valueName: "dir"))
    var log: String

    func run() async throws {
        try await reportingFailures {
            try Files.makeDirectory(log)
            let made = try EventLog(directory: log, mapSizeBytes: Session.mapSizeBytes)
            guard made.tail.sequence == 0 else { throw BenchFailure("\(log) holds a log already.") }
            let path = workload + "/segmentd.ndjson"
            let start = ContinuousClock.now
            let count = try await fill(made, from: path)
            let seconds = (ContinuousClock.now - start).inSeconds
            try made.close()
            var report = Report()
            report.heading = [("machine", Machine.text), ("events", Double(count).shortText)]
            report.figures = [
                Figure(
                    key: "ingest", title: "NDJSON in a file to the durable log, one sender", unit: .perSecond,
                    values: [Double(count) / seconds])
            ]
            report.figures += LogSize.figures(of: log, events: count)
            Output.write(report.table)
        }
    }

    private static let batchEventsMax = 10_000
    private static let progressEvents = 1_000_000

    /// Admission of a batch overlaps the storing of the one before, as in the daemon.
    private func fill(_ log: EventLog, from path: String) async throws -> Int {
        let input = try InputFile(path)
        defer { input.close() }
        let lines = NDJSONAdmission()
        var storing: Task<Int, any Error>?
        var count = 0
        var said = 0
        func store(_ batch: AdmittedBatch) async throws {
            count += try await storing?.value ?? 0
            storing = Task.detached { try await Self.append(batch, to: log) }
            guard count - said >= Self.progressEvents else { return }
            said = count
            Progress.say("\(count) events stored")
        }
        while let piece = try input.read() {
            lines.feed(piece)
            while let batch = lines.next(maxEvents: Self.batchEventsMax) { try await store(batch) }
        }
        try await store(lines.finish())
        return count + (try await storing?.value ?? 0)
    }

    /// Each event is recorded when it happened: the log looks as if the daemon had run all the time.
    private static func append(_ batch: AdmittedBatch, to log: EventLog) async throws -> Int {
        guard batch.rejections.isEmpty else { throw Ingest.failure(batch.rejections) }
        guard !batch.events.isEmpty else { return 0 }
        let receipt = try await log.append(
            AppendRequest(events: batch.events, recording: .whenOccurred, delayMicroseconds: 0))
        guard receipt.problems.isEmpty, receipt.appended + receipt.duplicates == batch.events.count else {
            throw Ingest.failure(receipt.problems)
        }
        return receipt.appended
    }
}

/// Runs a command's body; what it throws goes to standard error, with the exit status it asks for.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as BenchFailure {
        Progress.say(failure.description)
        throw ExitCode(failure.status)
    } catch let error as LogError {
        Progress.say(error.message)
        throw ExitCode(BenchFailure.storage)
    }
}
