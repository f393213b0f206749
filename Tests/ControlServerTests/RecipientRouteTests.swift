import ControlAPI
import ControlServer
import SegmentModel
import Testing

@Suite struct RecipientRouteTests {
    /// A shop with three VIPs, of whom one is unsubscribed.
    private func withVIPs(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "anna", #""country":"FR","email":"anna@x.test","tags":{"add":["vip"]}"#),
                contactChanged("2", "bob", #""email":"bob@x.test","status":"unsubscribed","tags":{"add":["vip"]}"#),
                contactChanged("3", "zoé", #""email":"=1@x.test","tags":{"add":["vip"]},"fields":{"points":-3}"#),
            ])
            let saved = try await server.send(
                "POST", Routes.segments(of: "shop"), #"{"name":"VIP","where":{"tag":"vip"}}"#)
            #expect(saved.status == 201)
            try await body(server)
        }
    }

    private func send(_ server: TestServer, _ campaign: String, to segment: String = "VIP") async throws -> Answer {
        try await server.send("POST", Routes.sends(of: segment, in: "shop"), #"{"campaign":"\#(campaign)"}"#)
    }

    @Test func `the first send answers 201 and the same again 200 with the same list`() async throws {
        try await withVIPs { server in
            let first = try await send(server, "spring/1")
            #expect(first.status == 201)
            #expect(first.headers["location"] == "/v1/audiences/shop/recipients/spring%2F1")
            let list = try first.decode(RecipientListAnswer.self)
            #expect((list.members, list.recipients, list.notSubscribed, list.withoutEmail) == (3, 2, 1, 0))
            #expect(list.segment == SegmentName(id: "s1", name: "VIP"))
            #expect(list.frontier == "2026-03-01T12:00:02Z")
            let again = try await send(server, "spring/1", to: "s1")
            #expect(again.status == 200)
            #expect(try again.decode(RecipientListAnswer.self) == list)
            let shown = try await server.send(
                "GET", Routes.recipientList(of: "spring/1", in: "shop"), over: .query)
            #expect(try shown.decode(RecipientListAnswer.self) == list)
            let segment = try await server.send("GET", Routes.segment("s1", of: "shop")).decode(SegmentAnswer.self)
            #expect(
                segment.lastSent == LastSentAnswer(campaign: "spring/1", sentAt: list.sentAt, recipients: 2))
        }
    }

    @Test func `sending is for operators, and a campaign is for one segment`() async throws {
        try await withVIPs { server in
            let body = #"{"campaign":"spring"}"#
            let target = Routes.sends(of: "VIP", in: "shop")
            let forbidden = try await server.send("POST", target, body, over: .query)
            #expect(try forbidden.problem().code == "role_forbids")
            #expect(try await server.send("POST", target, body).status == 201)
            let other = #"{"name":"Others","where":{"not":{"tag":"vip"}}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), other).status == 201)
            let refused = try await send(server, "spring", to: "Others").problem()
            #expect((refused.status, refused.code, refused.pointer) == (409, "campaign_sent", "/campaign"))
            #expect(refused.related == ["VIP"])
            let unknown = try await server.send("GET", Routes.recipientList(of: "sprng", in: "shop")).problem()
            #expect((unknown.status, unknown.code, unknown.near) == (404, "campaign_not_found", ["spring"]))
            let keys = try await server.send("POST", target, #"{"campain":"x"}"#).problem()
            #expect((keys.code, keys.near) == ("unknown_key", ["campaign"]))
        }
    }

    @Test func `recipients come in pages and as streams of the frontier they were frozen at`() async throws {
        try await withVIPs { server in
            #expect(try await send(server, "spring").status == 201)
            server.clock.advance(seconds: 60)
            let target = Routes.recipients(of: "spring", in: "shop")
            let page = try await server.send("GET", target + "?limit=1", over: .query).decode(RecipientPageAnswer.self)
            #expect(page.recipients == [ContactLine(contact: "anna", email: "anna@x.test")])
            #expect((page.count, page.next, page.frontier) == (2, "anna", "2026-03-01T12:00:02Z"))
            let csv = try await server.send("GET", target, headers: ["Accept: text/csv"], over: .query)
            #expect(csv.text == "contact,email\r\nanna,anna@x.test\r\nzoé,'=1@x.test\r\n")
            #expect(csv.headers["segmentd-frontier"] == "2026-03-01T12:00:02Z")
            #expect(csv.headers["segmentd-count"] == "2")
            let lists = try await server.send("GET", Routes.recipientLists(of: "shop", segment: "vip"))
            #expect(try lists.decode(RecipientListPageAnswer.self).lists.map(\.campaign) == ["spring"])
        }
    }

    @Test func `a comparison names both frontiers and who is where`() async throws {
        try await withVIPs { server in
            #expect(try await send(server, "spring").status == 201)
            try await server.ingest([
                contactChanged("4", "anna", #""tags":{"remove":["vip"]}"#),
                contactChanged("5", "eve", #""email":"eve@x.test","tags":{"add":["vip"]}"#),
            ])
            let answer = try await server.send("GET", Routes.recipientComparison(of: "spring", in: "shop"))
            let comparison = try answer.decode(RecipientComparisonAnswer.self)
            #expect(comparison.list.frontier == "2026-03-01T12:00:02Z")
            #expect(comparison.frontier == "2026-03-01T12:00:04Z")
            #expect((comparison.inBoth, comparison.onlyInList, comparison.onlyInSegment) == (1, 1, 2))
            #expect(comparison.reachable == 1)
            #expect(comparison.onlyInListSample.map(\.contact) == ["anna"])
            #expect(comparison.onlyInSegmentSample.map(\.contact) == ["bob", "eve"])
        }
    }

    @Test func `members are streamed with the columns asked for`() async throws {
        try await withVIPs { server in
            func stream(_ columns: String, _ type: String) async throws -> Answer {
                try await server.send(
                    "GET", Routes.members(of: "VIP", in: "shop") + "?columns=" + columns, headers: ["Accept: \(type)"])
            }
            let csv = try await stream("contact,fields.points,tags,orders.count", MediaType.csv)
            #expect(
                csv.text == "contact,fields.points,tags,orders.count\r\nanna,,vip,0\r\nbob,,vip,0\r\nzoé,-3,vip,0\r\n")
            let lines = try await stream("contact,fields.points,tags", MediaType.ndjson)
            #expect(lines.text.hasSuffix(#"{"contact":"zoé","fields.points":-3,"tags":["vip"]}"# + "\n"))
            let unknown = try await stream("contact,emial", MediaType.csv).problem()
            #expect((unknown.status, unknown.code, unknown.near) == (400, "unknown_column", ["email"]))
            #expect(unknown.detail.contains("fields.points"))
        }
    }

    @Test func `the history of settings says what changed and when`() async throws {
        try await withVIPs { server in
            let patch = #"{"timezone":"UTC","fields":{"points":"number"}}"#
            #expect(try await server.send("PATCH", Routes.audience("shop"), patch).status == 200)
            let answer = try await server.send("GET", Routes.settingsHistory(of: "shop"), over: .query)
            let history = try answer.decode(SettingsHistoryAnswer.self)
            #expect(history.changes.map(\.at) == ["2026-03-01T12:00:00Z", "2026-03-01T12:00:02Z"])
            #expect(history.changes.first?.settings.allSatisfy { $0.before == nil } == true)
            #expect(
                history.changes.last?.settings == [
                    SettingAnswer(setting: "fields.points", after: "number"),
                    SettingAnswer(setting: "timezone", before: "Europe/Paris", after: "UTC"),
                ])
        }
    }
}
