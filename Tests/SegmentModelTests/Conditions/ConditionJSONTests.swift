import SegmentModel
import Testing

@Suite("Canonical JSON of conditions")
struct ConditionJSONTests {
    private static let types: [Identifier: FieldType] = [
        "due": .date, "seen": .instant, "likes": .list, "score": .number, "ok": .boolean, "plan": .text,
    ]

    /// What is read, and how it is written back where that differs.
    private func written(_ definition: JSONValue) throws -> String {
        let condition = try Condition(parsing: definition, types: ConditionJSONTests.types)
        let again = try Condition(parsing: condition.json, types: ConditionJSONTests.types)
        #expect(again == condition)
        #expect(again.hashValue == condition.hashValue)
        return condition.json.text
    }

    @Test("Keys come in a fixed order")
    func order() throws {
        let definition: JSONValue = [
            "value": 2, "op": "greater_than", "measure": "quantity", "within": ["last": "P1Y"],
            "where": [["value": "Acme", "op": "is", "field": "vendor"]], "activity": "order",
        ]
        #expect(
            try written(definition)
                == #"{"activity":"order","where":[{"field":"vendor","op":"is","value":"Acme"}],"#
                + #""within":{"last":"P1Y"},"measure":"quantity","op":"greater_than","value":2}"#)
    }

    @Test("Defaults are left out")
    func defaults() throws {
        let plain = #"{"activity":"order"}"#
        #expect(try written(["activity": "order"]) == plain)
        #expect(try written(["activity": "order", "measure": "count", "op": "at_least", "value": 1]) == plain)
        #expect(try written(["activity": "order", "where": [], "value": .number("1.0")]) == plain)
        #expect(try written(["activity": "order", "value": 3]) == #"{"activity":"order","value":3}"#)
        #expect(try written(["activity": "order", "op": "is"]) == #"{"activity":"order","op":"is","value":1}"#)
        #expect(try written(["activity": "open", "op": "at_most"]) == #"{"activity":"open","op":"at_most","value":1}"#)
    }

    @Test("Numbers and instants take their shortest form, texts keep their spelling")
    func shortest() throws {
        #expect(
            try written(["field": "rating", "op": "in", "value": [.number("1e2"), "12.50", .number("-0.0")]])
                == #"{"field":"rating","op":"in","value":[100,12.5,0]}"#)
        #expect(
            try written(["field": "signedUpAt", "op": "after", "value": "2026-01-01T01:00:00.000+01:00"])
                == #"{"field":"signedUpAt","op":"after","value":"2026-01-01T00:00:00Z"}"#)
        #expect(
            try written(["field": "country", "op": "is", "value": "fRANCE"])
                == #"{"field":"country","op":"is","value":"fRANCE"}"#)
    }

    @Test("within a fixed window and its own operator are one condition")
    func fixedWindows() throws {
        #expect(
            try written(["field": "fields.due", "op": "within", "value": ["on": "2026-01-01"]])
                == #"{"field":"fields.due","op":"on","value":"2026-01-01"}"#)
        #expect(
            try written(["field": "fields.due", "op": "not_within", "value": ["on": "2026-01-01"]])
                == #"{"field":"fields.due","op":"not_within","value":{"on":"2026-01-01"}}"#)
    }

    @Test("Every form, operator, window and measure is written as it is read", arguments: everyForm)
    func everything(_ text: CanonicalForm) throws {
        #expect(try written(text.definition) == text.definition.text)
    }

    @Test("Random definitions survive being written and read, and those that read alike in English mean alike")
    func randomDefinitions() throws {
        var samples = RandomSamples(seed: 7, around: "2026-03-01T00:00:00Z")
        let contacts = (0..<20).map { _ in samples.contact() }
        let evaluator = ReferenceEvaluator(context: EvaluationContext(zone: .utc, currency: "EUR"))
        func truths(_ condition: Condition) -> [Bool] {
            contacts.map { evaluator.isTrue(condition, of: $0, at: samples.center) }
        }
        var readings: [String: Condition] = [:]
        for _ in 0..<500 {
            let condition = try Condition(parsing: samples.definition(depth: 3), types: RandomSamples.types)
            #expect(try Condition(parsing: condition.json, types: RandomSamples.types) == condition)
            let known = readings.updateValue(condition, forKey: condition.sentence())
            guard let known else { continue }
            #expect(truths(known) == truths(condition), "\(known.json.text) \(condition.json.text)")
        }
    }

    @Test("Depth, number of conditions, flatness and references are told")
    func counts() throws {
        let nested = try Condition(
            parsing: ["all": [["tag": "a"], ["any": [["not": ["segment": "s"]], ["segment": "t"], ["segment": "s"]]]]])
        #expect(nested.depth == 4)
        #expect(nested.conditionCount == 4)
        #expect(!nested.isFlat)
        #expect(nested.segmentReferences == ["s", "t"])
        #expect(try Condition(parsing: ["any": [["tag": "a"], ["not": ["tag": "b"]]]]).isFlat)
        #expect(try Condition(parsing: ["not": ["tag": "b"]]).isFlat)
        #expect(try !Condition(parsing: ["not": ["any": [["tag": "b"]]]]).isFlat)
    }

