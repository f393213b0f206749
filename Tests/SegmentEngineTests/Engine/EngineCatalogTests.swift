import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct EngineCatalogTests {
    private let start = Instant(microseconds: 1_800_000_000_000_000)
    private let context = EvaluationContext(zone: .utc, currency: "EUR")
    private let engine: MembershipEngine

    /// Three segments over five contacts: `vip` is a tag in all of them, two have ordered.
    init() throws {
        engine = MembershipEngine(context: context, frontier: Frontier(at: start))
        engine.define("buyers", as: try parse(["all": [["tag": "vip"], ["activity": "order"]]]))
        engine.define("others", as: try parse(["all": [["tag": "VIP"], ["not": ["activity": "order"]]]]))
        engine.define(
            "more", as: try parse(["any": [["segment": "buyers"], ["all": [["tag": "vip"], ["tag": "new"]]]]]))
        for number in 1...5 {
            let contact = Identifier("c\(number)")
            engine.fold(event(UInt64(number), number <= 2 ? order(contact, number) : tagged(contact)))
        }
        engine.advance(to: start)
    }

    private func parse(_ json: JSONValue) throws -> Condition { try Condition(parsing: json, types: [:]) }

    private func order(_ contact: Identifier, _ number: Int) -> Fact {
        .orderPlaced(
            OrderState(
                key: OrderKey(store: "web", order: Identifier("o\(number)")), contact: contact, currency: "EUR",
                total: Amount(tenThousandths: 100_000)))
    }

    private func tagged(_ contact: Identifier) -> Fact {
        .contactChanged(ContactChange(contact: contact, tags: .edit(add: ["vip"], remove: [])))
    }

    private func event(_ sequence: UInt64, _ fact: Fact) -> LoggedEvent {
        LoggedEvent(
            sequence: sequence, recordedAt: start, visibleAt: start,
            event: Event(source: "shop", id: Identifier("e\(sequence)"), time: start, fact: fact))
    }

    @Test func `what is referred to often stands once`() {
        let sharing = engine.snapshot().sharing
        #expect(sharing.segmentCount == 3)
        #expect(sharing.leafReferenceCount == 6)
        #expect(sharing.leafCount == 3)
        #expect(sharing.gateReferenceCount == 4)
        #expect(sharing.gateCount == 4)
        #expect(sharing.columnByteCount > 0)
    }

    @Test func `the most used leaf comes first, with whom it is true for`() {
        let leaves = engine.snapshot().mostUsedLeaves(limit: 2)
        #expect(leaves.map(\.condition) == [.tag("vip"), leaves.last?.condition])
        #expect(leaves.map(\.segmentCount) == [3, 2])
        #expect(leaves.map(\.column?.contactCount) == [3, 2])
        #expect(leaves.allSatisfy { ($0.column?.byteCount ?? 0) > 0 })
        #expect(engine.snapshot().mostUsedLeaves(limit: 0).isEmpty)
        #expect(engine.snapshot().mostUsedLeaves(limit: 99).count == 3)
    }

    @Test func `leaves of an unsaved condition are known or new`() throws {
        let snapshot = engine.snapshot()
        let leaves = snapshot.leaves(of: try parse(["all": [["not": ["tag": "Vip"]], ["tag": "gone"]]]))
        #expect(leaves.map(\.segmentCount) == [3, 0])
        #expect(leaves.map(\.column?.contactCount) == [3, nil])
    }

    @Test func `a leaf that is kept the other way round is shown as what it is true of`() throws {
        // Whoever said nothing is subscribed, so what is kept is who is not.
        let subscribed = try parse(["field": "status", "op": "is", "value": "subscribed"])
        engine.define("subscribed", as: subscribed)
        let status = AttributeChange(key: .known(.status), value: .text("cleaned"))
        engine.fold(event(6, .contactChanged(ContactChange(contact: "c6", attributes: [status]))))
        engine.advance(to: start)
        let leaf = try #require(engine.snapshot().leaves(of: subscribed).first)
        #expect(leaf.condition == .not(subscribed))
        #expect(leaf.column?.contactCount == 1)
        #expect(engine.snapshot().count(of: "subscribed") == 5)
    }

    @Test func `gates are a segment's own while no other needs them`() {
        // Its `any`, the `all` within, and that of the segment it refers to, which is not its own.
        #expect(engine.snapshot().gates(of: "more") == GateShare(count: 3, ownCount: 2))
        #expect(engine.snapshot().gates(of: "buyers") == GateShare(count: 1, ownCount: 0))
        #expect(engine.snapshot().gates(of: "others") == GateShare(count: 1, ownCount: 1))
        engine.remove("more")
        #expect(engine.snapshot().gates(of: "buyers") == GateShare(count: 1, ownCount: 1))
        #expect(engine.snapshot().gates(of: "more") == nil)
    }

    @Test func `settings that change while no segment is left leave nothing of earlier ones`() throws {
        for id in ["more", "others", "buyers"] { engine.remove(id) }
        engine.reconfigure(context, conditions: [:])
        engine.fold(event(6, tagged("c6")))
        engine.advance(to: start.advanced(byMicroseconds: 1))
        engine.define("vips", as: .tag("vip"))
        #expect(engine.snapshot().count(of: "vips") == 4)
    }

    @Test func `lints name segments as they are called, and duplicates by what they are`() throws {
        let snapshot = engine.snapshot()
        let spoken = try parse(["all": [["segment": "The buyers"], ["not": ["segment": "The buyers"]]]])
        let never = try parse(["all": [["segment": "buyers"], ["not": ["segment": "buyers"]]]])
        let found = snapshot.lints(of: never, spoken: spoken, saved: [], fieldTypes: [:])
        #expect(found.map(\.code) == ["contradiction"])
        #expect(found.first?.message.contains("The buyers") == true)
        #expect(found.first?.paths == ["/all/0", "/all/1/not"])
        let twin = try parse(["all": [["activity": "order"], ["tag": "vip"]]])
        let saved = [(id: "buyers", name: "The buyers"), (id: "others", name: "The others")]
        let same = snapshot.lints(of: twin, spoken: twin, saved: saved, fieldTypes: [:])
        #expect(same.map(\.code) == ["duplicate_segment"])
        #expect(same.first?.message.contains("The buyers") == true)
        #expect(snapshot.lints(of: twin, spoken: twin, saved: [saved[1]], fieldTypes: [:]).isEmpty)
    }
}
