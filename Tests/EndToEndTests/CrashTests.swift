import ControlAPI
import Testing

extension EndToEnd {
    @Suite("A daemon killed during an import")
    struct CrashTests {
        private static let total = 1_600

        @Test("What was acknowledged is there, nothing is there twice, and the same import completes")
        func kills() async throws {
            let home = try DaemonHome()
            let events = try WideEvents(count: Self.total, in: home)
            try await RunningDaemon.run(in: home, ending: .killed) { try await WideEvents.prepare($0) }
            var acknowledged = 0
            var interrupted = 0
            // Killed as soon as the log holds that many: in the first request, and in later ones.
            for threshold in [1, 300, 500, 900, 1_200] {
                let lines = try await RunningDaemon.run(in: home, ending: .killed) { daemon in
                    #expect(try await WideEvents.checkPrefix(daemon) >= acknowledged)
                    return try await Self.importAndKill(daemon, events, whenHolding: threshold)
                }
                acknowledged = max(acknowledged, lines)
                interrupted += lines < Self.total ? 1 : 0
            }
            #expect(interrupted > 0 && acknowledged > 0)
            try await RunningDaemon.run(in: home) { daemon in
                let held = try await WideEvents.checkPrefix(daemon)
                #expect(held >= acknowledged)
                let receipt = try await daemon.importEvents(events.path)
                #expect((receipt.duplicates, receipt.appended) == (held, Self.total - held))
                #expect(receipt.lastSequence == (held < Self.total ? UInt64(Self.total) : nil))
                #expect(try await WideEvents.checkPrefix(daemon) == Self.total)
            }
        }

        /// Kills the daemon during an import once its log holds that many events.
        ///
        /// - Returns: how many lines the client says were acknowledged.
        private static func importAndKill(
            _ daemon: RunningDaemon, _ events: WideEvents, whenHolding threshold: Int
        ) async throws -> Int {
            // With the audience named, the import is the first thing the client asks for.
            async let finished = daemon.control("event", "import", events.path, "--audience", "shop", "--json")
            while try daemon.standing().lastSequence < threshold { try await Task.sleep(for: .milliseconds(2)) }
            daemon.kill()
            let client = try await finished
            let receipt = try WireCoding.decode(IngestAnswer.self, from: Array(client.output.utf8))
            #expect(client.code == (receipt.lines == total ? 0 : 69), "\(client)")
            if client.code == 69 {
                #expect(client.errors.contains("Run the same command again to go on"), "\(client)")
                let said = receipt.lines == 0 ? "Nothing is acknowledged." : "every line up to line "
                #expect(client.errors.contains(said), "\(client)")
            }
            return receipt.lines
        }
    }
}
