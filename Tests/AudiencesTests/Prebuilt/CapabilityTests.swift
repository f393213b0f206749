import SegmentModel
import Testing

@testable import Audiences

@Suite("What integrations offer")
struct CapabilityTests {
    private typealias Shop = ProvidedShop
    private static let byVendor: JSONValue = [
        "all": [
            ["tag": "vip"],
            [
                "activity": "order",
                "where": [
                    ["field": "store", "op": "is", "value": "web"], ["field": "vendor", "op": "is", "value": "Acme"],
                ],
            ],
        ]
    ]
    private static let twice: JSONValue = ["not": ["activity": "order", "value": 2]]
    private let provisions: AudienceProvisions

    init() throws {
        provisions = try ProvidedShop.shipped()
    }

    private func refusal(_ shop: ProvidedShop, _ definition: JSONValue) async -> AudienceError? {
        await shop.failure { _ = try await shop.audience.save(name: definition.text, where: definition) }
    }

    @Test("Where no integration ever sent anything, nothing is refused")
    func none() async throws {
        let shop = try await ProvidedShop(provisions)
        #expect(await refusal(shop, Self.byVendor) == nil)
        #expect(await refusal(shop, Self.twice) == nil)
        #expect(await shop.audience.integrations().integrations.isEmpty)
        try await shop.close()
    }

    @Test("A condition is refused for what no connected integration offers, at its place, with who would offer it")
    func missing() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(Shop.connected("till", "API-3.0", name: "Till"))
        let vendor = await refusal(shop, Self.byVendor)
        #expect(vendor?.code == .missingCapability)
        #expect(vendor?.pointer == "/where/all/1/where/1")
        #expect(vendor?.message.contains("bigcommerce, magento, shopify") == true)
        #expect(vendor?.message.hasSuffix("No integration that is on its way will bring it.") == true)
        #expect(await refusal(shop, Self.twice)?.pointer == "/where/not")
        // Bought or not needs no counting.
        for (op, value) in [("at_least", 1), ("greater_than", 0), ("is", 0), ("less_than", 1), ("is_not", 0)] {
            let definition: JSONValue = ["activity": "order", "op": .string(op), "value": .number(String(value))]
            #expect(await refusal(shop, definition) == nil, "\(definition.text)")
        }
        // Nor do amounts, and what contacts did otherwise.
        #expect(await refusal(shop, ["activity": "order", "measure": "total", "value": 2]) == nil)
        #expect(await refusal(shop, ["activity": "open", "value": 2]) == nil)
        // Prebuilt segments are exempt, also when they are edited.
        #expect(try await shop.audience.edit("repeat-customers", parameters: ["orders": 3]).segment.revision == 2)
        try await shop.close()
    }

    @Test("A review warns and refuses nothing")
    func review() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(Shop.connected("till", "api-3.0", name: "Till"))
        let lints = try await shop.audience.review(Self.byVendor, sample: 0).lints
        #expect(lints.first?.code == "missing_capability")
        #expect(lints.first?.pointers == ["/where/all/1/where/1"])
        try await shop.close()
    }

    @Test("A pending integration is named with the instant from which it offers it, and then does")
    func pending() async throws {
        let shop = try await ProvidedShop(provisions) { $0.visibilityDelayMicroseconds = 7_200_000_000 }
        try await shop.ingest(Shop.connected("uk", "shopify", name: "UK"))
        let refused = await refusal(shop, Self.byVendor)
        #expect(
            refused?.message.hasSuffix("The shop “UK” (shopify) will bring it at 2026-03-01T14:00:00Z.") == true,
            "\(refused?.message ?? "")")
        let before = await shop.audience.integrations().integrations
        #expect(before.map(\.id) == ["uk"] && before.first?.present == nil)
        #expect(before.first?.pending.map(\.capabilities) == [["orderCount", "vendor"]])
        try await shop.pass(seconds: 7_198)
        #expect(await refusal(shop, Self.byVendor) != nil)
        try await shop.pass(seconds: 1)
        #expect(await refusal(shop, Self.byVendor) == nil)
        let after = await shop.audience.integrations().integrations
        #expect(after.first?.present?.isConnected == true && after.first?.pending.isEmpty == true)
        try await shop.close()
    }

    @Test("What an event says of itself goes before what its platform is known for")
    func override() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(Shop.connected("own", "custom", name: "Own"))
        #expect(await refusal(shop, Self.byVendor)?.code == .missingCapability)
        #expect(await refusal(shop, Self.twice) == nil)
        try await shop.ingest(Shop.connected("own", "custom", name: "Own, better", #","capabilities":["vendor"]"#))
        #expect(await refusal(shop, Self.byVendor) == nil)
        let thrice: JSONValue = ["activity": "order", "value": 3]
        #expect(await refusal(shop, thrice)?.code == .missingCapability)
        try await shop.close()
    }

    @Test("Disconnecting leaves what is saved, and refuses what is new; a name can still be changed")
    func disconnected() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(Shop.connected("uk", "shopify", name: "UK"))
        let saved = try await shop.audience.save(name: "Acme", where: Self.byVendor)
        try await shop.ingest(Shop.disconnected("uk"))
        let state = await shop.audience.integrations().integrations.first?.present
        #expect(state?.isConnected == false && state?.connection?.platform == "shopify")
        #expect(try await shop.audience.segment("Acme").revision == saved.revision)
        #expect(try await shop.audience.edit("Acme", name: "By Acme").segment.name == "By Acme")
        #expect(try await shop.audience.edit("By Acme", where: Self.byVendor).segment.revision == 3)
        let other: JSONValue = ["activity": "order", "where": [["field": "vendor", "op": "is", "value": "B"]]]
        #expect(
            await shop.failure { _ = try await shop.audience.edit("By Acme", where: other) }?.code
                == .missingCapability)
        #expect(await refusal(shop, other)?.code == .missingCapability)
        try await shop.restart(provisions)
        #expect(await refusal(shop, other)?.code == .missingCapability)
        try await shop.close()
    }

    @Test("Of two events the one that occurred later holds, in whatever order they come")
    func order() async throws {
        let shop = try await ProvidedShop(provisions)
        func at(_ time: String, _ line: String) -> String {
            line.replacing(#""source":"shop""#, with: #""source":"shop","time":"\#(time)""#)
        }
        try await shop.ingest(
            at("2026-02-02T00:00:00Z", Shop.disconnected("uk"))
                + at("2026-02-01T00:00:00Z", Shop.connected("uk", "shopify", name: "UK")))
        #expect(await shop.audience.integrations().integrations.first?.present?.isConnected == false)
        try await shop.close()
    }

    @Test(
        "A file of platforms that makes no sense is refused with file and place",
        arguments: [
            (#"{"platforms": {"a": ["vendors"]}, "otherPlatforms": []}"#, "p.json: at /platforms/a: “vendors”"),
            (#"{"platforms": {"a": "vendor"}, "otherPlatforms": []}"#, "at /platforms/a: expected a list"),
            (#"{"platforms": []}"#, "“otherPlatforms” is missing"),
            (#"{"platforms": [], "otherPlatforms": []}"#, "at /platforms: expected an object"),
        ])
    func platforms(text: String, expected: String) throws {
        let failure = #expect(throws: AudienceError.self) {
            try PlatformCapabilities(json: try TemplateTests.json(text), file: "p.json")
        }
        #expect(failure?.message.contains(expected) == true, "\(failure?.message ?? "")")
    }
}
