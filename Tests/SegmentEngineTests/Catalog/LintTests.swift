import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct LintTests {
    private let catalog = Catalog(context: EvaluationContext(zone: .utc, currency: "EUR"))
    private let types: [Identifier: FieldType] = ["plan": .text, "due": .date]

    private func lints(_ json: JSONValue) throws -> [Lint] {
        catalog.lints(of: try Condition(parsing: json, types: types), saved: [], fieldTypes: types)
    }

    private func codes(_ json: JSONValue) throws -> [LintCode] { try lints(json).map(\.code) }

    private func orders(_ op: String, _ value: JSONValue, last: String? = nil, measure: String = "count") -> JSONValue {
        var members: [JSONValue.Member] = [.init("activity", "order"), .init("measure", .string(measure))]
        if let last { members.append(.init("within", ["last": .string(last)])) }
        return .object(members + [.init("op", .string(op)), .init("value", value)])
    }

    private func field(_ name: String, _ op: String, _ value: JSONValue) -> JSONValue {
        ["field": .string(name), "op": .string(op), "value": value]
    }

    @Test func `ranges that do not meet are a contradiction, named with its places`() throws {
        let found = try lints(["all": [["tag": "x"], orders("at_least", 3), orders("less_than", 2)]])
        #expect(found.map(\.code) == [.contradiction])
        #expect(found.first?.paths == ["/all/1", "/all/2"])
        let message = try #require(found.first?.message)
        #expect(message.contains("has ordered at least 3 times") && message.contains("2 times"))
        #expect(try codes(["all": [orders("at_least", 3), orders("less_than", 5)]]).isEmpty)
    }

    @Test func `what can never be together is found`() throws {
        let pairs: [(JSONValue, JSONValue)] = [
            (["tag": "vip"], ["not": ["tag": "VIP"]]),
            (field("country", "is", "FR"), field("country", "is", "DE")),
            (field("country", "is", "FR"), field("country", "starts_with", "d")),
            (field("country", "is", "FR"), ["field": "country", "op": "is_blank"]),
            (field("rating", "at_least", 5), field("rating", "less_than", "4.5")),
            (field("rating", "greater_than", 4), field("rating", "less_than", 5)),
            (field("birthday", "is", "02-29"), field("birthday", "month_is", 3)),
            (field("tags", "contains_all", ["a", "b"]), ["not": ["tag": "a"]]),
            (["not": orders("at_least", 1, last: "P90D")], orders("at_least", 1, last: "P30D")),
            (["not": orders("at_least", 1, last: "P8M")], orders("at_least", 2, last: "P30D")),
            (["not": orders("at_least", 1)], orders("at_least", 100, measure: "total")),
            (orders("at_least", 100, last: "P30D", measure: "total"), orders("at_most", 50, measure: "total")),
            (field("signedUpAt", "after", "2024-05-01"), field("signedUpAt", "before", "2024-05-01")),
            (field("fields.due", "within", ["last": "P7D"]), field("fields.due", "within", ["notLast": "P2W"])),
            (field("status", "in", ["subscribed", "pending"]), field("status", "is", "cleaned")),
        ]
        for (left, right) in pairs {
            #expect(try codes(["all": [left, right]]) == [.contradiction], "\(left.text) \(right.text)")
            #expect(try codes(["all": [right, ["all": [left]]]]) == [.contradiction], "\(left.text) \(right.text)")
            let never: JSONValue = ["any": [["not": left], ["not": right]]]
            #expect(try codes(never) == [.tautology], "\(left.text) \(right.text)")
        }
    }

    @Test func `what may be together is left alone`() throws {
        let pairs: [(JSONValue, JSONValue)] = [
            (["tag": "vip"], ["not": ["tag": "other"]]),
            (field("country", "contains", "a"), field("country", "contains", "b")),
            (field("country", "is_not", "FR"), field("country", "is_not", "DE")),
            (field("rating", "at_least", 4), field("rating", "less_than", 5)),
            (["not": orders("at_least", 1, last: "P30D")], orders("at_least", 1, last: "P90D")),
            (["not": orders("at_least", 1, last: "P1D")], orders("at_least", 1, last: "PT24H")),
            (["not": orders("at_least", 1, last: "P1M")], orders("at_least", 1, last: "P30D")),
            (orders("at_least", 100, measure: "average"), orders("less_than", 50, last: "P30D", measure: "average")),
            (orders("at_least", 0, measure: "netTotal"), orders("at_most", 0, measure: "netTotal")),
            (field("fields.due", "within", ["last": "P7D"]), field("fields.due", "within", ["next": "P7D"])),
            (field("fields.plan", "contains", "a"), ["not": ["field": "fields.plan", "op": "is_not_blank"]]),
            (["segment": "a"], ["segment": "b"]),
        ]
        for (left, right) in pairs {
            #expect(try codes(["all": [left, right]]).isEmpty, "\(left.text) \(right.text)")
        }
    }

    @Test func `what is said already is redundant`() throws {
        let found = try lints(["all": [orders("at_least", 5), orders("at_least", 3)]])
        #expect(found.map(\.code) == [.redundantCondition])
        #expect(found.first?.paths == ["/all/1", "/all/0"])
        let chosen = try lints(["any": [orders("at_least", 5), orders("at_least", 3)]])
        #expect(chosen.first?.paths == ["/any/0", "/any/1"])
        #expect(
            try codes(["all": [["tag": "a"], ["field": "tags", "op": "contains", "value": "A"]]]) == [
                .redundantCondition
            ])
        #expect(try codes(["all": [["segment": "a"], ["segment": "a"]]]) == [.redundantCondition])
        #expect(
            try codes(["all": [field("country", "is", "FR"), ["field": "country", "op": "is_not_blank"]]])
                == [.redundantCondition])
        #expect(
            try codes(["all": [orders("at_least", 3), orders("at_least", 3, last: "P30D")]]) == [.redundantCondition])
        #expect(try codes(["all": [orders("at_least", 4), orders("at_least", 3, last: "P30D")]]).isEmpty)
    }

    @Test func `orders in other currencies are not taken for the same`() throws {
        func filtered(_ filters: JSONValue, _ value: JSONValue) -> JSONValue {
            ["activity": "order", "where": filters, "value": value]
        }
        let dear: JSONValue = ["field": "amount", "op": "at_least", "value": 10]
        let dollars: JSONValue = ["field": "currency", "op": "is", "value": "USD"]
        // Dear orders are in the audience's currency, dear orders in dollars are not among them.
        #expect(try codes(["all": [filtered([dear, dollars], 1), ["not": filtered([dear], 1)]]]).isEmpty)
        #expect(
            try codes(["all": [filtered([dear, dollars], 1), ["not": filtered([dollars], 1)]]]) == [.contradiction])
    }

    @Test func `a condition nobody or everybody satisfies is named`() throws {
        #expect(try codes(field("rating", "at_least", 6)) == [.contradiction])
        #expect(try codes(field("rating", "at_least", 5)).isEmpty)
        #expect(try codes(field("rating", "is", "4.5")) == [.contradiction])
        #expect(try codes(orders("at_least", 0)) == [.tautology])
        #expect(try codes(["not": orders("at_least", 0)]) == [.contradiction])
        let cancelled: JSONValue = ["field": "status", "op": "is", "value": "cancelled"]
        #expect(try codes(["activity": "order", "where": [cancelled]]) == [.contradiction])
        #expect(try codes(["not": ["activity": "order", "where": [cancelled]]]) == [.tautology])
        let statuses = ContactStatus.allCases.map { JSONValue.string($0.rawValue) }
        #expect(try codes(field("status", "in", .array(statuses))) == [.tautology])
        #expect(try codes(field("status", "not_in", .array(statuses))) == [.contradiction])
        let vendors: [JSONValue] = ["Acme", "Bolt"].map { field("vendor", "is", $0) }
        #expect(try codes(["activity": "order", "where": .array(vendors)]) == [.contradiction])
    }

    @Test func `a field that nothing ever set is named`() throws {
        let found = try lints(["all": [["tag": "x"], field("fields.plam", "is", "gold")]])
        #expect(found.map(\.code) == [.unknownField])
        #expect(found.first?.paths == ["/all/1"])
        #expect(try codes(field("fields.plan", "is", "gold")).isEmpty)
    }

    @Test func `a saved segment with the same or the opposite members is named`() throws {
        var catalog = catalog
        let condition = try Condition(parsing: ["all": [["tag": "x"], orders("at_least", 2)]], types: [:])
        _ = catalog.define("one", as: condition)
        _ = catalog.define("two", as: .tag("x"))
        let saved = ["one", "two"].map { (name: $0, edge: catalog.root(ofReference: $0)) }
        let twin = try Condition(parsing: ["all": [orders("greater_than", 1), ["tag": "X"]]], types: [:])
        #expect(catalog.lints(of: twin, saved: saved, fieldTypes: [:]).map(\.code) == [.duplicateSegment])
        #expect(catalog.lints(of: .not(twin), saved: saved, fieldTypes: [:]).map(\.code) == [.complementOfSegment])
        #expect(catalog.lints(of: .any([twin, .tag("y")]), saved: saved, fieldTypes: [:]).isEmpty)
    }

    /// The node at a JSON pointer, as it is meant there: negated if it stands under an odd number of `not`.
    private func node(_ path: String, of condition: Condition) -> Condition? {
        var (node, isNegated) = (condition, false)
        var tokens = path.split(separator: "/").makeIterator()
        while let token = tokens.next() {
            if token == "not" {
                isNegated.toggle()
                node = node.children[0]
            } else if let index = tokens.next().flatMap({ Int($0) }) {
                node = node.children[index]
            } else {
                return nil
            }
        }
        return isNegated ? .not(node) : node
    }

    @Test(arguments: 0..<24) func `no lint is a false alarm`(seed: UInt64) throws {
        var world = try RandomWorld(seed: seed)
        let evaluator = ReferenceEvaluator(context: world.context)
        let catalog = Catalog(context: world.context)
        for _ in 0..<25 {
            let parts = (0..<8).map { _ in world.random.chance(0.3) ? .not(world.elementary()) : world.elementary() }
            let condition: Condition = world.random.chance(0.5) ? .all(parts) : .any(parts)
            let lints = catalog.lints(of: condition, saved: [], fieldTypes: RandomDefinitions.fieldTypes)
            for lint in lints {
                let nodes = lint.paths.compactMap { node($0, of: condition) }
                try #require(nodes.count == lint.paths.count)
                for contact in world.contacts + [world.empty] {
                    let now = RandomEvents.instant(using: &world.random)
                    let truths = nodes.map { evaluator.isTrue($0, of: contact, at: now) }
                    let isRight =
                        switch lint.code {
                        case .contradiction: truths.contains(false)
                        case .tautology: truths.contains(true)
                        case .redundantCondition:
                            lint.message.contains("satisfies it.")
                                ? truths[0] || !truths[1]
                                : lint.message.contains("whoever satisfies it")
                                    ? !truths[0] || truths[1]
                                    : truths[0] == truths[1]
                        default: false
                        }
                    try #require(isRight, "seed \(seed): \(lint) of \(contact) at \(now)")
                }
            }
        }
    }
}
