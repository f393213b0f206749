import Imports
import SegmentModel
import Testing

@Suite("Orders and customers of Shopify")
struct ShopifyTests {
    private func convert(
        _ text: String, _ format: ShopFormat = .shopifyOrder, contact: ShopOptions.ContactKey = .email,
        connects: Bool = false, piece: Int? = nil
    ) throws -> Converted {
        let options = ShopOptions(
            format, source: "shop.example.com", store: "main", contact: contact, connects: connects)
        return try Converted(text, ShopConversion(format, options: options), piece: piece)
    }

    @Test("An order arrives whole, its refunds as events of their own, its address with its contact")
    func order() throws {
        let converted = try convert(Shopify.order)
        #expect(converted.problems == [])
        #expect(converted.events.map(\.fact.type) == ["order.changed", "order.refunded", "contact.changed"])
        #expect(converted.events.allSatisfy { $0.source == "shop.example.com" })
        let state = try #require(converted.orders.first)
        #expect(state.key == OrderKey(store: "main", order: "5500000000101"))
        #expect(state.contact == "ines.moreau@example.com")
        #expect(state.total.description == "114.1")
        #expect(state.status == .fulfilled)
        #expect(state.placedAt == (try Instant(rfc3339: "2026-03-01T09:14:58Z")))
        #expect(converted.events[0].time == (try Instant(rfc3339: "2026-03-09T07:00:00Z")))
        #expect(converted.events[1].time == (try Instant(rfc3339: "2026-03-08T11:00:00Z")))
        #expect(state.lines.map(\.product) == ["8800000000001", "Gift wrap"])
        #expect(state.lines[0].variant == "9900000000011")
        #expect(state.lines[0].vendor == "Acme")
        #expect(state.lines[0].price.description == "49.55")
        #expect(state.lines[1].vendor == nil)

        let contact = try converted.contacts()["ines.moreau@example.com"]
        #expect(contact?.orders.first?.amount.description == "89.1")
        #expect(contact?[.email] == .text("Ines.Moreau@example.com"))
        // Seen first with the order, not with the import.
        #expect(contact?.firstSeenAt == (try Instant(rfc3339: "2026-03-09T07:00:00Z")))
        #expect(try holds(["activity": "order", "measure": "total", "op": "is", "value": 89.1], for: contact))
        #expect(
            try holds(
                [
                    "activity": "order", "where": [["field": "vendor", "op": "is", "value": "acme"]], "op": "is",
                    "value": 1,
                ],
                for: contact))
    }

    @Test(
        "What the shop says of payment and delivery becomes the status",
        arguments: [
            (#""financial_status": "pending""#, OrderStatus.pending),
            (#""financial_status": "pending", "fulfillment_status": "fulfilled""#, .fulfilled),
            (#""financial_status": "authorized""#, .placed),
            (#""financial_status": "partially_paid", "fulfillment_status": "partial""#, .placed),
            (#""financial_status": "paid", "fulfillment_status": null"#, .paid),
            (#""financial_status": "paid", "fulfillment_status": "fulfilled""#, .fulfilled),
            (#""financial_status": "partially_refunded", "fulfillment_status": "restocked""#, .paid),
            (#""financial_status": "refunded", "fulfillment_status": "fulfilled""#, .refunded),
            (#""financial_status": "voided""#, .cancelled),
            (#""financial_status": "paid", "cancelled_at": "2026-03-02T11:00:00Z""#, .cancelled),
            (#""financial_status": null"#, .placed),
        ])
    func statuses(members: String, status: OrderStatus) throws {
        let converted = try convert(Shopify.order(1, members))
        #expect(converted.problems == [])
        #expect(converted.orders.map(\.status) == [status])
        let counts = [.placed, .paid, .fulfilled].contains(status)
        let contact = try converted.contacts()["ines.moreau@example.com"]
        #expect(try holds(["activity": "order"], for: contact) == counts)
    }

    @Test("Orders for a test do not count, and say so")
    func test() throws {
        let converted = try convert(Shopify.order(1, #""financial_status": "paid", "test": true"#))
        #expect(converted.orders.map(\.isTest) == [true])
        #expect(try !holds(["activity": "order"], for: converted.contacts()["ines.moreau@example.com"]))
    }

    @Test("With the shop's number as the contact guests still go by their address, and nobody's orders are told")
    func contactByNumber() throws {
        let customer = Shopify.order(1, #""customer": {"id": 42, "email": "a@example.com"}"#)
        let guest = Shopify.order(2, #""customer": null"#)
        let nobody = Shopify.order(3, #""x": 1"#).replacing("ines.moreau@example.com", with: "")
        let converted = try convert([customer, guest, nobody].joined(separator: "\n"), contact: .id)
        #expect(converted.orders.map(\.contact) == ["42", "ines.moreau@example.com"])
        #expect(converted.complaints == ["3 no_contact"])
        let unaddressed = customer.replacing("a@example.com", with: "").replacing("ines.moreau@example.com", with: "")
        #expect(try convert(unaddressed).problems.first?.message.contains("--contact id") == true)
    }

    @Test("A refund in another currency is told, and the order handed in all the same")
    func refundCurrency() throws {
        let refund = #"""
            "refunds": [{"id": 9, "created_at": "2026-03-03T00:00:00Z",
              "transactions": [{"kind": "refund", "status": "success", "amount": "1.00", "currency": "USD"}]}]
            """#
        let converted = try convert(Shopify.order(1, refund))
        #expect(converted.complaints == ["1 refund_currency"])
        #expect(converted.problems[0].pointer == "/refunds/0/transactions/0/currency")
        #expect(converted.orders.count == 1)
    }

    @Test("A customer arrives with consent, address, tags and language")
    func customer() throws {
        let converted = try convert(Shopify.customer, .shopifyCustomer)
        #expect(converted.problems == [])
        #expect(converted.events.first?.time == (try Instant(rfc3339: "2026-03-01T09:15:02Z")))
        let contact = try #require(converted.contacts()["ines.moreau@example.com"])
        #expect(contact[.status] == .text("subscribed"))
        #expect(contact[.language] == .text("fr"))
        #expect(contact[.country] == .text("FR"))
        #expect(contact[.region] == .text("Rhône"))
        #expect(contact[.city] == .text("Lyon"))
        #expect(contact[.zip] == .text("69001"))
        #expect(contact[.signedUpAt] == .instant(try Instant(rfc3339: "2025-11-03T08:00:00Z")))
        #expect(contact.tags.values.sorted() == ["VIP", "early bird"])
        #expect(try convert(Shopify.customer, .shopifyCustomer, contact: .id).changes.first?.contact == "7700000000007")
    }

    @Test(
        "What the customer agreed to becomes the status",
        arguments: [
            (#""email_marketing_consent": {"state": "not_subscribed"}"#, "transactional"),
            (#""email_marketing_consent": {"state": "pending"}"#, "pending"),
            (#""email_marketing_consent": {"state": "unsubscribed"}, "accepts_marketing": true"#, "unsubscribed"),
            (#""email_marketing_consent": {"state": "invalid"}"#, "cleaned"),
            (#""email_marketing_consent": {"state": "redacted"}"#, "archived"),
            (#""accepts_marketing": true"#, "subscribed"),
            (#""accepts_marketing": false"#, "transactional"),
            (#""email_marketing_consent": null"#, nil),
        ] as [(String, String?)])
    func consent(members: String, status: String?) throws {
        let text = #"""
            {"id": 1, "email": "a@example.com", "created_at": "2026-01-01T00:00:00Z", "default_address": null, \#(members)}
            """#
        let contact = try convert(text, .shopifyCustomer).contacts()["a@example.com"]
        #expect(contact?[.status] == status.map { .text($0) })
    }

    @Test("An address that the customer no longer has is taken away")
    func addressGone() throws {
        let gone = #"""
            {"id": 7, "email": "ines.moreau@example.com", "created_at": "2025-11-03T09:00:00Z",
             "updated_at": "2026-04-01T00:00:00Z", "default_address": null}
            """#
        let contact = try convert(Shopify.customer + "\n" + gone, .shopifyCustomer)
            .contacts()["ines.moreau@example.com"]
        #expect(contact?[.city] == nil)
        #expect(contact?[.status] == .text("subscribed"))
    }

    @Test("Lines, a list, the API's wrappers and pretty printing give the same events")
    func wrappers() throws {
        let orders = (1...3).map { Shopify.order($0, #""financial_status": "paid""#) }
        let plain = try convert(orders.joined(separator: "\n"))
        #expect(plain.orders.map(\.key.order) == ["1", "2", "3"])
        let pretty = orders.map { $0.replacing(", ", with: ",\n  ").replacing("{", with: "{\n  ") }
        let list = orders.joined(separator: ",")
        let prettyList = pretty.joined(separator: ",\n")
        let single = orders.map { "{\"order\": \($0)}" }.joined(separator: "\n")
        let texts: [String] = [
            "[\(list)]", "{\"orders\": [\n\(list)\n]}\n", single, pretty.joined(separator: "\n\n"), "[\n\(prettyList)]",
        ]
        for text in texts {
            for piece in [1, 64, 10_000] { #expect(try convert(text, piece: piece).bytes == plain.bytes) }
        }
        #expect(try convert("[\(list)]").places == [1, 1, 2, 3])
    }

    @Test("An object that is none is told with its place, and the others are handed in")
    func broken() throws {
        let good = Shopify.order(1, #""financial_status": "paid""#)
        let lines = [
            good, #"{"id": 2, "email": "unclosed}"#, good.replacing("\"id\": 1", with: "\"id\": 3"), "oops", "",
            #"{"id": 4, "currency": "EUR""#, good.replacing("\"id\": 1", with: "\"id\": 5"),
            good.replacing("\"40.00\"", with: "\"forty\""), good.replacing("\"paid\"", with: "\"half\""),
        ]
        let converted = try convert(lines.joined(separator: "\n"))
        #expect(converted.orders.map(\.key.order) == ["1", "3", "5"])
        #expect(
            converted.complaints == [
                "2 invalid_json", "4 wrong_type", "6 invalid_json", "8 invalid_amount", "9 unknown_value",
            ])
        #expect(converted.problems.map(\.pointer).suffix(2) == ["/total_price", "/financial_status"])
        let cut = try convert("[" + good + "," + good.prefix(40))
        #expect(cut.orders.count == 1)
        #expect(cut.complaints == ["2 incomplete_line"])
    }

    @Test("The integration is connected only where that is asked for")
    func connection() throws {
        let converted = try convert(Shopify.order, connects: true)
        guard case .integrationConnected(let connection)? = converted.events.first?.fact else {
            Issue.record("no integration.connected")
            return
        }
        #expect(connection.integration == "shop.example.com")
        #expect(connection.platform == "shopify")
        #expect(connection.stores.map(\.store) == ["main"])
        #expect(try convert("", connects: true).events.count == 1)
    }

    @Test("Delivered twice an order is the same events; changed it is another, and its refund still the same")
    func identity() throws {
        let first = try convert(Shopify.order)
        #expect(try convert(Shopify.order).events == first.events)
        let updated = #""updated_at": "2026-03-09T08:00:00+01:00""#
        let later = try convert(Shopify.order.replacing(updated, with: updated.replacing("03-09", with: "03-10")))
        #expect(later.events[0].id != first.events[0].id)
        #expect(later.events[1] == first.events[1])
        #expect(later.events[2] == first.events[2])
    }
}
