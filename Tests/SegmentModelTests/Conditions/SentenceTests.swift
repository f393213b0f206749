import SegmentModel
import Testing

/// A definition and how it reads.
struct Reading: Sendable, CustomTestStringConvertible {
    var definition: JSONValue
    var sentence: String

    init(_ definition: JSONValue, _ sentence: String) {
        self.definition = definition
        self.sentence = sentence
    }

    var testDescription: String { sentence }
}

private func field(_ field: String, _ op: String, _ value: JSONValue? = nil) -> JSONValue {
    let members: [JSONValue.Member] = [.init("field", .string(field)), .init("op", .string(op))]
    return .object(members + (value.map { [.init("value", $0)] } ?? []))
}

private func order(_ members: JSONValue) -> JSONValue {
    .object([.init("activity", "order")] + (members.members ?? []))
}

private func vendor(_ name: JSONValue, _ op: String = "is") -> JSONValue {
    [field("vendor", op, name)]
}

private let fieldReadings: [Reading] = [
    .init(field("country", "is", "France"), "country is France"),
    .init(field("country", "in", ["France", "Germany"]), "country is France or Germany"),
    .init(field("country", "not_in", ["France", "Germany"]), "country is neither France nor Germany"),
    .init(field("city", "is", "New York"), "city is “New York”"),
    .init(field("city", "is", "or"), "city is “or”"),
    .init(field("city", "is_not", "Paris"), "city is not Paris"),
    .init(field("email", "contains", "+test"), "email contains +test"),
    .init(field("zip", "starts_with", "75"), "zip starts with 75"),
    .init(field("emailDomain", "does_not_contain", "example"), "email domain does not contain example"),
    .init(field("signupSource", "is_blank"), "signup source is blank"),
    .init(field("rating", "at_least", 3), "rating is at least 3"),
    .init(field("rating", "between", [2, 4]), "rating is between 2 and 4"),
    .init(field("vip", "is", true), "VIP is true"),
    .init(field("fields.plan", "is", "gold"), "field plan is gold"),
    .init(field("fields.favourite shop", "is_not_blank"), "field “favourite shop” is not blank"),
    .init(field("fields.likes", "contains_all", ["tea", "milk"]), "field likes contains all of tea and milk"),
    .init(field("tags", "contains", "vip"), "has the tag “vip”"),
    .init(field("tags", "contains_all", ["a", "b", "c"]), "has all of the tags “a”, “b” and “c”"),
    .init(field("tags", "is_blank"), "has no tags"),
    .init(field("signedUpAt", "within", ["last": "P30D"]), "signup time is in the last 30 days"),
    .init(field("signedUpAt", "not_within", ["last": "P1Y"]), "signup time is not in the last year"),
    .init(field("firstSeenAt", "before", "2026-01-31"), "first seen time is before 2026-01-31"),
    .init(
        field("signedUpAt", "between", ["2026-01-01", "2026-01-31T10:00:00Z"]),
        "signup time is between 2026-01-01 and 2026-01-31T10:00:00Z"),
    .init(field("birthday", "within", ["next": "P1W"]), "birthday is in the next week"),
    .init(field("birthday", "month_is", 3), "birthday is in March"),
    .init(field("birthday", "is", "02-29"), "birthday is 02-29"),
]

