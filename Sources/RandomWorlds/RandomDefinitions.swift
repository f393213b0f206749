public import SegmentModel

/// Random definitions of every form, over the values that `RandomEvents` uses.
public struct RandomDefinitions {
    private var random: SeededGenerator

    public init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Declared types the definitions and events agree on.
    public static let fieldTypes: [Identifier: FieldType] = [
        "plan": .text, "score": .number, "renewal": .date, "likes": .list,
    ]

    /// The next definition.
    ///
    /// - Parameter segments: names it may refer to.
    public mutating func next(segments: [String] = [], depth: Int = 3) -> JSONValue {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...1 where depth > 0:
            [
                "all": .array(
                    (0..<Int.random(in: 1...3, using: &random)).map { _ in next(segments: segments, depth: depth - 1) })
            ]
        case 2...3 where depth > 0:
            [
                "any": .array(
                    (0..<Int.random(in: 1...3, using: &random)).map { _ in next(segments: segments, depth: depth - 1) })
            ]
        case 4 where depth > 0: ["not": next(segments: segments, depth: depth - 1)]
        case 5 where !segments.isEmpty: ["segment": .string(random.pick(segments))]
        case 6: ["tag": random.pick(["vip", "NEW", "été", "none"])]
        case 7: field()
        default: activity()
        }
    }

    private mutating func field() -> JSONValue {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: ["field": "country", "op": random.pick(["is", "is_not", "contains", "starts_with"]), "value": "fr"]
        case 1: ["field": "country", "op": random.pick(["in", "not_in"]), "value": ["FR", "DE"]]
        case 2: ["field": "rating", "op": random.pick(["at_least", "less_than", "is_not"]), "value": 3]
        case 3: ["field": "rating", "op": "between", "value": [2, 4]]
        case 4: ["field": "vip", "op": "is", "value": .bool(random.chance(0.5))]
        case 5: ["field": "emailDomain", "op": "is", "value": "y.test"]
        case 6: ["field": "signedUpAt", "op": random.pick(["within", "not_within"]), "value": window(isDate: true)]
        case 7: ["field": "firstSeenAt", "op": random.pick(["after", "before"]), "value": bound()]
        case 8:
            [
                "field": "birthday", "op": "within",
                "value": [random.pick(["next", "last"]): random.pick(["P7D", "P1M", "P2W"])],
            ]
        case 9: ["field": "fields.renewal", "op": random.pick(["within", "not_within"]), "value": dayWindow()]
        case 10: ["field": "fields.score", "op": random.pick(["at_most", "is", "greater_than"]), "value": 0]
        default:
            [
                "field": random.pick(["fields.plan", "fields.likes", "tags", "status"]),
                "op": random.pick(["is_blank", "is_not_blank"]),
            ]
        }
    }

    private mutating func activity() -> JSONValue {
        let isOrder = random.chance(0.75)
        var node: [JSONValue.Member] = [
            .init("activity", isOrder ? "order" : random.pick(["sent", "open", "click", "bounce", "activity:viewed"]))
        ]
        let measure =
            isOrder ? random.pick(Self.orderMeasures) : random.pick(["count", "first", "last", "daysSinceLast"])
        if measure != "netTotal" {
            if isOrder, random.chance(0.4) { node.append(.init("where", .array([filter()]))) }
            if random.chance(0.6) { node.append(.init("within", window(isDate: false))) }
        }
        node.append(.init("measure", .string(measure)))
        switch measure {
        case "first", "last":
            let op = random.pick(["after", "before", "within", "not_within", "is_blank"])
            node.append(.init("op", .string(op)))
            if op.hasSuffix("within") { node.append(.init("value", window(isDate: false))) }
            if op == "after" || op == "before" { node.append(.init("value", bound())) }
        default:
            node.append(.init("op", random.pick(["at_least", "less_than", "is", "greater_than", "at_most"])))
            node.append(.init("value", value(of: measure)))
        }
        return .object(node)
    }

    private static let orderMeasures = [
        "count", "count", "total", "average", "largest", "smallest", "netTotal", "quantity", "lineTotal",
        "averageQuantity", "products", "first", "last", "daysSinceFirst", "daysSinceLast",
    ]

    private mutating func value(of measure: String) -> JSONValue {
        switch measure {
        case "count", "products": .number(String(Int.random(in: 0...3, using: &random)))
        case "daysSinceFirst", "daysSinceLast": random.pick([0, 1, 30, 90])
        case "quantity", "averageQuantity": .number(random.pick(["0", "2", "3.5", "5"]))
        default: .number(random.pick(["0", "10", "25.0001", "100", "66.66666"]))
        }
    }

    private mutating func filter() -> JSONValue {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: ["field": "product", "op": random.pick(["is", "is_not"]), "value": "p1"]
        case 1: ["field": "vendor", "op": "in", "value": ["ACME", "other"]]
        case 2: ["field": "quantity", "op": "at_least", "value": 2]
        case 3: ["field": "store", "op": "is", "value": "web"]
        case 4: ["field": "amount", "op": "at_least", "value": 10]
        case 5: ["field": "currency", "op": "is", "value": "USD"]
        case 6: ["field": "variant", "op": random.pick(["is_blank", "is_not_blank"])]
        default: ["field": "price", "op": "less_than", "value": 50]
        }
    }

    private mutating func window(isDate: Bool) -> JSONValue {
        let period = JSONValue.string(random.pick(["P30D", "P1M", "P3M", "PT30H", "P1D", "P1Y", "P1M2DT3H", "P2W"]))
        switch Int.random(in: 0..<8, using: &random) {
        case 0...3: return ["last": period]
        case 4: return isDate ? ["next": period] : ["last": period]
        case 5: return ["notLast": period]
        case 6: return ["between": [bound(), "2026-01-01"]]
        default: return [random.pick(["after", "before", "on"]): .string(day())]
        }
    }

    private mutating func dayWindow() -> JSONValue {
        [random.pick(["last", "next", "notLast"]): random.pick(["P7D", "P1M", "P1Y", "P2W"])]
    }

    private mutating func day() -> String {
        random.pick(["2024-02-29", "2024-03-31", "2024-10-27", "2025-01-31"])
    }

    private mutating func bound() -> JSONValue {
        .string(random.chance(0.5) ? day() : random.pick(RandomEvents.interestingInstants).description)
    }
}
