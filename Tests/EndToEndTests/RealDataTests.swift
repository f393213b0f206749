import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Two years of a real shop", .enabled("the data set does not stand beside the package") { RealData.isThere })
    struct RealDataTests {
        private static let settings = ["--timezone", "Europe/London", "--currency", "GBP"]

        @Test("Every segment has exactly the members that an independent program found", arguments: RealData.cases)
        func expected(_ given: RealData.Case) async throws {
            let home = try DaemonHome()
            let evaluation = try await Evaluation.run(
                events: try await RealData.events(in: home), segments: RealData.segments, asOf: given.instants,
                options: Self.settings + ["--visibility-delay", given.delay, "--engine", "incremental"])
            let rows = try RealData.expected().filter { given.delay == $0.delay && given.instants.contains($0.asOf) }
            #expect(rows.count == 32 * given.instants.count)
            #expect(evaluation.lines.count == rows.count)
            let lists = try rows.map { try evaluation.members(of: $0.segment, at: $0.asOf) }
            let digests = try await RealData.digests(of: lists, in: home)
            for (index, row) in rows.enumerated() {
                #expect(lists[index].count == row.count, "\(row)")
                #expect(digests[index] == row.digest, "\(row)")
            }
        }

        @Test(
            "The daemon has the members that the plain evaluator finds",
            .enabled("takes minutes with programs that are not optimized; set SEGMENTD_TEST_ALL to run it") {
                RealData.isThorough
            })
        func daemon() async throws {
            var home = try DaemonHome(clockStart: "2011-12-09T23:59:30Z")
            home.tickInterval = "10s"
            let events = try await RealData.events(in: home)
            let exports = try await RunningDaemon.run(in: home) { daemon in
                let create = ["audience", "create", "shop", "--visibility-delay", "PT1S", "--socket", home.socket]
                _ = try await Program.control.run(create + Self.settings).succeeded()
                let receipt = try await daemon.importEvents(events)
                #expect((receipt.appended, receipt.rejected) == (50_850, 0))
                _ = try await daemon.control("segment", "save", RealData.segments).succeeded()
                try await daemon.untilAllIsApplied()
                var exports: [String: (frontier: String, members: [String])] = [:]
                for segment in try await daemon.answer(SegmentList.self, "segment", "list").segments {
                    exports[segment.name] = try await daemon.export(segment.name)
                }
                return exports
            }
            #expect(exports.count == 32)
            let evaluation = try await Evaluation.run(
                events: events, segments: RealData.segments, asOf: Set(exports.values.map(\.frontier)).sorted(),
                options: Self.settings + ["--engine", "reference"])
            for (name, export) in exports {
                #expect(try evaluation.members(of: name, at: export.frontier) == export.members, "\(name)")
            }
        }
    }
}

/// A published data set as events, with the members that another program found.
enum RealData {
    /// What to compare in one run over the events.
    struct Case: Sendable, CustomTestStringConvertible {
        let delay: String
        let instants: [String]

        var testDescription: String { "delay \(delay), \(instants.count) instants" }
    }

    /// The members of one segment at one instant, as a count and a digest.
    struct Row: Decodable {
        let delay: String
        let asOf: String
        let segment: String
        let count: Int
        /// The first 16 hexadecimal digits of SHA-256 over the ids, sorted by their bytes, joined by line feeds.
        let digest: String
    }

    private static let directory = Files.root + "/../shared/data/online-retail"
    static let segments = directory + "/segments.json"

    static var isThere: Bool { FileManager.default.fileExists(atPath: directory + "/expected.ndjson") }

    /// Whether there is time for everything: programs that are not optimized take minutes.
    static var isThorough: Bool {
        #if DEBUG
            ProcessInfo.processInfo.environment["SEGMENTD_TEST_ALL"]?.isEmpty == false
        #else
            true
        #endif
    }

    static var cases: [Case] {
        guard isThorough, let rows = try? expected() else {
            return [Case(delay: "PT2H", instants: ["2010-06-01T00:00:00Z"])]
        }
        let instants = Set(rows.map(\.asOf)).sorted()
        return Set(rows.map(\.delay)).sorted().map { Case(delay: $0, instants: instants) }
    }

    static func expected() throws -> [Row] {
        try Files.text(directory + "/expected.ndjson").split(separator: "\n").map {
            try WireCoding.decode(Row.self, from: Array($0.utf8))
        }
    }

    /// The events, unpacked.
    static func events(in home: DaemonHome) async throws -> String {
        let unpacked = try await Finished.system("gzip", ["-dc", directory + "/events.ndjson.gz"]).succeeded()
        return try home.write(unpacked.output, to: "events.ndjson")
    }

    /// The digests of lists of ids that are sorted by their bytes.
    static func digests(of lists: [[String]], in home: DaemonHome) async throws -> [String] {
        let files = try lists.enumerated().map { index, ids in
            try home.write(ids.joined(separator: "\n"), to: "ids-\(index)")
        }
        return try await Finished.system("sha256sum", files).succeeded().lines.map { String($0.prefix(16)) }
    }
}
