import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Importing a file with bad lines")
    struct ImportTests {
        private static let lines = 100_000
        /// Every hundredth line is a bad one.
        private static let period = 100

        /// What must be said of one line.
        private struct Complaint: Equatable {
            let line: Int
            let code: String
            let pointer: String?
        }

        @Test("Every bad line is reported in its place, every good one is taken, and again all are duplicates")
        func badLines() async throws {
            let home = try DaemonHome()
            let events = home.path("events.ndjson")
            let expected = try Self.write(to: events)
            let good = Self.lines - expected.count
            try await RunningDaemon.run(in: home) { daemon in
                _ = try await daemon.control("audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR")
                    .succeeded()
                let problems = home.path("problems.ndjson")
                let first = try await daemon.control("event", "import", events, "--json", "--problems", problems)
                #expect(first.code == 1, "\(first.errors)")
                let receipt = try WireCoding.decode(IngestAnswer.self, from: Array(first.output.utf8))
                #expect(receipt.lines == Self.lines)
                #expect(receipt.appended == good)
                #expect(receipt.rejected == expected.count)
                #expect((receipt.duplicates, receipt.conflicts) == (0, 0))
                #expect((receipt.firstSequence, receipt.lastSequence) == (1, UInt64(good)))
                #expect(try Self.complaints(in: problems) == expected)

                let second = try await daemon.control("event", "import", events)
                #expect(second.code == 1)
                #expect(second.output.contains("0 appended, 99,000 duplicates, 0 conflicts, 1,000 rejected."))
                #expect(second.errors.split(separator: "\n").count == 51)
                #expect(second.errors.contains("line 38: invalid_json: "))
                #expect(second.errors.contains("… and 950 more; --problems FILE"))
                let standing = try daemon.standing()
                #expect(standing.lastSequence == UInt64(good))
                #expect(standing.pending == good)
            }
        }

        /// Writes good lines with bad ones of all kinds among them; returns what must be said of these.
        private static func write(to path: String) throws -> [Complaint] {
            var bytes: [UInt8] = []
            var expected: [Complaint] = []
            for line in 1...lines {
                if line % period == 38 {
                    let bad = BadLine.all[expected.count % BadLine.all.count]
                    bytes += bad.bytes
                    expected.append(Complaint(line: line, code: bad.code, pointer: bad.pointer))
                } else {
                    bytes += Array(
                        #"{"specversion":"1.0","type":"contact.changed","source":"s","id":"\#(line)","#.utf8)
                    bytes += Array(#""data":{"contact":"c\#(line % 20_000)","country":"FR"}}"#.utf8)
                }
                bytes.append(UInt8(ascii: "\n"))
            }
            try Data(bytes).write(to: URL(filePath: path))
            #expect(BadLine.all.count >= 30)
            return expected
        }

        private static func complaints(in file: String) throws -> [Complaint] {
            try Files.text(file).split(separator: "\n").map { line in
                let problem = try WireCoding.decode(IngestProblem.self, from: Array(line.utf8))
                #expect(!problem.message.isEmpty)
                return Complaint(line: problem.line, code: problem.code, pointer: problem.pointer)
            }
        }
    }
}
