import ControlAPI
import Testing

extension EndToEnd {
    @Suite("What is refused")
    struct RefusalTests {
        @Test("A second daemon on the same data directory is refused, the first goes on")
        func dataInUse() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in
                var second = home
                second.socket = home.path("other/op.sock")
                let refused = try await Program.daemon.run(second.arguments)
                #expect(refused.code == 69)
                #expect(refused.errors.contains("segmentd: The data directory is in use by another process (pid "))
                #expect(try await daemon.control("status").code == 0)
            }
        }

        @Test("A daemon whose socket is another's is refused, the other keeps its socket")
        func socketInUse() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in
                var second = home
                second.data = home.path("other")
                let refused = try await Program.daemon.run(second.arguments)
                #expect(refused.code == 69)
                #expect(refused.errors.contains("segmentd: Another process answers at \(home.socket)."))
                #expect(try RawConnection.status(at: home.socket).dataDirectory == home.data)
                #expect(try await daemon.control("status").code == 0)
            }
        }

        @Test("An unknown configuration key is refused with the one that was meant")
        func unknownKey() async throws {
            let home = try DaemonHome()
            let file = try home.write("logLevel: info\ntickIntervall: 1s\n", to: "segmentd.yaml")
            let refused = try await Program.daemon.run(["--config", file] + home.arguments)
            #expect(refused.code == 78)
            #expect(refused.errors.contains("unknown key “tickIntervall”. Did you mean “tickInterval”?"))
            #expect(
                try await Program.daemon.run(["--config", Files.root + "/Config/segmentd.yaml", "--check-config"]).code
                    == 0)
        }

        @Test("A data directory of a newer format is refused and left alone")
        func newerFormat() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in try await WideEvents.prepare(daemon) }
            for (place, kind) in [
                ("data/audiences/shop/FORMAT", "segmentd audience"), ("data/FORMAT", "segmentd data directory"),
            ] {
                let before = try Files.text(home.path(place))
                #expect(before == "\(kind), format 1\n")
                try home.write("\(kind), format 2\n", to: place)
                let refused = try await Program.daemon.run(home.arguments)
                #expect(refused.code == 65, "\(refused)")
                #expect(refused.errors.contains("FORMAT says “\(kind), format 2”"), "\(refused)")
                #expect(refused.errors.contains("reads “\(kind), format 1”"), "\(refused)")
                #expect(try Files.text(home.path(place)) == "\(kind), format 2\n")
                try home.write(before, to: place)
            }
            let segments = try await RunningDaemon.run(in: home) { try $0.standing().segments }
            #expect(segments == 2)
        }

        @Test("An unknown time zone, audience, segment and key are refused by name, with what was meant")
        func unknownNames() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in
                let zone = try await daemon.control(
                    "audience", "create", "shop", "--timezone", "Europe/Pari", "--currency", "EUR")
                #expect(zone.code == 65)
                #expect(zone.errors.contains("Europe/Pari"), "\(zone)")
                #expect(zone.errors.hasPrefix("segmentctl: at /timezone: "), "\(zone)")
                #expect(try RawConnection.status(at: home.socket).audiences.isEmpty)
                try await WideEvents.prepare(daemon)
                let audience = try await daemon.control("segment", "list", "--audience", "shopp")
                #expect(audience.code == 65)
                #expect(audience.errors.contains("Did you mean"), "\(audience)")
                let segment = try await daemon.control("segment", "show", "Frensh")
                #expect(segment.code == 65)
                #expect(segment.errors.contains("French"), "\(segment)")
                let key = try await daemon.control(
                    "segment", "save", "--name", "K", "--where", #"{"all": [{"feld": "country"}]}"#)
                #expect(key.code == 65)
                #expect(key.errors.hasPrefix("segmentctl: at /where/all/0/feld: "), "\(key)")
                #expect(try daemon.standing().segments == 2)
            }
        }

        @Test("A client without a daemon says so")
        func noDaemon() async throws {
            let home = try DaemonHome()
            let finished = try await Program.control.run(["status", "--socket", home.socket])
            #expect(finished.code == 69)
            #expect(finished.errors.contains(home.socket), "\(finished)")
        }

        @Test("A body that is cut off leaves nothing behind, and the next request is served", arguments: [true, false])
        func cutOff(hearsAnswer: Bool) async throws {
            let home = try DaemonHome()
            let events = try WideEvents(count: 30, in: home)
            try await RunningDaemon.run(in: home) { daemon in
                try await WideEvents.prepare(daemon)
                let text = try Files.text(events.path)
                let lines = text.split(separator: "\n").map { $0 + "\n" }
                let first = try home.write(lines.prefix(10).joined(), to: "first.ndjson")
                #expect(try await daemon.importEvents(first).appended == 10)
                try Self.send(
                    lines[10..<20].joined() + lines[20].prefix(3_000), of: text.utf8.count, to: home.socket,
                    hearsAnswer: hearsAnswer)
                #expect(try await WideEvents.checkPrefix(daemon) == 10)
                let receipt = try await daemon.importEvents(events.path)
                #expect((receipt.duplicates, receipt.appended, receipt.rejected) == (10, 20, 0))
                #expect(try await WideEvents.checkPrefix(daemon) == 30)
            }
        }

        /// Promises that many bytes, sends fewer, and waits for the answer or does not.
        private static func send(_ body: String, of promised: Int, to socket: String, hearsAnswer: Bool) throws {
            let connection = try RawConnection(to: socket)
            try connection.send(
                """
                POST \(Routes.events(of: "shop")) HTTP/1.1\r\nHost: segmentd\r\nContent-Type: application/x-ndjson\r
                Content-Length: \(promised)\r\n\r\n\(body)
                """)
            guard hearsAnswer else { return }
            connection.finishSending()
            let answer = try HTTPAnswer(connection.receiveAll())
            #expect(answer.status == 400)
            let problem = try WireCoding.decode(Problem.self, from: answer.body)
            #expect(problem.code == "body_cut_off")
            #expect(problem.ingest?.appended == 0)
        }
    }
}
