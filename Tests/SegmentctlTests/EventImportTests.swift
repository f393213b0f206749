import ControlAPI
import ControlClient
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import segmentctl

@Suite("Importing events")
struct EventImportTests {
    /// A daemon that takes every line, except where it is told otherwise.
    private final class Daemon: Sendable {
        private let chunks = Mutex<[LineChunk]>([])

        var received: [LineChunk] { chunks.withLock { $0 } }

        func take(_ chunk: LineChunk) -> IngestAnswer {
            chunks.withLock { $0.append(chunk) }
            return IngestAnswer(lines: chunk.lines, appended: chunk.lines)
        }
    }

    private func file(_ text: String, in directory: TemporaryDirectory) throws -> String {
        let path = directory.path("events.ndjson")
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
        try Output(descriptor: descriptor).write(text)
        close(descriptor)
        return path
    }

    private static let lines = (1...100).map { "line \($0)\n" }.joined()

    @Test("Every line is sent once and in order")
    func complete() async throws {
        let directory = try TemporaryDirectory()
        let daemon = Daemon()
        let work = try EventImport(path: file(Self.lines, in: directory), isInterrupted: { false }) { daemon.take($0) }
        var reports = 0
        let (summary, ending) = await work.run(chunkBytesMax: 64) { _, _ in reports += 1 }
        #expect(daemon.received.flatMap(\.bytes) == Array(Self.lines.utf8))
        #expect(summary.total.appended == 100)
        #expect(summary.lastLine == 100)
        #expect(summary.bytes == Self.lines.utf8.count)
        #expect(work.size == Self.lines.utf8.count)
        #expect(reports == daemon.received.count)
        #expect(reports > 10)
        guard case .complete = ending else {
            Issue.record("\(ending) is not complete")
            return
        }
    }

    @Test("A daemon that goes away leaves the number of the last acknowledged line")
    func daemonGone() async throws {
        let directory = try TemporaryDirectory()
        let daemon = Daemon()
        let work = try EventImport(path: file(Self.lines, in: directory), isInterrupted: { false }) { chunk in
            if daemon.received.count == 3 { throw ControlClientError.connectionLost(socketPath: "/s") }
            return daemon.take(chunk)
        }
        let (summary, ending) = await work.run(chunkBytesMax: 64) { _, _ in }
        #expect(summary.lastLine == daemon.received.last?.lastLine)
        #expect(summary.total.appended == summary.lastLine)
        #expect(summary.resumeHint.hasPrefix("Acknowledged: every line up to line \(summary.lastLine)."))
        guard case .failed(let error) = ending else {
            Issue.record("\(ending) is no failure")
            return
        }
        #expect(error as? ControlClientError == .connectionLost(socketPath: "/s"))
    }

    @Test("What a refused request took is counted")
    func partial() async throws {
        let directory = try TemporaryDirectory()
        let work = try EventImport(path: file(Self.lines, in: directory), isInterrupted: { false }) { chunk in
            guard chunk.firstLine > 1 else { return IngestAnswer(lines: chunk.lines, appended: chunk.lines) }
            throw ControlClientError.problem(
                Problem(
                    code: .storageFull, status: 507, title: "Full", detail: "The disk is full.",
                    ingest: IngestAnswer(lines: 2, appended: 2)))
        }
        let (summary, ending) = await work.run(chunkBytesMax: 64) { _, _ in }
        // The first 64 bytes hold eight lines of seven bytes.
        #expect(summary.lastLine == 11)
        #expect(summary.total.appended == 11)
        guard case .failed(let error as ControlClientError) = ending else {
            Issue.record("\(ending) is no failure")
            return
        }
        #expect(Failure(error).exitCode == .temporary)
    }

    @Test("An interruption lets the request under way finish and sends no more")
    func interruption() async throws {
        let directory = try TemporaryDirectory()
        let daemon = Daemon()
        let flag = StopFlag()
        let work = try EventImport(path: file(Self.lines, in: directory), isInterrupted: { flag.isRaised }) { chunk in
            let receipt = daemon.take(chunk)
            if daemon.received.count == 2 { flag.raise() }
            return receipt
        }
        let (summary, ending) = await work.run(chunkBytesMax: 64) { _, _ in }
        #expect(daemon.received.count == 2)
        #expect(summary.lastLine == daemon.received.last?.lastLine)
        guard case .interrupted = ending else {
            Issue.record("\(ending) is no interruption")
            return
        }
    }

    @Test("A file that cannot be read is named")
    func noFile() throws {
        let failure = #expect(throws: Failure.self) {
            _ = try EventImport(path: "/nowhere/events", isInterrupted: { false }) { _ in IngestAnswer() }
        }
        #expect(failure?.message == "cannot read /nowhere/events: No such file or directory.")
        #expect(failure?.exitCode == .noInput)
    }
}
