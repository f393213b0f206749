import Audiences
import ControlAPI
import SegmentModel
import Testing

@Suite struct ContactSearchRouteTests {
    private static func order(_ number: Int, by contact: String, at time: String = "2026-02-28T14:05:00Z") -> String {
        """
        {"specversion":"1.0","id":"o\(number)","source":"test","type":"order.placed","time":"\(time)","data":\
        {"order":"\(number)","contact":"\(contact)","store":"main","currency":"EUR","total":"19.90"}}
        """
    }

    private func list(_ server: TestServer, _ target: String) async throws -> ContactList {
        try await server.send("GET", target).decode(ContactList.self)
    }

    @Test func `contacts are found by the beginning of their id or address and by segment`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "a1", #""email":"Anna@example.org","tags":{"add":["vip"]}"#),
                contactChanged("2", "a2", #""email":"anton@example.org""#),
                contactChanged("3", "b1", #""email":"ANNE@example.org","tags":{"add":["vip"]}"#),
                contactChanged("4", "a", #""vip":true"#), contactChanged("5", "é1", #""email":"änne@example.org""#),
            ])
            let draft = #"{"name":"VIP","where":{"tag":"vip"}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201)
            let byID = try await list(server, Routes.contacts(of: "shop", limit: 2, idPrefix: "a"))
            #expect(byID.contacts.map(\.contact) == ["a", "a1"] && byID.count == 3)
            let rest = try await list(server, Routes.contacts(of: "shop", limit: 2, after: byID.next, idPrefix: "a"))
            #expect(rest.contacts.map(\.contact) == ["a2"] && rest.next == nil)
            let byEmail = try await list(server, Routes.contacts(of: "shop", emailPrefix: "aNN"))
            #expect(byEmail.contacts.map(\.contact) == ["a1", "b1"] && byEmail.count == 2)
            #expect(byEmail.frontier == "2026-03-01T12:00:02Z")
            let folded = try await list(server, Routes.contacts(of: "shop", emailPrefix: "ÄNN"))
            #expect(folded.contacts.map(\.contact) == ["é1"])
            let all = try await list(
                server, Routes.contacts(of: "shop", idPrefix: "a", emailPrefix: "a", segment: "vip"))
            #expect(all.contacts.map(\.contact) == ["a1"] && all.count == 1)
            let none = try await list(server, Routes.contacts(of: "shop", idPrefix: "zz"))
            #expect(none.contacts.isEmpty && none.count == 0)
            let unknown = try await server.send("GET", Routes.contacts(of: "shop", segment: "VIPs"))
            #expect(unknown.status == 404)
            #expect(try unknown.problem().code == "segment_not_found")
        }
    }

    @Test func `a contact's segments say since when and why, and what is pending says what it will do`() async throws {
        try await TestServer.run { server in
            try await server.makeShop(delay: "PT2H")
            try await server.ingest([Self.order(1, by: "anna"), contactChanged("1", "anna", #""country":"FR""#)])
            server.clock.advance(seconds: 3 * 3_600)
            await server.directory.tick()
            for draft in [
                #"{"name":"Buyers","where":{"activity":"order"}}"#,
                #"{"name":"French","where":{"field":"country","op":"is","value":"FR"}}"#,
                #"{"name":"Twice","where":{"activity":"order","value":2}}"#,
            ] { #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201) }
            let receipt = try await server.ingest([
                Self.order(2, by: "anna"), contactChanged("2", "anna", #""country":"DE""#),
            ])
            let path = Routes.contact("anna", of: "shop")
            let contact = try await server.send("GET", path).decode(ContactAnswer.self)
            #expect(contact.segments.map(\.name) == ["Buyers", "French"])
            #expect(contact.segments.map(\.because) == [.definition, .definition])
            #expect(contact.segmentCount == 2 && contact.segmentsNext == nil && contact.pendingCount == 2)
            #expect(contact.coming.map(\.segment.name).sorted() == ["French", "Twice"])
            #expect(contact.coming.allSatisfy { $0.at == receipt.visibleAt && $0.because == .event })
            let second = try await server.send("GET", Routes.contact("anna", of: "shop", segmentsAfter: "Buyers"))
            #expect(try second.decode(ContactAnswer.self).segments.map(\.name) == ["French"])

            let forecast = try await server.send("GET", Routes.forecast(of: "shop", by: .instant))
                .decode(ForecastAnswer.self)
            #expect(forecast.pending == 2 && forecast.examined == 2 && forecast.through == receipt.visibleAt)
            #expect(forecast.changes.map(\.segment.name) == ["French", "Twice"])
            #expect(forecast.changes.map(\.entered) == [0, 1] && forecast.changes.map(\.left) == [1, 0])
            #expect(forecast.totals.count == 2 && forecast.changeCount == 2)
            let wrong = try await server.send("GET", "/v1/audiences/shop/pending/forecast?by=day")
            #expect(wrong.status == 400)

            server.clock.advance(seconds: 2 * 3_600)
            await server.directory.tick()
            let after = try await server.send("GET", path).decode(ContactAnswer.self)
            #expect(after.segments.map(\.name) == ["Buyers", "Twice"] && after.coming.isEmpty)
            let twice = try #require(after.segments.last)
            #expect(twice.since == receipt.visibleAt && twice.because == .event && twice.sequence == 3)
            let empty = try await server.send("GET", Routes.forecast(of: "shop")).decode(ForecastAnswer.self)
            #expect(empty.changes.isEmpty && empty.pending == 0 && empty.through == empty.frontier)
        }
    }

    @Test func `an explanation names events, the next change, and what would change it`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "anna", #""country":"FR""#), Self.order(991, by: "anna"),
            ])
            for draft in [
                #"{"name":"Recent","where":{"all":[{"activity":"order","within":{"last":"P1M"}},{"not":{"tag":"x"}}]}}"#,
                #"{"name":"Twice","where":{"any":[{"activity":"order","value":2},{"field":"country","op":"is","value":"DE"}]}}"#,
            ] { #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201) }
            let recent = try await server.send("GET", Routes.explain("Recent", contact: "anna", in: "shop"))
                .decode(ExplanationAnswer.self)
            #expect(recent.member && recent.wouldEnter == nil && recent.timezone == "Europe/Paris")
            #expect(
                recent.nextChange
                    == NextChangeAnswer(
                        at: "2026-03-28T14:05:00Z", atLocal: "2026-03-28T15:05:00+01:00", becomes: .left,
                        because: "order 991 turns 1 month old", sequence: 2))
            let order = try #require(recent.explanation.children?.first)
            #expect(order.type == "order.placed" && order.sequence == 2 && order.found == "1 order")
            #expect(order.occurredAtLocal == "2026-02-28T15:05:00+01:00")
            let twice = try await server.send("GET", Routes.explain("Twice", contact: "anna", in: "shop"))
                .decode(ExplanationAnswer.self)
            #expect(!twice.member && twice.wouldEnter == "with one more order" && twice.nextChange == nil)
            let country = try #require(twice.explanation.children?.last)
            #expect(country.type == "contact.changed" && country.sequence == 1 && country.found == "country “FR”")
        }
    }

    @Test func `a pending event is the next change where it comes before time does`() async throws {
        try await TestServer.run { server in
            try await server.makeShop(delay: "PT2H")
            try await server.ingest([Self.order(1, by: "anna")])
            server.clock.advance(seconds: 3 * 3_600)
            await server.directory.tick()
            let draft = #"{"name":"Once","where":{"activity":"order","within":{"last":"P1M"},"op":"is","value":1}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201)
            let receipt = try await server.ingest([Self.order(2, by: "anna")])
            let target = Routes.explain("Once", contact: "anna", in: "shop")
            let explained = try await server.send("GET", target).decode(ExplanationAnswer.self)
            let visibleAt = try #require(receipt.visibleAt)
            #expect(explained.nextChange?.at == visibleAt && explained.nextChange?.becomes == .left)
            #expect(explained.nextChange?.because == "the pending order.placed becomes visible")
            #expect(explained.nextChange?.sequence == 2 && explained.pending == 1)
        }
    }
}