private let activityReadings: [Reading] = [
    .init(order([:]), "has ordered"),
    .init(order(["value": 2, "within": ["last": "P30D"]]), "has ordered at least 2 times in the last 30 days"),
    .init(order(["op": "is", "value": 1]), "has ordered exactly 1 time"),
    .init(order(["op": "is", "value": 0]), "has not ordered"),
    .init(order(["op": "between", "value": [2, 5]]), "has ordered between 2 and 5 times"),
    .init(order(["within": ["notLast": "P8M"]]), "has ordered at least 8 months ago"),
    .init(order(["within": ["on": "2026-01-31"]]), "has ordered on 2026-01-31"),
    .init(
        order(["where": vendor("Acme"), "within": ["last": "P1Y"], "value": 2]),
        "has ordered at least 2 times with vendor Acme in the last year"),
    .init(
        order(["where": vendor("Acme"), "within": ["last": "P1Y"], "measure": "total", "value": 1000]),
        "has spent at least 1000 in total on orders with vendor Acme in the last year"),
    .init(order(["measure": "total", "op": "less_than", "value": 12.5]), "has spent less than 12.5 in total"),
    .init(order(["measure": "average", "value": 50]), "has spent at least 50 per order on average"),
    .init(
        order(["measure": "largest", "value": 100, "within": ["last": "P6M"]]),
        "has a largest order of at least 100 in the last 6 months"),
    .init(order(["measure": "smallest", "op": "is_blank"]), "has no smallest order"),
    .init(order(["measure": "netTotal", "value": 500]), "has spent at least 500 in total net of refunds"),
    .init(order(["measure": "quantity", "value": 1]), "has ordered at least 1 item in total"),
    .init(
        order(["measure": "lineTotal", "value": 20, "where": vendor("A", "contains")]),
        "has spent at least 20 on items with vendor containing A"),
    .init(
        order(["measure": "averageQuantity", "op": "greater_than", "value": 2]),
        "has ordered more than 2 items per order on average"),
    .init(order(["measure": "products", "value": 3]), "has ordered at least 3 different products"),
    .init(
        order(["measure": "last", "op": "before", "value": "2026-01-01"]), "has a last order before 2026-01-01"),
    .init(
        order(["measure": "first", "op": "not_within", "value": ["last": "P30D"]]),
        "has no first order in the last 30 days"),
    .init(
        order(["measure": "daysSinceLast", "value": 30, "where": vendor(["A", "B"], "in")]),
        "has a last order with vendor A or B at least 30 whole days ago"),
    .init(order(["measure": "average", "op": "is_blank"]), "the average amount of orders is blank"),
    .init(
        order([
            "where": [field("price", "at_least", 10), field("title", "ends_with", "tea"), field("variant", "is_blank")]
        ]),
        "has ordered with price at least 10, title ending with tea and blank variant"),
    .init(
        ["activity": "open", "where": [field("campaign", "is", "spring")], "within": ["last": "P1M"]],
        "has opened a campaign with campaign spring in the last month"),
    .init(["activity": "sent", "op": "greater_than", "value": 3], "has been sent a campaign more than 3 times"),
    .init(["activity": "click"], "has clicked in a campaign"),
    .init(["activity": "bounce"], "has had a campaign bounce"),
    .init(
        ["activity": "activity:viewed product", "where": [field("product", "is", "tea")], "value": 2],
        "has done “viewed product” at least 2 times with product tea"),
    .init(
        ["activity": "click", "measure": "last", "op": "within", "value": ["last": "P7D"]],
        "has a last campaign click in the last 7 days"),
]

private let gateReadings: [Reading] = [
    .init(["tag": "vip"], "has the tag “vip”"),
    .init(["segment": "s1"], "is in segment “Repeat customers”"),
    .init(["not": ["segment": "s1"]], "is not in segment “Repeat customers”"),
    .init(["not": ["tag": "vip"]], "does not have the tag “vip”"),
    .init(["not": order(["within": ["last": "P60D"]])], "has not ordered in the last 60 days"),
    .init(["not": order(["value": 2])], "has not ordered at least 2 times"),
    .init(["not": order(["measure": "largest", "value": 9])], "has no largest order of at least 9"),
    .init(["not": field("country", "is_not", "France")], "country is France"),
    .init(["not": field("rating", "at_least", 3)], "rating is not at least 3"),
    .init(["not": field("fields.x", "is_blank")], "field x is not blank"),
    .init(["not": ["not": ["tag": "a"]]], "not (does not have the tag “a”)"),
    .init(
        ["all": [["tag": "a"], ["tag": "b"], ["tag": "c"]]], "has the tag “a” and has the tag “b” and has the tag “c”"),
    .init(
        ["all": [["tag": "a"], ["any": [["tag": "b"], order([:])]]]],
        "has the tag “a” and (has the tag “b” or has ordered)"),
    .init(
        ["any": [["all": [["tag": "a"], ["tag": "b"]]], ["not": ["any": [["tag": "c"], ["tag": "d"]]]]]],
        "(has the tag “a” and has the tag “b”) or not (has the tag “c” or has the tag “d”)"),
    .init(["all": [["any": [["tag": "a"]]]]], "has the tag “a”"),
]

@Suite("Sentences")
struct SentenceTests {
    @Test("Field conditions read as English", arguments: fieldReadings)
    func fields(_ reading: Reading) throws { try expect(reading) }

    @Test("Activity conditions read as English", arguments: activityReadings)
    func activities(_ reading: Reading) throws { try expect(reading) }

    @Test("Gates and negations read as English, one way only", arguments: gateReadings)
    func gates(_ reading: Reading) throws { try expect(reading) }

    private func expect(_ reading: Reading) throws {
        let condition = try Condition(parsing: reading.definition)
        let sentence = condition.sentence { $0 == "s1" ? "Repeat customers" : $0 }
        #expect(sentence == reading.sentence)
    }
}
