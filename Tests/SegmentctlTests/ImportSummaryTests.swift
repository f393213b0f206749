import ControlAPI
import Testing

@testable import segmentctl

@Suite("What an import says about itself")
struct ImportSummaryTests {
    private func chunk(firstLine: Int, lines: Int, endOffset: Int) -> LineChunk {
        LineChunk(bytes: [], firstLine: firstLine, lines: lines, endOffset: endOffset)
    }

    private func problem(_ line: Int) -> IngestProblem {
        IngestProblem(line: line, pointer: "/data/total", code: "amount_invalid", message: "No.")
    }

    @Test("Receipts are summed, sequences and instants span all of them")
    func sums() {
        var summary = ImportSummary()
        summary.add(
            IngestAnswer(
                lines: 10, appended: 7, duplicates: 1, conflicts: 1, rejected: 1, firstSequence: 5, lastSequence: 11,
                recordedAt: "2026-03-01T10:00:00Z", visibleAt: "2026-03-01T12:00:00Z",
                problems: [problem(3), problem(4)]),
            for: chunk(firstLine: 1, lines: 10, endOffset: 100))
        summary.add(IngestAnswer(lines: 5, duplicates: 5), for: chunk(firstLine: 11, lines: 5, endOffset: 150))
        summary.add(
            IngestAnswer(
                lines: 1, appended: 1, firstSequence: 12, lastSequence: 12, recordedAt: "2026-03-01T10:00:01Z",
                visibleAt: "2026-03-01T12:00:01Z"),
            for: chunk(firstLine: 16, lines: 1, endOffset: 160))
        #expect(summary.events == 16)
        #expect(summary.notTaken == 2)
        #expect(summary.lastLine == 16)
        #expect(summary.bytes == 160)
        #expect(
            summary.text(seconds: 2) == """
                16 events in 2.0 s (8 per second): 8 appended, 6 duplicates, 1 conflict, 1 rejected.
                Sequences 5 to 12; all visible at 2026-03-01T12:00:01Z (in 2 h).

                """)
    }

    @Test("Only the first problems are kept, all are counted")
    func problems() {
        var summary = ImportSummary()
        for request in 0..<3 {
            summary.add(
                IngestAnswer(lines: 30, rejected: 30, problems: (1...30).map { problem(request * 30 + $0) }),
                for: chunk(firstLine: request * 30 + 1, lines: 30, endOffset: 0))
        }
        #expect(summary.problemCount == 90)
        #expect(summary.total.problems.map(\.line) == Array(1...50))
        let text = ProblemReport.text(of: summary, file: nil)
        #expect(text.hasPrefix("line 1: /data/total: amount_invalid: No.\n"))
        #expect(text.hasSuffix("… and 40 more; --problems FILE writes all of them to a file\n"))
        #expect(ProblemReport.text(of: summary, file: "f").hasSuffix("… and 40 more: all are in f\n"))
    }

    @Test("A problem without a place names the line alone")
    func placeless() {
        let problem = IngestProblem(line: 9, pointer: "", code: "not_json", message: "It is \u{1B}not JSON.")
        #expect(ProblemReport.line(problem) == "line 9: not_json: It is \u{FFFD}not JSON.")
    }

    @Test("Progress shows share, rate, the time left and what was rejected")
    func progress() {
        var summary = ImportSummary()
        summary.add(
            IngestAnswer(lines: 4_000, appended: 3_990, rejected: 10),
            for: chunk(firstLine: 1, lines: 4_000, endOffset: 1_000_000))
        #expect(
            ImportProgress.line(summary, size: 4_000_000, seconds: 2)
                == "[#####---------------]  25.0 %  1.0 MB of 4.0 MB  2,000 events/s  6 s left  10 rejected")
        #expect(
            ImportProgress.line(summary, size: nil, seconds: 2)
                == "1.0 MB  4,000 events  2,000 events/s  10 rejected")
    }

    @Test("Nothing acknowledged is said so")
    func nothing() {
        #expect(ImportSummary().resumeHint.hasPrefix("Nothing is acknowledged."))
        #expect(ImportSummary().text(seconds: 0).hasPrefix("0 events in 0.0 s (0 per second)"))
    }
}
