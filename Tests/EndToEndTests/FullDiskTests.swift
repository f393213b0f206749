import ControlAPI
import Testing

extension EndToEnd {
    @Suite("A full disk", .enabled("needs the right to mount small file systems") { await SmallDisk.isPossible })
    struct FullDiskTests {
        private static let total = 1_600

        @Test(
            "An import is refused with the reason, reading goes on, and with room again the same import completes",
            arguments: SmallDisk.allCases)
        func full(disk small: SmallDisk) async throws {
            var home = try DaemonHome()
            let events = try WideEvents(count: Self.total, in: home)
            try await small.mounted(at: home.path("disk"), megabytes: 80) { disk in
                home.data = disk + "/data"
                let ballast = try Ballast(disk + "/ballast", byteCount: 60 << 20)
                try await RunningDaemon.run(in: home) { daemon in
                    try await WideEvents.prepare(daemon)
                    try await Self.importInto(daemon, events, ballast)
                }
                let held = try await RunningDaemon.run(in: home) { try await WideEvents.checkPrefix($0) }
                #expect(held == Self.total)
            }
        }

        private static func importInto(_ daemon: RunningDaemon, _ events: WideEvents, _ ballast: Ballast) async throws {
            for _ in 1...2 {
                let full = try await daemon.control("event", "import", events.path, "--json")
                #expect(full.code == 75, "\(full)")
                #expect(full.errors.contains("no room"), "\(full)")
                #expect(full.errors.contains("Run the same command again to go on"), "\(full)")
                let receipt = try WireCoding.decode(IngestAnswer.self, from: Array(full.output.utf8))
                let held = try await WideEvents.checkPrefix(daemon)
                #expect(held == receipt.appended + receipt.duplicates)
                #expect((1..<total).contains(held))
            }
            let saved = try await daemon.control("segment", "save", "--name", "More", "--where", #"{"tag": "a"}"#)
            #expect([0, 75].contains(saved.code), "\(saved)")
            let held = Int(try daemon.standing().lastSequence)
            try ballast.remove()
            let receipt = try await daemon.importEvents(events.path)
            #expect((receipt.duplicates, receipt.appended) == (held, total - held))
            #expect(try await WideEvents.checkPrefix(daemon) == total)
        }

        @Test(
            "A daemon stops and starts where there is no room at all, answers questions, and takes events with room again",
            arguments: SmallDisk.allCases)
        func noRoom(disk small: SmallDisk) async throws {
            var home = try DaemonHome()
            let first = try WideEvents(count: 200, in: home, name: "first.ndjson")
            let all = try WideEvents(count: 400, in: home)
            try await small.mounted(at: home.path("disk"), megabytes: 80) { disk in
                home.data = disk + "/data"
                try await RunningDaemon.run(in: home) { daemon in
                    try await WideEvents.prepare(daemon)
                    try await daemon.importEvents(first.path)
                }
                let ballast = try await RunningDaemon.run(in: home) { daemon in
                    // So that stopping has a view to write.
                    _ = try RawConnection.append(Self.lateEvent, at: home.socket)
                    let ballast = try Ballast(disk + "/ballast")
                    try await Self.checkRefusals(daemon, all)
                    return ballast
                }
                try await RunningDaemon.run(in: home) { daemon in
                    try await Self.checkRefusals(daemon, all)
                    try ballast.remove()
                    try await Self.untilTaken(all, by: daemon)
                }
            }
        }

        /// Of a contact that the files have too.
        private static let lateEvent =
            #"{"specversion":"1.0","type":"contact.changed","source":"late","id":"1","data":{"contact":"c100001"}}"#
            + "\n"

        /// What needs room is refused for that reason; questions are answered, and nothing makes the daemon end.
        private static func checkRefusals(_ daemon: RunningDaemon, _ events: WideEvents) async throws {
            for words in [
                ["audience", "create", "other", "--timezone", "UTC", "--currency", "EUR"],
                ["event", "import", events.path, "--audience", "shop"],
                ["segment", "send", "French", "--campaign", "spring", "--audience", "shop"],
            ] {
                let refused = try await Program.control.run(words + ["--socket", daemon.home.socket])
                #expect(refused.code == 75, "\(words): \(refused)")
            }
            // A page that is free in the file may still take it.
            let edited = try await daemon.control("segment", "edit", "French", "--description", "of France")
            #expect([0, 75].contains(edited.code), "\(edited)")
            let french = try await daemon.export("French").members
            #expect(french.count >= 200 / 3)
            #expect(try daemon.standing().lastSequence >= 201)
        }

        /// With room again, a request is taken within ten seconds.
        private static func untilTaken(_ events: WideEvents, by daemon: RunningDaemon) async throws {
            let start = ContinuousClock.now
            var taken = try await daemon.control("event", "import", events.path)
            while taken.code == 75, ContinuousClock.now - start < .seconds(10) {
                try await Task.sleep(for: .milliseconds(100))
                taken = try await daemon.control("event", "import", events.path)
            }
            #expect(taken.code == 0, "\(taken)")
            try await daemon.untilAllIsApplied()
            #expect(try daemon.standing().lastSequence == UInt64(events.count + 1))
            #expect(try await daemon.export("French").members.count == events.count / 3)
        }
    }
}
