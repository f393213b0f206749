import ControlAPI
import SegmentModel
import Testing

@Suite struct ContactRouteTests {
    private static let order = """
        {"specversion":"1.0","id":"o1","source":"test","type":"order.placed","time":"2026-02-01T10:00:00Z","data":\
        {"order":"17","contact":"anna","store":"main","currency":"EUR","total":"19.90",\
        "lines":[{"product":"p1","quantity":2,"price":9.95}]}}
        """
    private static let opened = """
        {"specversion":"1.0","id":"c1","source":"test","type":"campaign.opened","time":"2026-02-02T10:00:00Z","data":\
        {"contact":"anna","campaign":"spring"}}
        """

    @Test func `a contact shows fields, tags, orders and activities`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "anna", #""country":"FR","rating":3,"tags":{"add":["VIP"]},"fields":{"n":1.50}"#),
                Self.order, Self.opened,
            ])
            let contact = try await server.send("GET", Routes.contact("anna", of: "shop")).decode(ContactAnswer.self)
            #expect(contact.frontier == "2026-03-01T12:00:02Z")
            #expect(contact.firstSeenAt == "2026-03-01T11:00:00Z")
            #expect(contact.fields["country"] == JSONTree(.string("FR")))
            #expect(contact.fields["rating"] == JSONTree(.number("3")))
            #expect(contact.fields["fields.n"] == JSONTree(.number("1.5")))
            #expect(contact.tags == ["VIP"])
            #expect(contact.orderCount == 1)
            #expect(contact.orders.map(\.amount) == ["19.9"])
            #expect(contact.orders.flatMap(\.lines).map(\.price) == ["9.95"])
            #expect(contact.activityCount == 1)
            #expect(contact.activities.map(\.activity) == ["open"])
            #expect(contact.activities.map(\.campaign) == ["spring"])
            #expect(contact.pending.isEmpty)
        }
    }

    @Test func `fields whose names only differ in their bytes are fields of their own, and shown without harm`()
        async throws
    {
        try await TestServer.run { server in
            try await server.makeShop()
            // Swift calls the two names equal.
            try await server.ingest([
                contactChanged("1", "anna", "\"fields\":{\"caf\u{E9}\":1}"),
                contactChanged("2", "anna", "\"fields\":{\"cafe\u{301}\":\"gold\"}"),
            ])
            let shown = try await server.send("GET", Routes.contact("anna", of: "shop"))
            #expect(shown.status == 200)
            let review = try await server.send(
                "POST", Routes.review(in: "shop"),
                "{\"where\":{\"field\":\"fields.cafe\u{301}\",\"op\":\"is\",\"value\":\"gold\"}}")
            #expect(try review.decode(ReviewAnswer.self).count == 1)
        }
    }

    @Test func `what is pending is counted and listed, and part of no contact`() async throws {
        try await TestServer.run { server in
            try await server.makeShop(delay: "PT2H")
            try await server.ingest([
                contactChanged("1", "anna", #""country":"FR""#), contactChanged("2", "bob", #""country":"DE""#),
            ])
            let pending = try await server.send("GET", Routes.pending(of: "shop", limit: 1)).decode(PendingAnswer.self)
            #expect(pending.count == 2)
            #expect(pending.nextVisibleAt == "2026-03-01T14:00:00Z")
            #expect(pending.lastVisibleAt == "2026-03-01T14:00:00Z")
            #expect(
                pending.events == [
                    PendingEventAnswer(
                        sequence: 1, type: "contact.changed", contact: "anna", source: "test", id: "1",
                        recordedAt: "2026-03-01T12:00:00Z", visibleAt: "2026-03-01T14:00:00Z")
                ])
            let anna = try await server.send("GET", Routes.contact("anna", of: "shop")).decode(ContactAnswer.self)
            #expect(anna.firstSeenAt == nil)
            #expect(anna.fields.isEmpty)
            #expect(anna.pending.map(\.sequence) == [1])
            let contacts = try await server.send("GET", Routes.contacts(of: "shop")).decode(ContactList.self)
            #expect(contacts.count == 0)
        }
    }

    @Test func `contacts come in pages, whatever their ids are made of`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "a/b c?&+%", #""email":"a@example.org""#), contactChanged("2", "b", #""vip":true"#),
            ])
            let first = try await server.send("GET", Routes.contacts(of: "shop", limit: 1)).decode(ContactList.self)
            #expect(first.count == 2)
            #expect(first.contacts == [ContactLine(contact: "a/b c?&+%", email: "a@example.org")])
            let second = try await server.send("GET", Routes.contacts(of: "shop", limit: 1, after: first.next))
                .decode(ContactList.self)
            #expect(second.contacts.map(\.contact) == ["b"])
            #expect(second.next == nil)
            let shown = try await server.send("GET", Routes.contact("a/b c?&+%", of: "shop"))
            #expect(try shown.decode(ContactAnswer.self).id == "a/b c?&+%")
        }
    }

    @Test func `an unknown contact is not found`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let answer = try await server.send("GET", Routes.contact("nobody", of: "shop"))
            #expect(answer.status == 404)
            #expect(try answer.problem().code == "contact_not_found")
        }
    }
}
