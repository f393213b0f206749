import Imports
import SegmentModel
import Testing

@Suite("Orders and customers of WooCommerce")
struct WooCommerceTests {
    private func convert(
        _ text: String, _ format: ShopFormat = .wooCommerceOrder, contact: ShopOptions.ContactKey = .email
    ) throws -> Converted {
        try Converted(text, ShopConversion(format, options: ShopOptions(format, contact: contact)))
    }

    @Test("An order arrives whole, with its refunds")
    func order() throws {
        let converted = try convert(WooCommerce.order)
        #expect(converted.problems == [])
        #expect(
            converted.events.map(\.fact.type)
                == ["order.changed", "order.refunded", "order.refunded", "contact.changed"])
        let state = try #require(converted.orders.first)
        #expect(state.key == OrderKey(store: "woocommerce", order: "727"))
        #expect(state.status == .fulfilled)
        #expect(state.placedAt == (try Instant(rfc3339: "2026-03-01T10:15:00Z")))
        #expect(converted.events[0].time == (try Instant(rfc3339: "2026-03-05T08:00:00Z")))
        #expect(state.lines.map(\.product) == ["93", "SAMPLE"])
        #expect(state.lines[0].variant == nil)
        // 49.99 for three.
        #expect(state.lines.map(\.price.description) == ["16.6633", "0"])
        let contact = try converted.contacts()["jan@example.com"]
        #expect(contact?.orders.map(\.amount.description) == ["35"])
        #expect(try holds(["activity": "order", "measure": "quantity", "op": "is", "value": 4], for: contact))
    }

    @Test(
        "What the shop calls an order's state becomes its status",
        arguments: [
            ("pending", OrderStatus.pending), ("on-hold", .pending), ("processing", .paid), ("completed", .fulfilled),
            ("refunded", .refunded), ("cancelled", .cancelled), ("failed", .cancelled), ("trash", .cancelled),
            ("checkout-draft", .pending),
        ])
    func statuses(status: String, expected: OrderStatus) throws {
        let converted = try convert(WooCommerce.order(1, status: status))
        #expect(converted.orders.map(\.status) == [expected])
        let contact = try converted.contacts()["jan@example.com"]
        #expect(try holds(["activity": "order"], for: contact) == [.paid, .fulfilled].contains(expected))
    }

    @Test("A state that some extension made up is told, not guessed")
    func unknownStatus() throws {
        let converted = try convert(WooCommerce.order(1, status: "shipped"))
        #expect(converted.complaints == ["1 unknown_value"])
        #expect(converted.problems[0].pointer == "/status")
        #expect(converted.events == [])
    }

    @Test("Customers go by address or number, guests always by address")
    func contacts() throws {
        let guest = WooCommerce.order(1, status: "processing")
        let known = WooCommerce.order(2, status: "processing", #""customer_id": 26"#)
        #expect(try convert(guest + "\n" + known).orders.map(\.contact) == ["jan@example.com", "jan@example.com"])
        #expect(
            try convert(guest + "\n" + known, contact: .id).orders.map(\.contact) == ["jan@example.com", "26"])
    }

    @Test("A contact's address is handed in once")
    func addressOnce() throws {
        let orders = (1...5).map { WooCommerce.order($0, status: "processing") }.joined(separator: "\n")
        #expect(try convert(orders).changes.count == 1)
    }

    @Test("A customer arrives with the address that bills go to; what is blank is cleared")
    func customer() throws {
        let converted = try convert(WooCommerce.customer, .wooCommerceCustomer)
        #expect(converted.problems == [])
        let change = try #require(converted.changes.first)
        #expect(change.attributes.first { $0.key == .known(.region) }?.value == nil)
        let contact = try #require(converted.contacts()["jan@example.com"])
        #expect(contact[.country] == .text("BE"))
        #expect(contact[.city] == .text("Gent"))
        #expect(contact[.zip] == .text("9000"))
        #expect(contact[.status] == nil)
        #expect(contact[.signedUpAt] == .instant(try Instant(rfc3339: "2025-12-01T09:00:00Z")))
        #expect(converted.events.first?.time == (try Instant(rfc3339: "2026-01-02T03:04:05Z")))
    }

    @Test("An amount that cannot be is told")
    func absurdAmounts() throws {
        let line = #""customer_id": 0, "line_items2": 0"#
        let order = WooCommerce.order(1, status: "processing", line).replacing(
            #""line_items": []"#,
            with: #""line_items": [{"product_id": 1, "quantity": "0.0001", "subtotal": "100000000000"}]"#)
        #expect(try convert(order).complaints == ["1 invalid_amount"])
    }
}
