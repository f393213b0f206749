import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Backup, damage and salvage")
    struct BackupTests {
        private static let total = 1_600

        @Test("A backup of a running daemon is sound, and a daemon on it has everything")
        func backup() async throws {
            var home = try DaemonHome()
            let events = try WideEvents(count: Self.total, in: home)
            let place = home.path("backup")
            try await RunningDaemon.run(in: home, ending: .killed) { daemon in
                try await WideEvents.prepare(daemon)
                _ = try await daemon.importEvents(events.path)
                let backup = try await daemon.answer(BackupAnswer.self, "backup", place)
                #expect(backup.audiences.first?.lastSequence == UInt64(Self.total))
                let again = try await daemon.control("backup", place)
                #expect(again.code == 65 && again.errors.contains("is there already"), "\(again)")
                let text = try await daemon.control("status")
                #expect(text.output.contains("Last backup"), "\(text)")
                let busy = try await Program.replay.run(["verify", home.data])
                #expect(busy.code == 69 && busy.errors.contains("in use"), "\(busy)")
            }
            let verified = try await Program.replay.run(["verify", place])
            #expect(verified.code == 0 && verified.output.contains("a backup, 1 audiences"), "\(verified)")
            home.data = place
            let held = try await RunningDaemon.run(in: home) { try await WideEvents.checkPrefix($0) }
            #expect(held == Self.total)
        }

        @Test("A damaged log ends the start with 65, verify says where, and salvage saves the rest")
        func damage() async throws {
            var home = try DaemonHome()
            let events = try WideEvents(count: Self.total, in: home)
            try await RunningDaemon.run(in: home) { daemon in
                try await WideEvents.prepare(daemon)
                _ = try await daemon.importEvents(events.path)
            }
            let file = home.data + "/audiences/shop/log/data.mdb"
            var content = try Data(contentsOf: URL(filePath: file))
            // The last page that holds a block's bytes from its beginning.
            let page = try #require((2..<content.count / 4096).last { content[$0 * 4096 + 10] == 4 })
            content[page * 4096 + 1_000] ^= 1
            try content.write(to: URL(filePath: file))
            let verified = try await Program.replay.run(["verify", home.data, "--json"])
            #expect(verified.code == 65 && verified.output.contains("event "), "\(verified)")
            let saved = try await Program.replay.run(["salvage", home.data, "--to", home.path("saved")])
            #expect(saved.code == 1 && saved.output.contains("SOMETHING IS LOST"), "\(saved)")
            #expect(try await Program.replay.run(["verify", home.path("saved")]).code == 0)
            // Without what is derived from the log it must be read.
            for name in ["index", "view"] {
                try FileManager.default.removeItem(atPath: home.data + "/audiences/shop/" + name)
            }
            let started = try await Program.daemon.run(home.arguments)
            #expect(started.code == 65, "\(started)")
            for part in ["“shop”", "damaged", "segment-replay salvage"] {
                #expect(started.errors.contains(part), "\(started)")
            }
            home.data = home.path("saved")
            try await RunningDaemon.run(in: home) { daemon in
                let held = Int(try daemon.standing().lastSequence)
                let receipt = try await daemon.importEvents(events.path)
                #expect((receipt.duplicates, receipt.appended) == (held, Self.total - held))
                #expect(receipt.appended > 0)
            }
        }
    }
}
