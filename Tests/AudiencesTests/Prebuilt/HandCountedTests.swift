import SegmentModel
import Testing

@testable import Audiences

/// Members counted by hand, at noon of 1 March 2026 in London.
@Suite("Prebuilt segments and purchase conditions, counted by hand")
struct HandCountedTests {
    private typealias Shop = ProvidedShop

    /// | who | orders that count |
    /// |---|---|
    /// | ada | 9 days ago: 2 × tea by Acme, 100 in all |
    /// | bob | 40 on 10 January 2025; 60 in the outlet, 30 days ago to the second |
    /// | cyd | 200 on 1 June 2025: 4 × coffee |
    /// | dan | none |
    /// | eve | none: it was cancelled |
    /// | fay | 30, 8 months ago to the second (12:00 in London is 11:00 UTC in July) |
    /// | gus | 999 dollars the day before |
    /// | hal | none: it was a test |
    private static let events = [
        Shop.contact("dan"),
        Shop.order(
            "a1", "ada", "2026-02-20T12:00:00Z", "100",
            #","lines":[{"product":"tea","vendor":"Acme","category":"Tea","quantity":2,"price":50}]"#),
        Shop.order(
            "b1", "bob", "2025-01-10T12:00:00Z", "40", #","lines":[{"product":"mug","quantity":1,"price":40}]"#),
        Shop.order(
            "b2", "bob", "2026-01-30T12:00:00Z", "60", #","lines":[{"product":"pot","quantity":2,"price":30}]"#
        ).replacing(#""store":"web""#, with: #""store":"outlet""#),
        Shop.order(
            "c1", "cyd", "2025-06-01T12:00:00Z", "200",
            #","lines":[{"product":"coffee","vendor":"Bean","category":"Coffee","quantity":4,"price":50}]"#),
        Shop.order("e1", "eve", "2026-02-25T12:00:00Z", "10", #","status":"cancelled""#),
        Shop.order("f1", "fay", "2025-07-01T11:00:00Z", "30"),
        Shop.order("g1", "gus", "2026-02-28T12:00:00Z", "999").replacing("GBP", with: "USD"),
        Shop.order("h1", "hal", "2026-02-28T12:00:00Z", "500", #","test":true"#),
    ].joined()

    /// The shop at noon, with every event visible.
    private func shopAtNoon() async throws -> ProvidedShop {
        let shop = try await ProvidedShop(try ProvidedShop.shipped(), at: "2026-03-01T11:59:59Z")
        try await shop.ingest(Self.events)
        let noon = try Instant(rfc3339: "2026-03-01T12:00:00Z")
        #expect(await shop.audience.status().frontier == noon)
        return shop
    }

    @Test("The six prebuilt segments have the members that are counted by hand")
    func prebuilt() async throws {
        let shop = try await shopAtNoon()
        // Thirty days to the second are not "within the last 30 days": bob is out.
        #expect(try await shop.members(of: "recent-customers") == "ada gus")
        #expect(try await shop.members(of: "first-time-customers") == "ada gus")
        #expect(try await shop.members(of: "repeat-customers") == "bob")
        #expect(try await shop.members(of: "lapsed-customers") == "cyd fay")
        #expect(try await shop.members(of: "potential-customers") == "dan eve hal")
        // Customers in pounds are ada 100, bob 100, cyd 200, fay 30; a tenth of four, rounded up, is one.
        #expect(try await shop.members(of: "high-value-customers") == "cyd")
        try await shop.close()
    }

    @Test("With other parameters they have others")
    func parameters() async throws {
        let shop = try await shopAtNoon()
        let audience = shop.audience
        func set(_ segment: String, _ parameters: JSONValue) async throws -> String {
            _ = try await audience.edit(segment, parameters: parameters)
            return try await shop.members(of: segment)
        }
        #expect(try await set("recent-customers", ["days": 31]) == "ada bob gus")
        #expect(try await set("first-time-customers", ["days": 300]) == "ada cyd fay gus")
        #expect(try await set("repeat-customers", ["orders": 3]) == "")
        // Nine months ago it was 11:00 UTC; cyd ordered an hour later.
        #expect(try await set("lapsed-customers", ["months": 9]) == "")
        // Half of four are two: the second most is 100, which two have spent.
        #expect(try await set("high-value-customers", ["share": 0.5]) == "ada bob cyd")
        #expect(try await set("high-value-customers", ["share": 0.75]) == "ada bob cyd")
        #expect(try await set("high-value-customers", ["share": 0.751]) == "ada bob cyd fay")
        #expect(try await set("high-value-customers", ["share": 0.25]) == "cyd")
        try await shop.close()
    }

    /// The nine purchase conditions of the mail tool, each in the form that replaces it.
    private static let conditions: [(what: String, definition: JSONValue, members: String)] = [
        ("has purchased", ["activity": "order"], "ada bob cyd fay gus"),
        ("has not purchased", ["not": ["activity": "order"]], "dan eve hal"),
        ("product purchased", order(["field": "product", "op": "is", "value": "TEA"]), "ada"),
        ("vendor purchased", order(["field": "vendor", "op": "in", "value": ["acme", "bean"]]), "ada cyd"),
        ("category purchased", order(["field": "category", "op": "is", "value": "coffee"]), "cyd"),
        ("number of orders", ["activity": "order", "op": "is", "value": 2], "bob"),
        ("number of orders", ["activity": "order", "op": "less_than", "value": 2], "ada cyd dan eve fay gus hal"),
        ("purchase date on", ["activity": "order", "within": ["on": "2025-06-01"]], "cyd"),
        ("purchase date before", ["activity": "order", "within": ["before": "2025-06-01"]], "bob"),
        ("purchase date after", ["activity": "order", "within": ["after": "2026-01-30"]], "ada gus"),
        (
            "last purchase date before",
            ["activity": "order", "measure": "last", "op": "before", "value": "2025-07-01"], "cyd"
        ),
        ("average spent", ["activity": "order", "measure": "average", "op": "is", "value": 50], "bob"),
        ("single order", ["activity": "order", "measure": "largest", "op": "at_least", "value": 100], "ada cyd"),
        ("total spent", ["activity": "order", "measure": "total", "op": "is", "value": 100], "ada bob"),
        ("number of products", ["activity": "order", "measure": "quantity", "op": "at_least", "value": 3], "bob cyd"),
        ("average products", ["activity": "order", "measure": "averageQuantity", "op": "is", "value": 1.5], "bob"),
        ("store purchased from", order(["field": "store", "op": "is", "value": "outlet"]), "bob"),
    ]

    private static func order(_ filter: JSONValue) -> JSONValue { ["activity": "order", "where": [filter]] }

    @Test("The nine purchase conditions have the members that are counted by hand")
    func purchaseConditions() async throws {
        let shop = try await shopAtNoon()
        for (what, definition, members) in Self.conditions {
            #expect(try await shop.members(where: definition) == members, "\(what): \(definition.text)")
            let saved = try await shop.audience.save(name: "\(what) \(definition.text)", where: definition)
            #expect(try await shop.members(of: saved.id) == members, "\(what), saved")
        }
        try await shop.close()
    }
}
