import SegmentModel
import Testing

@Suite("Explanations")
struct ExplanationTests {
    let ask = Asking(
        contact: Sample.contact(
            [.country: .text("France"), .vip: .boolean(true), .birthday: .birthday(month: 3, day: 7)],
            tags: ["vip", "New"],
            orders: [
                Sample.order("1", "2026-01-01T00:00:00Z", "1000.5", sequence: 7),
                Sample.order("2", "2026-02-01T00:00:00Z", "200", sequence: 5),
                Sample.order("3", "2026-02-02T00:00:00Z", "200", sequence: 3),
                Sample.order("4", "2026-06-02T00:00:00Z", "200", sequence: 9),
            ]),
        segments: ["s1": .tag("vip")])

    private func explain(_ condition: JSONValue) throws -> Explanation {
        ask.evaluator.explain(
            try Condition(parsing: condition), ask.contact, at: Sample.instant(ask.now), segmentName: { "«\($0)»" })
    }

    @Test("An order condition tells its value and the last order that matched")
    func orders() throws {
        let count = try explain(["activity": "order", "value": 5])
        #expect(
            count
                == Explanation(
                    isTrue: false, sentence: "has ordered at least 5 times", value: "3 orders", sequence: 3,
                    instant: Sample.instant("2026-02-02T00:00:00Z")))
        #expect(try explain(["activity": "order", "measure": "total"]).value == "total 1400.50 EUR")
        #expect(try explain(["activity": "order", "measure": "largest"]).value == "largest 1000.50 EUR")
        #expect(try explain(["activity": "order", "measure": "average"]).value == "average 1400.5 / 3 EUR")
        #expect(try explain(["activity": "order", "measure": "daysSinceLast"]).value == "daysSinceLast 27")
        let last = try explain(["activity": "order", "measure": "first", "op": "on", "value": "2026-01-01"])
        #expect(last.value == "first 2026-01-01T00:00:00Z" && last.isTrue)
        let old = try explain(["activity": "order", "within": ["before": "2026-01-15"]])
        #expect(old.value == "1 order" && old.sequence == 7)
        let none = try explain(["activity": "open", "measure": "daysSinceLast"])
        #expect(none.value == "daysSinceLast blank" && none.sequence == nil && none.instant == nil)
    }

    @Test("A field condition tells the field with its value, or that it is blank")
    func fields() throws {
        #expect(try explain(["field": "country", "op": "is", "value": "DE"]).value == "country “France”")
        #expect(try explain(["field": "city", "op": "is", "value": "X"]).value == "city blank")
        #expect(try explain(["field": "vip", "op": "is", "value": true]).value == "VIP true")
        #expect(try explain(["field": "birthday", "op": "is", "value": "03-07"]).value == "birthday 03-07")
        #expect(try explain(["tag": "vip"]).value == "tags “New” and “vip”")
    }

    @Test("Gates and segments explain what is below them")
    func tree() throws {
        let tree = try explain(["all": [["not": ["tag": "x"]], ["segment": "s1"], ["segment": "s9"]]])
        #expect(!tree.isTrue && tree.value == nil)
        #expect(tree.children.map(\.isTrue) == [true, true, false])
        #expect(tree.children[0].children.map(\.isTrue) == [false])
        #expect(tree.children[1].sentence == "is in segment “«s1»”")
        #expect(tree.children[1].children.map(\.sentence) == ["has the tag “vip”"])
        #expect(tree.children[2].children == [])
    }
}
