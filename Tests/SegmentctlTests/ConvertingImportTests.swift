import ArgumentParser
import ControlAPI
import ControlClient
import Glibc
import Imports
import SegmentModel
import Synchronization
import TestSupport
import Testing

@testable import segmentctl

@Suite("Importing files of other forms")
struct ConvertingImportTests {
    /// A daemon that takes every line, except where it is told otherwise.
    private final class Daemon: Sendable {
        private let chunks = Mutex<[LineChunk]>([])

        var received: [LineChunk] { chunks.withLock { $0 } }

        /// Lines of events, without their ends.
        var lines: [String] {
            received.flatMap { String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n").map(String.init) }
        }

        /// Rejects events that speak of the text.
        func take(_ chunk: LineChunk, rejecting text: String = "nothing") -> IngestAnswer {
            chunks.withLock { $0.append(chunk) }
            let lines = String(decoding: chunk.bytes, as: UTF8.self).split(separator: "\n")
            let problems = lines.indices.filter { lines[$0].contains(text) }.map {
                IngestProblem(line: $0 + 1, pointer: "/data/email", code: "invalid_email", message: "No.")
            }
            return IngestAnswer(
                lines: lines.count, appended: lines.count - problems.count, rejected: problems.count, problems: problems
            )
        }
    }

    private func file(_ text: String, in directory: TemporaryDirectory) throws -> String {
        let path = directory.path("input")
        let descriptor = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        try Output(descriptor: descriptor).write(text)
        close(descriptor)
        return path
    }

    private func conversion(firstPlace: Int = 1) throws -> CSVConversion {
        let mapping = #"{"rows": "contact", "source": "s", "columns": {"contact": "Id", "rating": "Stars"}}"#
        return try CSVConversion(
            Mapping(parsing: Array(mapping.utf8)), zone: .utc, asOf: Instant(rfc3339: "2026-01-01T00:00:00Z"),
            firstPlace: firstPlace)
    }

    private static let rows = "Id,Stars\nanna,1\nbob,many\n\"multi\nline\",2\ncleo,3,4\ndora,5\n"

    @Test("Problems of the conversion and of the daemon name lines of the file, in their order")
    func places() async throws {
        let directory = try TemporaryDirectory()
        let daemon = Daemon()
        let work = try EventImport(path: file(Self.rows, in: directory), isInterrupted: { false }) {
            daemon.take($0, rejecting: "dora")
        }
        let (summary, _) = await work.run(converting: try conversion()) { _, _ in }
        #expect(summary.total.problems.map(\.line) == [3, 6, 7])
        #expect(summary.total.problems.map(\.code) == ["invalid_number", "ragged_row", "invalid_email"])
        #expect(summary.total.problems[2].pointer == "/data/email")
        #expect((summary.total.appended, summary.total.rejected, summary.lastLine) == (2, 3, 7))
        #expect(summary.bytes == Self.rows.utf8.count)
        #expect(ProblemReport.text(of: summary, file: nil).hasPrefix("line 3: invalid_number: Column “Stars”: “many”"))
    }

    @Test("A long file goes out in chunks that together are all of it, and a stop says up to which line")
    func chunks() async throws {
        let directory = try TemporaryDirectory()
        let daemon = Daemon()
        let rows = "Id,Stars\n" + (1...2_000).map { "customer number \($0),\($0 % 6)\n" }.joined()
        let path = try file(rows, in: directory)
        let work = try EventImport(path: path, isInterrupted: { false }) { daemon.take($0) }
        let (summary, _) = await work.run(converting: try conversion(), chunkBytesMax: 128_000) { _, _ in }
        #expect(daemon.received.count > 2)
        #expect(summary.total.appended == 2_000)
        #expect(summary.lastLine == 2_001)
        #expect(zip(daemon.received, daemon.received.dropFirst()).allSatisfy { $0.lastLine + 1 == $1.firstLine })

        let second = Daemon()
        let flag = StopFlag()
        let stopped = try EventImport(path: path, isInterrupted: { flag.isRaised }) { chunk in
            flag.raise()
            return second.take(chunk)
        }
        let (partial, ending) = await stopped.run(converting: try conversion(), chunkBytesMax: 128_000) { _, _ in }
        guard case .interrupted = ending else {
            Issue.record("\(ending) is no interruption")
            return
        }
        #expect(partial.resumeHint.contains("--from-line \(partial.lastLine + 1) "))
        let rest = Daemon()
        let resumed = try EventImport(path: path, isInterrupted: { false }) { rest.take($0) }
        _ = await resumed.run(converting: try conversion(firstPlace: partial.lastLine + 1)) { _, _ in }
        #expect(second.lines + rest.lines == daemon.lines)
    }

