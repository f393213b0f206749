import ControlAPI
import Testing

extension EndToEnd {
    @Suite("Watching")
    struct WatchingTests {
        /// A daemon with three contacts and a segment, that audits itself as often as it can.
        private func withDaemon(_ body: (RunningDaemon, DaemonHome) async throws -> Void) async throws {
            var home = try DaemonHome()
            home.auditInterval = "1s"
            let file = try home.write(
                (1...3).map { number in
                    #"{"specversion":"1.0","type":"contact.changed","source":"s","id":"\#(number)","#
                        + #""data":{"contact":"c\#(number)","tags":{"add":["vip"]}}}"# + "\n"
                }.joined(), to: "events.ndjson")
            try await RunningDaemon.run(in: home) { [home] daemon in
                _ = try await daemon.control(
                    "audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR", "--visibility-delay", "PT0S"
                ).succeeded()
                _ = try await daemon.control("segment", "save", "--name", "VIP", "--where", #"{"tag": "vip"}"#)
                    .succeeded()
                _ = try await daemon.importEvents(file)
                try await body(daemon, home)
            }
        }

        @Test("Metrics are written whole to a file that others may read, and the audit goes on by itself")
        func metrics() async throws {
            try await withDaemon { daemon, home in
                let printed = try await daemon.control("metrics").succeeded().output
                #expect(printed.contains("# TYPE segmentd_contacts gauge\nsegmentd_contacts{audience=\"shop\"} "))
                let file = home.path("segmentd.prom")
                var audited = 0
                while audited == 0 {
                    _ = try await daemon.control("metrics", "--output", file).succeeded()
                    let line = try Files.text(file).split(separator: "\n")
                        .first { $0.hasPrefix("segmentd_audit_contacts_total{") }
                    audited = try #require(line?.split(separator: " ").last.flatMap { Int($0) })
                }
                let mode = try await Finished.system("stat", ["-c", "%a", file]).succeeded().output
                #expect(mode.hasPrefix("644"))
                let status = try await daemon.control("status").succeeded().output
                #expect(status.contains("audited, no difference"))
            }
        }

        @Test("All contacts are verified, and nothing differs")
        func verify() async throws {
            try await withDaemon { daemon, _ in
                let finished = try await daemon.control("verify").succeeded()
                #expect(
                    finished.output.hasPrefix("Compared 3 contacts, each in 1 segment and 1 condition, with the log"))
                #expect(finished.output.contains("no difference at "))
                #expect(try await daemon.answer(VerificationAnswer.self, "verify").contacts == 3)
            }
        }

        @Test("Without a terminal top writes a table for an interval; on one, q gives the screen back")
        func top() async throws {
            try await withDaemon { daemon, home in
                let once = try await daemon.control("top", "--once").succeeded().output
                #expect(once.contains("AUDIENCE  EVENTS/S"))
                #expect(once.contains("\nshop "))
                #expect(!once.contains("\u{1B}"))
                let json = try await daemon.answer(StatusAnswer.self, "top", "--once")
                #expect(json.audiences.map(\.contacts) == [3])
                // script(1) gives the program a terminal, and hands on what it reads itself.
                let command = "\(try Program.control.path) top --socket \(home.socket)"
                let seen = home.path("screen")
                let quit = "(until grep -qs AUDIENCE '\(seen)'; do sleep 0.1; done; printf q)"
                let screen = try await Finished.system(
                    "sh", ["-c", "\(quit) | TERM=xterm script -qfec '\(command)' '\(seen)'"]
                ).succeeded().output
                #expect(screen.contains("\u{1B}[?1049h\u{1B}[?25l"))
                #expect(screen.contains("AUDIENCE"))
                #expect(screen.contains("\u{1B}[?25h\u{1B}[?1049l"))
            }
        }
    }
}
