import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Bad input")
    struct BadInputTests {
        @Test("Every bad input at every endpoint is refused with a code, changes nothing, and nothing grows")
        func refused() async throws {
            try await Self.serve { daemon, input in
                #expect(input.corpus.count >= 200)
                let before = try await Self.revisions(daemon)
                // The first round fills what is kept from request to request.
                try await Self.round(input)
                let (descriptors, kilobytes) = (try daemon.openDescriptors(), try daemon.memoryKilobytes())
                try await Self.round(input)
                // A sanitizer keeps what was freed.
                if !Program.isSanitized {
                    #expect(try daemon.memoryKilobytes() < kilobytes + Self.growthKilobytesMax)
                }
                let left = try await daemon.settledDescriptors(atMost: descriptors)
                #expect(left <= descriptors)
                #expect(try await WideEvents.checkPrefix(daemon) == Self.eventCount)
                #expect(try await Self.revisions(daemon) == before)
            }
        }

        @Test("Every bad input has the code and the pointer that it had")
        func expected() async throws {
            try await Self.serve { _, input in
                try Self.compare("bodies", input.corpus.bodies) { file in
                    try input.ask(
                        "POST", Routes.segments(of: "shop"), body: file.bytes, type: MediaType.json
                    ).summary
                }
                try Self.compare("definitions", input.corpus.definitions) { file in
                    let body = BadInput.definition(file, isNamed: false)
                    return try input.ask("POST", Routes.review(in: "shop"), body: body, type: MediaType.json).summary
                }
                try Self.compare("events", input.corpus.events) { file in
                    let reply = try input.ask(
                        "POST", Routes.events(of: "shop"), body: file.bytes, type: MediaType.cloudEvent)
                    let problem = try WireCoding.decode(IngestAnswer.self, from: reply.body).problems.first
                    return BadInput.summary([problem?.code, problem?.pointer])
                }
                try Self.compare("requests", input.corpus.requests) { file in
                    try BadInput.replies(in: RawConnection.exchange(file.bytes, at: input.socket)).map(\.summary)
                        .joined(separator: ", ")
                }
                try Self.compare("targets", input.corpus.targets) { file in
                    try input.ask("GET", Routes.audiences + "/" + String(decoding: file.bytes, as: UTF8.self)).summary
                }
            }
        }

        private static let eventCount = 3
        /// What the allocator may keep more of after thousands of requests; a leak of a body for each would be 30 MiB.
        private static let growthKilobytesMax = 8_192

        private static func serve(_ body: (RunningDaemon, BadInput) async throws -> Void) async throws {
            let home = try DaemonHome()
            let events = try WideEvents(count: eventCount, in: home)
            try await RunningDaemon.run(in: home) { daemon in
                try await WideEvents.prepare(daemon)
                try await daemon.importEvents(events.path)
                try await WideEvents.checkPrefix(daemon)
                try await body(daemon, BadInput(socket: home.socket))
            }
        }

        /// The segments by name, each with its revision.
        private static func revisions(_ daemon: RunningDaemon) async throws -> [String] {
            try await daemon.answer(SegmentList.self, "segment", "list").segments.map { "\($0.name) \($0.revision)" }
        }

        private static func round(_ input: BadInput) async throws {
            try await input.bodies()
            try await input.events()
            try await input.definitions()
            try await input.targets()
            try await input.requests()
        }

        /// Compares with `expected.txt`; with SEGMENTD_WRITE_EXPECTED set, writes it instead.
        private static func compare(
            _ folder: String, _ files: [CorpusFile], _ answer: (CorpusFile) throws -> String
        ) throws {
            let lines = try files.map { "\($0.name) \(try answer($0))" }
            if ProcessInfo.processInfo.environment["SEGMENTD_WRITE_EXPECTED"] != nil {
                try Corpus.write(expected: lines, folder)
            }
            #expect(try Corpus.expected(folder) == lines)
        }
    }
}

extension RunningDaemon {
    /// Descriptors that the daemon has open.
    fileprivate func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd").count
    }

    /// The same once there are no more than that, or after ten seconds: a connection's end is seen a little later.
    fileprivate func settledDescriptors(atMost count: Int) async throws -> Int {
        for _ in 0..<200 {
            if try openDescriptors() <= count { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try openDescriptors()
    }

    /// Anonymous memory of the daemon.
    fileprivate func memoryKilobytes() throws -> Int {
        let lines = try Files.text("/proc/\(processID)/status").split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("RssAnon:") })
        return try #require(
            line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) })
    }
}
