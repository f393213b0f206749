import ControlAPI
import FoundationEssentials
import Testing

extension EndToEnd {
    @Suite("What the log does not say")
    struct CanaryTests {
        @Test("Ids, addresses and whatever else sources send are in no line, at the most talkative level")
        func canaries() async throws {
            var home = try DaemonHome()
            home.options = ["--log-level", "trace", "--ingest-socket", home.path("run/ingest.sock")]
            let file = try home.write(Self.lines.joined(separator: "\n") + "\n", to: "canary.ndjson")
            let text = try await RunningDaemon.run(in: home) { [home] daemon in
                _ = try await daemon.control(
                    "audience", "create", "shop", "--timezone", "UTC", "--currency", "EUR", "--visibility-delay", "PT0S"
                ).succeeded()
                let imported = try await daemon.control("event", "import", file)
                #expect(imported.code == 1, "\(imported)")
                #expect(imported.errors.contains("canary"), "\(imported)")
                _ = try await daemon.control("event", "import", file, "--dry-run")
                let condition = #"{"field": "email", "op": "contains", "value": "canary"}"#
                _ = try await daemon.control("segment", "save", "--name", "All", "--where", condition).succeeded()
                for arguments in [
                    ["segment", "send", "All", "--campaign", "spring"], ["recipients", "export", "spring"],
                    ["segment", "members", "All"], ["segment", "export", "All"], ["segment", "rerun", "All"],
                    ["contact", "show", "canary-1"], ["contact", "show", "canary-nobody"],
                    ["contact", "list", "--email-prefix", "canary"], ["segment", "explain", "All", "canary-1"],
                    ["segment", "show", "canary@example.org"], ["segment", "review", "--where", condition],
                    ["segment", "save", "--name", "Bad", "--where", #"{"field": "canary", "op": "is", "value": 1}"#],
                    ["event", "pending"], ["segment", "delete", "All", "--yes"],
                ] {
                    _ = try await Program.control.run(arguments + ["--socket", home.socket])
                }
                for request in Self.oddRequests {
                    let connection = try RawConnection(to: home.socket)
                    try connection.send(request)
                    connection.finishSending()
                    _ = try? connection.receiveAll()
                }
                return daemon.log
            }.text
            #expect(text.contains(" trace ") || text.contains(" debug "))
            #expect(text.contains("events taken"))
            for line in text.split(separator: "\n") {
                #expect(!line.lowercased().contains("canary"), "\(line)")
            }
        }

        private static let lines = [
            event(
                "1", "contact.changed", #""contact":"canary-1","email":"canary@example.org","fields":{"canary":"x"}"#),
            event("1", "contact.changed", #""contact":"canary-1","email":"canary2@example.org""#),
            event("2", "contact.changed", #""contact":"canary-1","city":"canary city","tags":{"add":["canary"]}"#),
            event("3", "contact.changed", #""contact":"canary-2","canary":"unknown key""#),
            event("4", "contact.changed", #""contact":"canary-2","email":17"#),
            event(
                "5", "order.placed", #""contact":"canary-1","order":"canary","store":"s","currency":"EUR","total":5"#),
            event("6", "activity.recorded", #""contact":"canary-1","name":"canary","properties":{"canary":"canary"}"#),
            event("7", "canary.unknown", #""contact":"canary-1""#),
            #"{"canary": "#, "canary\u{0}", #"{"specversion":"1.0","id":"canary-8","source":"canary"}"#,
        ]

        private static func event(_ id: String, _ type: String, _ data: String) -> String {
            #"{"specversion":"1.0","id":"canary-\#(id)","source":"canary-shop","type":"\#(type)","data":{\#(data)}}"#
        }

        private static let oddRequests = [
            "GET /v1/canary HTTP/1.1\r\nHost: canary\r\nX-Canary: canary\r\n\r\n",
            "GET /v1/audiences/shop/contacts/canary@example.org?canary=1 HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /v1/audiences/canary/events HTTP/1.1\r\nHost: x\r\nContent-Type: canary\r\nContent-Length: 6\r\n\r\ncanary",
            "POST /v1/audiences/shop/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + "Content-Length: 600\r\n\r\n{\"canary\"",
            "PATCH /v1/audiences/shop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
                + "{\"canary\": \"x\"}",
            "canary\r\n\r\n", "GET / HTTP/9.9\r\ncanary: \u{1}\r\n\r\n",
        ]
    }
}
