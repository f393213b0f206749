import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite("Values that are fitted to the contacts")
struct FitTests {
    private static let name = "high-value-customers"
    private let provisions: AudienceProvisions

    init() throws {
        provisions = try ProvidedShop.shipped()
    }

    private func order(_ number: Int, _ contact: String, _ total: String) -> String {
        ProvidedShop.order(String(number), contact, "2026-02-20T12:00:00Z", total)
    }

    private func threshold(_ shop: ProvidedShop) async throws -> String? {
        try await shop.audience.segment(Self.name).fit?.values["threshold"]?.description
    }

    @Test("Without customers nobody is a member, and nothing is recorded; the first order gives a threshold")
    func firstOrders() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(ProvidedShop.contact("dan"))
        let before = try await shop.audience.segment(Self.name)
        #expect(before.isFitted && before.fit == nil && before.count == 0)
        #expect(try shop.records("fit").isEmpty)
        for number in 0..<30 { try await shop.ingest(ProvidedShop.contact("c\(number)")) }
        // One order among many events: looked for within a minute.
        try await shop.ingest(order(1, "ada", "12.5"))
        try await shop.pass(seconds: 60)
        #expect(try await threshold(shop) == "12.5")
        #expect(try await shop.members(of: Self.name) == "ada")
        let after = try await shop.audience.segment(Self.name)
        #expect(after.revision == before.revision)
        #expect(after.changedAt == before.changedAt)
        try await shop.close()
    }

    @Test("A threshold that stays the same is not recorded again, one that changes is, at local midnight at the latest")
    func midnight() async throws {
        let shop = try await ProvidedShop(provisions, at: "2026-03-01T22:00:00Z")
        let many = (1...40).map { order($0, "c\($0)", "\($0)") }.joined()
        try await shop.ingest(many)
        #expect(try await threshold(shop) == "37")
        #expect(try shop.records("fit").count == 1)
        // One more among forty is less than a tenth more.
        try await shop.ingest(order(41, "ada", "100"))
        #expect(try await threshold(shop) == "37")
        #expect(try await shop.members(of: Self.name) == "ada c37 c38 c39 c40")
        try await shop.pass(seconds: 2 * 3_600)
        // Of 41 five are a tenth, rounded up.
        #expect(try await threshold(shop) == "37")
        #expect(try shop.records("fit").count == 1)
        try await shop.ingest(order(42, "bob", "101"))
        try await shop.pass(seconds: 3_600)
        #expect(try await threshold(shop) == "37")
        try await shop.pass(seconds: 23 * 3_600)
        #expect(try await threshold(shop) == "38")
        #expect(try shop.records("fit").count == 2)
        try await shop.close()
    }

    @Test("What was found survives a restart, with and without its view, and counts from its own instant")
    func restart() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest((1...20).map { order($0, "c\($0)", "\($0)") }.joined())
        let before = try await shop.audience.segment(Self.name)
        #expect(before.count == 2)
        #expect(before.fit?.values == ["threshold": Number(19)])
        try await shop.restart(provisions)
        #expect(try await shop.audience.segment(Self.name) == before)
        #expect(try shop.records("fit").count == 1)
        // The record alone says it, whatever templates there are.
        try await shop.restart(AudienceProvisions())
        #expect(try await shop.audience.segment(Self.name) == before)
        let record = try #require(try shop.records("fit").first)
        #expect(record["parameters"] == ["threshold": 19])
        #expect(record["at"]?.stringValue == before.fit?.at.description)
        #expect(record["sequence"] == 20)
        try await shop.close()
    }

    @Test("When the last customer is gone so is the threshold")
    func lastCustomer() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(order(1, "ada", "5"))
        #expect(try await shop.members(of: Self.name) == "ada")
        try await shop.ingest(
            """
            {"specversion":"1.0","type":"order.cancelled","source":"shop","id":"x","data":{"store":"web","order":"1"}}

            """)
        #expect(try await shop.members(of: Self.name) == "")
        #expect(try await shop.audience.segment(Self.name).fit?.values == [:])
        try await shop.close()
    }

    @Test("Another currency of the audience is another threshold at once")
    func currency() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest(
            order(1, "ada", "5") + order(2, "gus", "70").replacing("GBP", with: "USD"))
        #expect(try await shop.members(of: Self.name) == "ada")
        var settings = shop.audience.settings()
        settings.currency = "USD"
        try await shop.audience.change(settings)
        await shop.audience.projection.settleFits()
        #expect(try await shop.members(of: Self.name) == "gus")
        // From nobody to somebody, too, with no event in between.
        settings.currency = "EUR"
        try await shop.audience.change(settings)
        await shop.audience.projection.settleFits()
        #expect(try await shop.members(of: Self.name) == "")
        settings.currency = "GBP"
        try await shop.audience.change(settings)
        await shop.audience.projection.settleFits()
        #expect(try await shop.members(of: Self.name) == "ada")
        try await shop.close()
    }

    @Test("An ordinary segment made of the template has a threshold of its own, found before the answer")
    func ordinary() async throws {
        let shop = try await ProvidedShop(provisions)
        try await shop.ingest((1...20).map { order($0, "c\($0)", "\($0)") }.joined())
        let audience = shop.audience
        #expect(try await audience.review(prebuilt: Self.name, parameters: ["share": 0.5], sample: 0).count == 10)
        let saved = try await audience.save(name: "Half", prebuilt: Self.name, parameters: ["share": 0.5])
        #expect(saved.count == 10)
        #expect(saved.fit?.values == ["threshold": Number(11)])
        let edited = try await audience.edit("Half", parameters: ["share": 0.25]).segment
        #expect(edited.count == 5)
        #expect(edited.revision == 2)
        #expect(try await audience.edit("Half", name: "Quarter").segment.fit?.values == ["threshold": Number(16)])
        #expect(try await audience.segment(Self.name).count == 2)
        try await audience.delete("Quarter")
        try await shop.close()
    }

    @Test("The threshold is what a plain sort finds, ties, free orders and fractions included", arguments: 1...12)
    func sorted(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let shop = try await ProvidedShop(provisions)
        var totals: [String: Int] = [:]
        var lines = ""
        for number in 1...Int.random(in: 1...120, using: &random) {
            let contact = "c\(Int.random(in: 0..<60, using: &random))"
            // Few different totals, so that there are ties.
            let units = random.pick([0, 1, 99, 12_345, 100_000, 100_001, 9_990_000])
            totals[contact, default: 0] += units
            lines += order(number, contact, String(Double(units) / 10_000))
        }
        try await shop.ingest(lines)
        for (thousandths, share) in [(100, 0.1), (1, 0.001), (333, 0.333), (1_000, 1)] {
            let segment = try await shop.audience.edit(
                Self.name, parameters: .object([.init("share", .number(share == 1 ? "1" : String(share)))])
            ).segment
            let wanted = (totals.count * thousandths + 999) / 1_000
            let least = totals.values.sorted(by: >)[wanted - 1]
            let expected = totals.filter { $0.value >= least }.keys.sorted().joined(separator: " ")
            #expect(try await shop.members(of: Self.name) == expected, "seed \(seed), share \(share)")
            #expect(segment.fit?.values == ["threshold": Number(Amount(tenThousandths: Int64(least)))])
        }
        try await shop.close()
    }
}
