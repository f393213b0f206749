import FoundationEssentials
import SegmentModel
import Testing

@testable import segment_replay

@Suite struct ShopGeneratorTests {
    /// Generated once for all tests that only read it; each event once, in order of arrival.
    private static let sample = Result { try ShopPlan.sample().events() }
    private let lines: [(line: ArraySlice<UInt8>, event: ShopEvent)]
    private let events: [ShopEvent]

    init() throws {
        lines = try Self.sample.get()
        var seen: Set<String> = []
        events = lines.map(\.event).filter { seen.insert($0.key).inserted }
    }

    @Test func `the same plan gives the same bytes and another seed gives others`() throws {
        let plan = try ShopPlan.sample(contacts: 60)
        let bytes = try plan.generated()
        #expect(try plan.generated() == bytes)
        #expect(try ShopPlan.sample(contacts: 60, seed: 2).generated() != bytes)
    }

    @Test func `the bytes of a plan are the same on every machine and in every release`() throws {
        // FNV-1a over the output. A change of the generator that moves it changes every shop: note it as such.
        let hash = try ShopPlan.sample(contacts: 60).generated().reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        #expect(hash == 3_445_719_310_171_162_617)
    }

    @Test func `the integration comes first and names both stores`() throws {
        let first = try #require(events.first)
        #expect(first.type == "integration.connected")
        #expect(first.data.platform == "shopify")
        #expect(first.data.stores?.map(\.store) == ["web", "web-till"])
        #expect(first.data.stores?.map(\.timezone) == ["Europe/Paris", "Europe/Paris"])
    }

    @Test func `as many contacts sign up as were asked for`() {
        #expect(Set(events.compactMap(\.data.contact)).count == 300)
        #expect(events.filter { $0.data.email != nil }.count == 300)
    }

    @Test func `there are twelve to twenty events for each contact`() {
        #expect((12...20).contains(events.count / 300))
    }

    @Test func `every type of event occurs that a shop and a mail tool send`() {
        let types = Set(events.map(\.type))
        #expect(
            types == [
                "integration.connected", "contact.changed", "order.placed", "order.changed", "order.cancelled",
                "order.refunded", "campaign.sent", "campaign.opened", "campaign.clicked", "campaign.bounced",
                "activity.recorded",
            ])
    }

    @Test func `events come in order of arrival and within the plan`() {
        let arrivals = events.map(\.arrival)
        #expect(arrivals == arrivals.sorted())
        #expect(arrivals.allSatisfy { $0 >= "2024-07-01T00:00:00Z" && $0 <= "2026-06-30T23:59:59Z" })
    }

    @Test func `some events are late, and those say when they arrived`() {
        let late = events.filter { $0.recordedtime != nil }
        #expect(late.count > events.count / 200)
        #expect(late.allSatisfy { $0.time < $0.arrival })
        #expect(Set(late.map(\.type)).isSuperset(of: ["order.placed", "campaign.opened"]))
    }

    @Test func `some events are delivered twice, byte for byte`() {
        var first: [String: ArraySlice<UInt8>] = [:]
        var repeats = 0
        for (line, event) in lines {
            guard let earlier = first.updateValue(line, forKey: event.key) else { continue }
            repeats += 1
            #expect(earlier.elementsEqual(line))
        }
        #expect(repeats > lines.count / 300)
    }

    @Test func `the envelope is that of CloudEvents and every time can be read`() throws {
        for event in events {
            #expect(event.specversion == "1.0")
            #expect((1...200).contains(event.id.utf8.count))
            for text in [event.time, event.recordedtime, event.data.placedAt, event.data.signedUpAt] {
                if let text { _ = try Instant(rfc3339: text) }
            }
        }
    }

    @Test func `a campaign reaches only contacts who are subscribed at that moment`() {
        var status: [String: String] = [:]
        for event in events {
            guard let contact = event.data.contact else { continue }
            if event.type == "contact.changed", let new = event.data.status { status[contact] = new }
            if event.type == "campaign.sent" { #expect(status[contact] == "subscribed") }
        }
        let statuses: Set = ["subscribed", "unsubscribed", "pending", "cleaned", "transactional", "archived"]
        #expect(Set(status.values).isSubset(of: statuses))
    }

    @Test func `mail is opened only after it was sent and clicked only after it was opened`() {
        var done: Set<String> = []
        for event in events {
            guard let campaign = event.data.campaign, let contact = event.data.contact else { continue }
            let before = ["campaign.opened": "campaign.sent", "campaign.clicked": "campaign.opened"][event.type]
            if let before { #expect(done.contains("\(before) \(campaign) \(contact)")) }
            #expect((event.type == "campaign.clicked") == (event.data.url != nil))
            done.insert("\(event.type) \(campaign) \(contact)")
        }
    }

    @Test func `a plan for one contact and one day works`() throws {
        var plan = try ShopPlan.sample(contacts: 1)
        plan.to = plan.from
        let types = try plan.events().map(\.event.type)
        #expect(types.prefix(2) == ["integration.connected", "contact.changed"])
    }

    @Test func `names given by the user are written as JSON whatever is in them`() throws {
        var plan = try ShopPlan.sample(contacts: 5)
        plan.store = #"a "b" \ c"#
        let events = try plan.events().map(\.event)
        #expect(events.first?.data.stores?.first?.store == #"a "b" \ c"#)
    }

    @Test func `what the taker throws ends the run`() throws {
        struct Full: Error {}
        var generator = try ShopGenerator(plan: .sample(contacts: 5))
        #expect(throws: Full.self) {
            try generator.run { _ throws(Full) in throw Full() }
        }
    }
}