    @Test("A refused request leaves the last line that is answered for")
    func partial() async throws {
        let directory = try TemporaryDirectory()
        let work = try EventImport(path: file(Self.rows, in: directory), isInterrupted: { false }) { _ in
            throw ControlClientError.problem(
                Problem(
                    code: .storageFull, status: 507, title: "Full", detail: "The disk is full.",
                    ingest: IngestAnswer(lines: 1, appended: 1)))
        }
        let (summary, _) = await work.run(converting: try conversion()) { _, _ in }
        // anna went in, bob was told, and the row on lines 4 and 5 did not.
        #expect(summary.lastLine == 3)
        #expect((summary.total.appended, summary.total.rejected) == (1, 1))
    }

    @Test("What makes no event at all is not sent")
    func nothingToSend() async throws {
        let directory = try TemporaryDirectory()
        let daemon = Daemon()
        let work = try EventImport(path: file("Id,Stars\nx,y\n", in: directory), isInterrupted: { false }) {
            daemon.take($0)
        }
        let (summary, _) = await work.run(converting: try conversion()) { _, _ in }
        #expect(daemon.received.isEmpty)
        #expect(summary.notTaken == 1)
    }

    @Test("A file that does not fit its mapping fails with the place in the mapping")
    func unfitting() async throws {
        let directory = try TemporaryDirectory()
        let work = try EventImport(path: file("Id,Star\nx,1\n", in: directory), isInterrupted: { false }) { _ in
            IngestAnswer()
        }
        let (_, ending) = await work.run(converting: try conversion()) { _, _ in }
        guard case .failed(let failure as Failure) = ending else {
            Issue.record("\(ending) is no failure")
            return
        }
        #expect(failure.exitCode == .refused)
        #expect(
            failure.message == "mapping, at /columns/rating: The header has no column “Stars”. Did you mean “Star”?")
    }

    @Test("Elements of a list are called so")
    func elements() async throws {
        let directory = try TemporaryDirectory()
        let path = try file("[{}, {\"id\": 1}]", in: directory)
        let work = try EventImport(path: path, isInterrupted: { false }) { _ in IngestAnswer() }
        let shop = ShopConversion(.shopifyOrder, options: ShopOptions(.shopifyOrder))
        let (summary, _) = await work.run(converting: shop) { _, _ in }
        #expect(ProblemReport.text(of: summary, file: nil).hasPrefix("element 1: /created_at: missing_key: "))
        #expect(summary.resumeHint.contains("every element up to element 2."))
    }

    @Test("Lines of events before the one to begin from are passed over")
    func fromLine() async throws {
        let directory = try TemporaryDirectory()
        let text = (1...100).map { "line \($0)\n" }.joined()
        for first in [1, 2, 9, 50, 100, 101] {
            let daemon = Daemon()
            let work = try EventImport(path: file(text, in: directory), isInterrupted: { false }) { daemon.take($0) }
            let (summary, _) = await work.run(firstLine: first, chunkBytesMax: 64) { _, _ in }
            #expect(daemon.lines == (1...100).filter { $0 >= first }.map { "line \($0)" })
            #expect(daemon.received.first?.firstLine == (first <= 100 ? first : nil))
            #expect(summary.events == 101 - first)
        }
    }

    @Test("A dry run says what would be, type by type")
    func dryRun() {
        var summary = ImportSummary(isDryRun: true)
        summary.add(
            IngestAnswer(
                lines: 5, appended: 3, duplicates: 1, rejected: 1, dryRun: true,
                types: ["order.placed": 2, "contact.changed": 1]),
            for: LineChunk(bytes: [], firstLine: 1, lines: 5, endOffset: 10))
        #expect(
            summary.text(seconds: 1) == """
                5 events in 1.0 s (5 per second): 3 would be appended, 1 duplicate, 0 conflicts, 1 would be rejected.
                TYPE             EVENTS
                contact.changed       1
                order.placed          2
                Nothing was stored.

                """)
        #expect(summary.total.dryRun == true)
    }

    @Test("Options that do not go together are refused with what to do")
    func options() {
        for (arguments, words) in [
            (["--format", "csv"], "event mapping FILE"), (["--as-of", "x"], "--format csv"),
            (["--connect"], "formats of shops"), (["--mapping", "m", "--source", "s"], "formats of shops"),
            (["--from-line", "0"], "from 1 on"),
        ] {
            do {
                _ = try ImportOptions.parse(arguments)
                Issue.record("\(arguments) were taken")
            } catch {
                #expect(ImportOptions.message(for: error).contains(words))
            }
        }
    }
}