    @Test("Operands that fold alike are different conditions, canonically equal letters too")
    func operandsByBytes() throws {
        #expect(TextOperand("é") != TextOperand("e\u{301}"))
        #expect(TextOperand("FR") != TextOperand("fr"))
        #expect(TextOperand("FR").folded == TextOperand("fr").folded)
    }
}

/// A definition in canonical form.
struct CanonicalForm: Sendable, CustomTestStringConvertible {
    var definition: JSONValue
    var testDescription: String { definition.text }
}

private let everyForm: [CanonicalForm] =
    (gates + fieldTests + windowTests + activityTests + filterTests).map { CanonicalForm(definition: $0) }

private let gates: [JSONValue] = [
    ["all": [["tag": "a"], ["any": [["segment": "s"], ["not": ["tag": "b"]]]]]], ["tag": "“quoted” \"x\""],
]

private func field(_ field: String, _ op: String, _ value: JSONValue? = nil) -> JSONValue {
    let members: [JSONValue.Member] = [.init("field", .string(field)), .init("op", .string(op))]
    return .object(members + (value.map { [.init("value", $0)] } ?? []))
}

private let fieldTests: [JSONValue] =
    ["is", "is_not", "contains", "does_not_contain", "starts_with", "ends_with"].flatMap {
        [field("country", $0, "x"), field("fields.plan", $0, "x"), field("fields.undeclared", $0, "x")]
    } + ["in", "not_in"].flatMap { [field("city", $0, ["a", "b"]), field("fields.score", $0, [1, 2.5])] }
    + ["is", "is_not", "less_than", "at_most", "greater_than", "at_least"].map { field("rating", $0, 3) }
    + ["email", "emailDomain", "rating", "vip", "signedUpAt", "birthday", "tags", "fields.due", "fields.x"].flatMap {
        [field($0, "is_blank"), field($0, "is_not_blank")]
    } + [
        field("latitude", "between", [-1.5, 90]), field("vip", "is", true), field("fields.ok", "is", false),
        field("fields.x", "is", 5), field("fields.x", "is", true), field("fields.x", "between", [1, 2]),
        field("tags", "contains", "a"), field("tags", "does_not_contain", "a"),
        field("fields.likes", "contains_all", ["a", "b"]), field("fields.x", "contains_all", ["a"]),
        field("birthday", "is", "02-29"), field("birthday", "month_is", 12),
        field("birthday", "within", ["next": "P7D"]), field("birthday", "within", ["last": "P1M"]),
    ]

private let windowTests: [JSONValue] = ["firstSeenAt", "fields.due", "fields.seen"].flatMap { name in
    [
        field(name, "on", "2026-01-31"), field(name, "before", "2026-01-31"),
        field(name, "after", "2026-01-31T10:00:00.5Z".canonicalInstant),
        field(name, "between", ["2026-01-31", "2026-02-01T00:00:00Z"]),
        field(name, "within", ["last": "P1Y2M3W4D"]), field(name, "within", ["next": "P7D"]),
        field(name, "within", ["notLast": "P8M"]), field(name, "not_within", ["last": "P2W"]),
        field(name, "not_within", ["between": ["2026-01-31", "2026-02-01"]]),
    ]
}

private let activityTests: [JSONValue] =
    [["activity": "order", "within": ["last": "PT36H"]]]
    + ["sent", "open", "click", "bounce", "activity:viewed product"].map { ["activity": .string($0), "value": 2] }
    + Measure.allCases.filter { $0 != .count && !$0.isInstant }.map {
        ["activity": "order", "measure": .string($0.rawValue), "op": "between", "value": [1, 2]]
    }
    + ["first", "last"].flatMap { measure -> [JSONValue] in
        [
            ["activity": "click", "measure": .string(measure), "op": "within", "value": ["last": "P3D"]],
            ["activity": "order", "measure": .string(measure), "op": "before", "value": "2026-01-31"],
            ["activity": "order", "measure": .string(measure), "op": "is_blank"],
        ]
    }

private let filterTests: [JSONValue] =
    (["store", "product", "variant", "title", "vendor", "category", "currency"].map { field($0, "is", "a") }
    + ["amount", "quantity", "price"].map { field($0, "at_least", 9.5) }
    + [field("status", "in", ["paid", "fulfilled"]), field("vendor", "is_blank")]).map {
        ["activity": "order", "where": [$0]]
    } + [
        ["activity": "open", "where": [field("campaign", "is", "a"), field("url", "contains", "b")]],
        [
            "activity": "activity:x",
            "where": [field("a", "is", "b"), field("c", "is", 1), field("d", "is", true), field("e", "is_blank")],
        ],
        ["activity": "order", "where": [field("currency", "is", "GBP")], "measure": "total", "value": 100],
    ]

extension String {
    /// Fractions are written in three or six digits.
    fileprivate var canonicalInstant: JSONValue { .string(replacing(".5Z", with: ".500Z")) }
}
