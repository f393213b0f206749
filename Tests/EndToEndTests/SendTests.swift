import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("Exports and sends")
    struct SendTests {
        /// A daemon's audience with so many contacts that have a tag and an address.
        private static func prepare(_ daemon: RunningDaemon, contacts: Int) async throws {
            _ = try await daemon.control(
                "audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR", "--visibility-delay", "PT0S"
            ).succeeded()
            _ = try await daemon.control("segment", "save", "--name", "VIP", "--where", #"{"tag": "vip"}"#).succeeded()
            let lines = (1...contacts).map { number in
                #"{"specversion":"1.0","type":"contact.changed","source":"s","id":"\#(number)","data":{"contact":"#
                    + #""c\#(number)","email":"c\#(number)@x.test","tags":{"add":["vip"]},"fields":{"n":\#(number)}}}"#
            }
            _ = try await daemon.importEvents(
                try daemon.home.write(lines.joined(separator: "\n") + "\n", to: "contacts.ndjson"))
        }

        @Test("A segment is exported to a file, sent, exported as sent, and compared with what it is then")
        func exportAndSend() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home) { daemon in
                try await Self.prepare(daemon, contacts: 300)
                let sent = try await daemon.control("segment", "send", "VIP", "--campaign", "spring").succeeded()
                #expect(sent.output.hasPrefix("Sent \"VIP\" (s1) as spring: 300 recipients\n"))
                let again = try await daemon.control("segment", "send", "VIP", "--campaign", "spring").succeeded()
                #expect(again.output.contains("the same 300 recipients"))
                let file = home.path("members.csv")
                let export = try await daemon.control(
                    "segment", "export", "VIP", "--columns", "contact, fields.n", "--output", file
                ).succeeded()
                #expect(export.errors.hasPrefix("300 members at "))
                let lines = try Files.text(file).split(separator: "\r\n")
                #expect(lines.prefix(3) == ["contact,fields.n", "c1,1", "c10,10"])
                #expect(lines.count == 301)
                let recipients = try await daemon.control("recipients", "export", "spring", "--format", "ndjson")
                    .succeeded()
                #expect(recipients.lines.count == 300)
                #expect(recipients.lines.first == #"{"contact":"c1","email":"c1@x.test"}"#)
                let comparison = try await daemon.control("recipients", "compare", "spring").succeeded()
                #expect(comparison.output.contains("In both              300\n"))
                let refused = try await daemon.control("segment", "export", "VIP", "--columns", "contact,emial")
                #expect(refused.code == 65)
                #expect(refused.errors.contains("Did you mean: \"email\"?"))
                #expect(refused.output.isEmpty)
            }
        }

        @Test("A daemon killed while it sends has every list that it answered for, whole, and no half of one")
        func kills() async throws {
            let home = try DaemonHome()
            try await RunningDaemon.run(in: home, ending: .killed) { try await Self.prepare($0, contacts: 2_000) }
            var answered: Set<String> = []
            for round in 1...4 {
                answered.formUnion(
                    try await RunningDaemon.run(in: home, ending: .killed) { daemon in
                        try await Self.sendUntilKilled(daemon, round: round)
                    })
                try await RunningDaemon.run(in: home) { try await Self.check($0, answered: answered, rounds: round) }
            }
        }

        /// Sends campaign after campaign, and kills the daemon while one is under way.
        private static func sendUntilKilled(_ daemon: RunningDaemon, round: Int) async throws -> Set<String> {
            var answered: Set<String> = []
            while true {
                let campaign = "r\(round)-\(answered.count)"
                async let sending = daemon.control("segment", "send", "VIP", "--campaign", campaign)
                if answered.count == round {
                    // Killed at once, or a little later: in whatever it is doing then.
                    try await Task.sleep(for: .milliseconds(round * 4))
                    daemon.kill()
                }
                let finished = try await sending
                guard finished.code == 0 else { return answered }
                answered.insert(campaign)
                guard answered.count <= round else { return answered }
            }
        }

        private static func check(_ daemon: RunningDaemon, answered: Set<String>, rounds: Int) async throws {
            let page = try await daemon.answer(RecipientListPageAnswer.self, "recipients", "list", "--limit", "1000")
            let campaigns = Set(page.lists.map(\.campaign))
            #expect(campaigns.isSuperset(of: answered))
            // At most one of each round was stored and not answered for.
            #expect(campaigns.count <= answered.count + rounds)
            for list in page.lists {
                #expect(list.recipients == 2_000)
                let export = try await daemon.control("recipients", "export", list.campaign).succeeded()
                #expect(export.lines.count == 2_001)
            }
            let files = try FileManager.default.contentsOfDirectory(
                atPath: daemon.home.data + "/audiences/shop/sent")
            #expect(files.count == page.lists.count)
        }
    }
}
