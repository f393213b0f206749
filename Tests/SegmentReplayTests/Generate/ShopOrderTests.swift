import FoundationEssentials
import Testing

@testable import segment_replay

@Suite struct ShopOrderTests {
    private static let sample = Result { try ShopPlan.sample(contacts: 600, seed: 5).events() }
    private let events: [ShopEvent]
    private let states: [ShopEvent]

    init() throws {
        var seen: Set<String> = []
        events = try Self.sample.get().map(\.event).filter { seen.insert($0.key).inserted }
        states = events.filter { $0.type == "order.placed" || $0.type == "order.changed" }
    }

    @Test func `an order's total is its lines and at most the postage`() throws {
        for state in states {
            let lines = try #require(state.data.lines)
            let total = try #require(state.data.total)
            let goods = lines.reduce(Decimal.zero) { $0 + $1.quantity * $1.price }
            #expect((1...5).contains(lines.count))
            #expect([Decimal.zero, Decimal(490) / 100].contains(total - goods))
        }
    }

    @Test func `every state of an order tells the same but for its status`() throws {
        var first: [String: ShopEvent] = [:]
        for state in states {
            let order = try #require(state.data.order)
            guard let earlier = first[order] else {
                first[order] = state
                continue
            }
            #expect(earlier.data.contact == state.data.contact)
            #expect(earlier.data.store == state.data.store)
            #expect(earlier.data.total == state.data.total)
            #expect(earlier.data.lines?.map(\.product) == state.data.lines?.map(\.product))
            #expect((earlier.data.placedAt ?? earlier.time) == (state.data.placedAt ?? state.time))
        }
    }

    @Test func `orders go through every status and some are tests`() {
        let placed = states.filter { $0.type == "order.placed" }
        #expect(Set(placed.map { $0.data.status ?? "none" }) == ["none", "pending", "paid", "fulfilled"])
        let changed = states.filter { $0.type == "order.changed" }
        #expect(Set(changed.compactMap(\.data.status)) == ["paid", "fulfilled", "refunded"])
        #expect(placed.contains { $0.data.test == true })
    }

    @Test func `an order that arrives late may be preceded by its later state`() {
        var seen: Set<String> = []
        var overtaken = 0
        for state in states {
            guard let order = state.data.order else { continue }
            if state.type == "order.placed" && seen.contains(order) { overtaken += 1 }
            seen.insert(order)
        }
        #expect(overtaken > 0)
    }

    @Test func `refunds are full, partial, or name no order`() throws {
        var totals: [String: Decimal] = [:]
        for state in states { totals[state.data.order ?? ""] = state.data.total }
        var kinds: Set<String> = []
        for refund in events where refund.type == "order.refunded" {
            let amount = try #require(refund.data.amount)
            #expect(amount > 0)
            #expect((refund.data.order == nil) == (refund.data.store == nil))
            guard let order = refund.data.order else {
                kinds.insert("free")
                continue
            }
            let total = try #require(totals[order])
            #expect(amount <= total)
            kinds.insert(amount == total ? "full" : "partial")
        }
        #expect(kinds == ["full", "partial", "free"])
    }

    @Test func `few customers buy often and many buy once or never`() {
        var counts: [String: Int] = [:]
        for event in states where event.type == "order.placed" {
            counts[event.data.contact ?? "", default: 0] += 1
        }
        #expect((300...480).contains(counts.count))
        #expect((100...260).contains(counts.values.filter { $0 == 1 }.count))
        #expect((counts.values.max() ?? 0) >= 10)
    }

    @Test func `November sells more than the months around it`() {
        let placed = states.filter { $0.type == "order.placed" }
        let month = { (name: String) in placed.filter { $0.time.hasPrefix(name) }.count }
        #expect(month("2025-11") > month("2025-10") * 5 / 4)
        #expect(month("2025-11") > month("2026-01") * 5 / 4)
    }

    @Test func `drawing an order again gives the same order`() throws {
        let catalog = ShopCatalog()
        var random = SeededRandom(seed: 9)
        let customer = ShopContact(place: 0, favourite: 3, &random)
        let draw = { ShopOrder(number: 7, contact: 1, of: customer, catalog: catalog, seed: 4) }
        #expect(draw().totalCents == draw().totalCents)
        #expect(draw().lines.map(\.product) == draw().lines.map(\.product))
    }
}
