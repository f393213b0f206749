import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Erasure")
    struct ErasureTests {
        /// What was said of eva and of nobody else.
        private static let canaries = [
            "eva-17", "eva@canary.test", "order-4711", "tag-of-eva", "https://shop.test/of-eva", "value-of-eva",
            "event-of-eva",
        ]

        private static func line(_ type: String, _ id: String, _ data: String) -> String {
            #"{"specversion":"1.0","type":"\#(type)","source":"s","id":"\#(id)","data":{\#(data)}}"#
        }

        private static let lines = [
            line(
                "contact.changed", "event-of-eva",
                #""contact":"eva-17","email":"eva@canary.test","tags":{"add":["vip","tag-of-eva"]},"fields":{"n":"value-of-eva"}"#
            ),
            line(
                "order.placed", "event-of-eva-2",
                #""order":"order-4711","contact":"eva-17","store":"web","currency":"EUR","total":10"#),
            line("order.cancelled", "event-of-eva-3", #""order":"order-4711","store":"web""#),
            line(
                "campaign.clicked", "event-of-eva-4",
                #""contact":"eva-17","campaign":"spring","url":"https://shop.test/of-eva""#),
            line("contact.changed", "b", #""contact":"bob","email":"bob@x.test","tags":{"add":["vip"]}"#),
        ]

        private static func prepare(_ daemon: RunningDaemon) async throws {
            _ = try await daemon.control(
                "audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR", "--visibility-delay", "PT0S"
            ).succeeded()
            _ = try await daemon.control("segment", "save", "--name", "VIP", "--where", #"{"tag": "vip"}"#).succeeded()
            _ = try await daemon.importEvents(
                try daemon.home.write(lines.joined(separator: "\n") + "\n", to: "contacts.ndjson"))
            _ = try await daemon.control("segment", "send", "VIP", "--campaign", "spring").succeeded()
        }

        @Test("An erased contact is in no file of the daemon's, and in none that it still reads")
        func residue() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { try await Self.prepare($0) }
            #expect(try !Self.residue(in: home.data).isEmpty)
            try await RunningDaemon.run(in: home) { daemon in
                let refused = try await daemon.control("contact", "erase", "eva-17")
                #expect(refused.code == 64)
                let erased = try await daemon.control("contact", "erase", "eva-17", "--yes").succeeded()
                #expect(erased.output.contains("Gone from all files by"))
                try await Self.untilVisible(daemon)
                let run = try await daemon.control("erasure", "run").succeeded()
                #expect(run.output.hasPrefix("Worked off 1 erasure: 5 events blanked, 1 row of recipient lists"))
                #expect(try Self.residue(in: home.data) == [])
                try await Self.untilNothingRemovedIsMapped(home)
                let members = try await daemon.answer(MemberList.self, "segment", "members", "VIP")
                #expect(members.members == ["bob"])
                // The source sends everything again.
                _ = try await daemon.importEvents(home.path("contacts.ndjson"))
                #expect(try await daemon.control("contact", "show", "eva-17").code != 0)
                #expect(!daemon.log.text.contains("eva-17"))
            }
            #expect(try Self.residue(in: home.data) == [])
            #expect(try Self.residue(in: home.data + "-erasures") == [])
            try await RunningDaemon.run(in: home) { daemon in
                let status = try await daemon.answer(ErasureStatusAnswer.self, "erasure", "show")
                #expect(status.done == 1)
                #expect(status.waiting == 0)
            }
        }

        @Test("An older copy of the data is started without those who were erased since, and says so")
        func olderCopy() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { try await Self.prepare($0) }
            try FileManager.default.copyItem(atPath: home.data, toPath: home.path("copy"))
            try await RunningDaemon.run(in: home) { daemon in
                _ = try await daemon.control("contact", "erase", "eva-17", "--yes").succeeded()
            }
            try FileManager.default.removeItem(atPath: home.data)
            try FileManager.default.moveItem(atPath: home.path("copy"), toPath: home.data)
            try await RunningDaemon.run(in: home) { daemon in
                #expect(daemon.log.text.contains("have been erased again"))
                let members = try await daemon.answer(MemberList.self, "segment", "members", "VIP")
                #expect(members.members == ["bob"])
            }
            #expect(try Self.residue(in: home.data) == [])
        }

        private static func untilVisible(_ daemon: RunningDaemon) async throws {
            while try await daemon.answer(ErasureStatusAnswer.self, "erasure", "show").waiting == 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        /// The files below a directory that have the bytes of one of the canaries in them.
        private static func residue(in path: String) throws -> [String] {
            var found: [String] = []
            for name in try files(below: path) {
                guard let content = try? Data(contentsOf: URL(filePath: path + "/" + name)) else { continue }
                found += canaries.filter { content.firstRange(of: Data($0.utf8)) != nil }.map { "\(name): \($0)" }
            }
            return found
        }

        /// A daemon that renames a view meanwhile ends the walk; then it begins again.
        private static func files(below path: String) throws -> [String] {
            for _ in 0..<100 {
                if let names = try? FileManager.default.subpathsOfDirectory(atPath: path) { return names }
            }
            return try FileManager.default.subpathsOfDirectory(atPath: path)
        }

        /// Who reads the log or the view of before does so for moments.
        private static func untilNothingRemovedIsMapped(_ home: DaemonHome) async throws {
            for _ in 0..<600 {
                if try removedMaps(of: home).isEmpty { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try removedMaps(of: home) == [])
        }

        /// The daemon's files that are removed and still mapped.
        private static func removedMaps(of home: DaemonHome) throws -> [String] {
            let lock = try Files.text(home.data + "/lock")
            let process = try #require(lock.split(whereSeparator: \.isWhitespace).last)
            return try Files.text("/proc/\(process)/maps").split(separator: "\n")
                .filter { $0.contains(home.data) && $0.hasSuffix("(deleted)") }.map(String.init)
        }
    }
}
