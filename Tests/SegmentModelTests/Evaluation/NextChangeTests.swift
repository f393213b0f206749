import SegmentModel
import Testing

@Suite("What comes next for a contact, and what would change it")
struct NextChangeTests {
    let ask: Asking

    init() throws {
        let recent = try Condition(parsing: ["activity": "order", "within": ["last": "P1M"]])
        ask = Asking(
            contact: Sample.contact(
                [.country: .text("France"), .signedUpAt: .instant(Sample.instant("2026-02-20T00:00:00Z"))],
                tags: ["New"],
                orders: [
                    Sample.order("991", "2026-02-01T14:05:00Z", "100", sequence: 5),
                    Sample.order("992", "2026-02-10T00:00:00Z", "214.50", sequence: 8),
                    Sample.order("993", "2026-04-10T00:00:00Z", "10", sequence: 9),
                ]),
            segments: ["s1": recent])
    }

    private func next(_ definition: JSONValue) throws -> NextChange? {
        ask.evaluator.nextChange(
            of: try Condition(parsing: definition), ask.contact, after: Sample.instant(ask.now), edgesMax: 1_000)
    }

    private func would(_ definition: JSONValue) throws -> String? {
        let condition = try Condition(parsing: definition)
        let now = Sample.instant(ask.now)
        guard let change = ask.evaluator.smallestChange(entering: condition, ask.contact, at: now) else { return nil }
        #expect(ask.evaluator.isTrue(condition, of: change.applied(to: ask.contact), at: now))
        return change.words
    }

    @Test("An order leaves its window, or turns old enough, at its instant")
    func windows() throws {
        let count: JSONValue = ["activity": "order", "within": ["last": "P1M"], "value": 2]
        #expect(
            try next(count)
                == NextChange(
                    at: Sample.instant("2026-03-01T14:05:00Z"), becomesTrue: false,
                    because: "order 991 turns 1 month old", sequence: 5))
        #expect(try next(["not": count])?.becomesTrue == true)
        #expect(try next(["not": count])?.because == "order 991 turns 1 month old")
        let old = try next(["activity": "order", "within": ["notLast": "P8M"]])
        #expect(old?.at == Sample.instant("2026-10-01T14:05:00Z") && old?.becomesTrue == true)
        #expect(old?.because == "order 991 turns 8 months old")
    }

    @Test("What is dated in the future begins to count")
    func future() throws {
        let change = try next(["activity": "order", "value": 3])
        #expect(
            change
                == NextChange(
                    at: Sample.instant("2026-04-10T00:00:00Z"), becomesTrue: true, because: "order 993 begins to count",
                    sequence: 9))
    }

    @Test("Whole days and instants of the last order are told by its age")
    func ages() throws {
        let days = try next(["activity": "order", "measure": "daysSinceLast", "op": "at_least", "value": 30])
        #expect(days?.at == Sample.instant("2026-03-12T00:00:00Z"))
        #expect(days?.because == "order 992 turns 30 days old")
        let last = try next(["activity": "order", "measure": "last", "op": "within", "value": ["last": "P1M"]])
        #expect(last?.at == Sample.instant("2026-03-10T00:00:00Z"))
        #expect(last?.because == "order 992 turns 1 month old")
    }

    @Test("Fields and segments are told by their sentence, and what never changes by nothing")
    func others() throws {
        let field = try next(["field": "signedUpAt", "op": "within", "value": ["last": "P1M"]])
        #expect(field?.at == Sample.instant("2026-03-20T00:00:00Z"))
        #expect(field?.because == "signup time is not in the last month")
        #expect(try next(["all": [["segment": "s1"], ["tag": "new"]]])?.because == "order 992 turns 1 month old")
        #expect(try next(["tag": "vip"]) == nil)
    }

    @Test("What would make a member is the simplest change that does")
    func smallest() throws {
        #expect(try would(["activity": "order", "value": 3]) == "with one more order")
        #expect(try would(["activity": "order", "value": 5]) == "with 3 more orders")
        #expect(try would(["activity": "open"]) == "with one campaign open")
        #expect(
            try would(["activity": "order", "measure": "total", "op": "at_least", "value": 500])
                == "with an order of at least 185.50 EUR")
        #expect(try would(["tag": "vip"]) == "if it had the tag “vip”")
        #expect(try would(["not": ["tag": "new"]]) == "without the tag “new”")
        #expect(try would(["field": "country", "op": "is", "value": "DE"]) == "if country were “DE”")
        #expect(
            try would([
                "activity": "order", "where": [["field": "vendor", "op": "is", "value": "Acme"]],
            ]) == "with one order with vendor Acme")
        // Either would do; the tag is less.
        #expect(
            try would(["any": [["field": "country", "op": "is", "value": "DE"], ["tag": "vip"]]])
                == "if it had the tag “vip”")
        // Both are missing: no single change does.
        #expect(try would(["all": [["field": "country", "op": "is", "value": "DE"], ["tag": "vip"]]]) == nil)
        // What has happened cannot be undone, and a member needs nothing.
        #expect(try would(["not": ["activity": "order"]]) == nil)
        #expect(try would(["activity": "order"]) == nil)
    }

    @Test("Instants are told as a clock of the zone shows them")
    func local() throws {
        let text = TimeZoneRules.utc.text(of: Sample.instant("2026-03-01T14:05:00.250Z"))
        #expect(text == "2026-03-01T14:05:00.250+00:00")
    }
}
