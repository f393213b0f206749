import SegmentModel
import Testing

/// One definition that is refused, with the place and code of the refusal.
struct BadDefinition: Sendable, CustomTestStringConvertible {
    var definition: JSONValue
    var path: String
    var code: DefinitionError.Code
    /// A part of the message.
    var hint: String

    init(_ definition: JSONValue, _ path: String, _ code: DefinitionError.Code, _ hint: String) {
        self.definition = definition
        self.path = path
        self.code = code
        self.hint = hint
    }

    var testDescription: String { definition.text }
}

private func field(_ field: String, _ op: JSONValue, _ value: JSONValue) -> JSONValue {
    ["field": .string(field), "op": op, "value": value]
}

private func order(_ members: JSONValue) -> JSONValue {
    .object([.init("activity", "order")] + (members.members ?? []))
}

private func nested(_ depth: Int) -> JSONValue {
    (1..<depth).reduce(["tag": "a"]) { node, _ in ["not": node] }
}

private let badForms: [BadDefinition] = [
    .init("vip", "", .wrongType, "a string"),
    .init([], "", .wrongType, "a list"),
    .init([:], "", .missingKey, "\"activity\""),
    .init(["op": "is"], "", .missingKey, "no form"),
    .init(["feild": "country"], "/feild", .unknownKey, "Did you mean \"field\"?"),
    .init(["tag": "a", "field": "country"], "", .severalForms, "\"field\" and \"tag\""),
    .init(["all": [["tag": "a"]], "any": [["tag": "a"]]], "", .severalForms, "\"all\" and \"any\""),
    .init(["tag": "a", "op": "is"], "/op", .unknownKey, "\"tag\""),
    .init(["tag": "a", "tag": "b"], "/tag", .repeatedKey, "twice"),
    .init(["all": []], "/all", .emptyList, "empty"),
    .init(["any": ["tag": "a"]], "/any", .wrongType, "a list of conditions"),
    .init(["all": [["tag": "a"], ["any": [["not": ["tag": ""]]]]]], "/all/1/any/0/not/tag", .invalidValue, "empty"),
    .init(["tag": 5], "/tag", .wrongType, "a number"),
    .init(["segment": ""], "/segment", .invalidValue, "empty"),
    .init(["a/b~c": 1], "/a~1b~0c", .unknownKey, "no form"),
    .init(nested(65), String(repeating: "/not", count: 64), .tooDeep, "64"),
    .init(
        ["any": .array(Array(repeating: ["tag": "a"], count: 1_001))], "/any/1000", .tooManyConditions, "1000"),
    .init(["tag": .string(String(repeating: "x", count: 4_097))], "/tag", .tooLong, "4096"),
]

private let badFields: [BadDefinition] = [
    .init(field("contry", "is", "FR"), "/field", .unknownField, "Did you mean \"country\"?"),
    .init(field("fields.", "is", "FR"), "/field", .unknownField, "\"fields.\""),
    .init(field("score", "is", 1), "/field", .unknownField, "Did you mean \"fields.score\"?"),
    .init(["field": "country", "value": "FR"], "", .missingKey, "\"op\""),
    .init(["field": "country", "op": "is"], "", .missingKey, "\"value\""),
    .init(["field": "country", "op": "is", "vlaue": "FR"], "/vlaue", .unknownKey, "\"value\""),
    .init(field("country", "iss", "FR"), "/op", .unknownOperator, "Did you mean \"is\"?"),
    .init(field("country", 1, "FR"), "/op", .wrongType, "operator"),
    .init(field("country", "at_least", "FR"), "/op", .unknownOperator, "text"),
    .init(field("vip", "contains", "x"), "/op", .unknownOperator, "true or false"),
    .init(field("vip", "is_not", true), "/op", .unknownOperator, "true or false"),
    .init(field("rating", "contains", 3), "/op", .unknownOperator, "a number"),
    .init(field("birthday", "on", "2026-01-01"), "/op", .unknownOperator, "a birthday"),
    .init(field("tags", "is", "vip"), "/op", .unknownOperator, "a list of text"),
    .init(field("zip", "is", 75001), "/value", .wrongType, "write it in quotes: \"75001\""),
    .init(field("country", "is", ""), "/value", .invalidValue, "is_blank"),
    .init(field("country", "in", "FR"), "/value", .wrongType, "a list of texts"),
    .init(field("country", "in", []), "/value", .emptyList, "empty"),
    .init(field("country", "in", ["FR", 1]), "/value/1", .wrongType, "a number"),
    .init(
        field("country", "in", .array(Array(repeating: "FR", count: 10_001))), "/value", .tooManyValues, "10000"),
    .init(field("country", "is_blank", "FR"), "/value", .unexpectedKey, "takes no value"),
    .init(field("status", "is", "subscribd"), "/value", .invalidValue, "Did you mean \"subscribed\"?"),
    .init(field("status", "in", ["cleaned", "gone"]), "/value/1", .invalidValue, "\"gone\""),
    .init(field("rating", "at_least", "many"), "/value", .invalidValue, "many"),
    .init(field("rating", "at_least", true), "/value", .wrongType, "true or false"),
    .init(field("rating", "between", [1]), "/value", .invalidValue, "[low, high]"),
    .init(field("rating", "between", [5, 1]), "/value", .invalidValue, "swap"),
    .init(field("vip", "is", "true"), "/value", .wrongType, "a string"),
    .init(field("birthday", "is", "02-30"), "/value", .invalidValue, "02-30"),
    .init(field("birthday", "month_is", 13), "/value", .invalidValue, "12"),
    .init(field("birthday", "within", ["last": "PT12H"]), "/value/last", .invalidWindow, "hours"),
    .init(field("birthday", "within", ["on": "2026-01-01"]), "/value/on", .unknownKey, "\"next\""),
    .init(field("fields.when", "before", "2026-01-01"), "/op", .undeclaredField, "declare"),
    .init(field("fields.when", "between", ["2026-01-01", "2026-01-02"]), "/op", .undeclaredField, "declare"),
    .init(field("fields.when", "is", nil), "/value", .wrongType, "null"),
    .init(field("fields.when", "month_is", 3), "/op", .unknownOperator, "text"),
    .init(field("fields.due", "is", "2026-01-01"), "/op", .unknownOperator, "a date"),
    .init(field("fields.due", "within", ["last": "PT1H"]), "/value/last", .invalidWindow, "hours"),
    .init(field("fields.due", "on", "2026-02-30"), "/value", .invalidValue, "2026-02-30"),
    .init(field("signedUpAt", "on", "2026-02-01T10:00:00Z"), "/value", .invalidValue, "a date"),
    .init(field("signedUpAt", "before", "2026-02-01T10:00:00"), "/value", .invalidValue, "2026-02-01T10:00:00"),
    .init(field("signedUpAt", "between", ["2026-02-02", "2026-02-01"]), "/value", .invalidValue, "swap"),
    .init(field("signedUpAt", "within", "P30D"), "/value", .wrongType, "a window"),
    .init(field("signedUpAt", "within", [:]), "/value", .missingKey, "\"notLast\""),
    .init(field("signedUpAt", "within", ["past": "P1D"]), "/value/past", .unknownKey, "\"last\""),
    .init(field("signedUpAt", "within", ["last": "P1D", "next": "P1D"]), "/value", .severalForms, "several"),
    .init(field("signedUpAt", "within", ["last": "30 days"]), "/value/last", .invalidValue, "30 days"),
    .init(field("signedUpAt", "within", ["last": "P0D"]), "/value/last", .invalidValue, "P0D"),
]

private let badActivities: [BadDefinition] = [
    .init(["activity": "oder"], "/activity", .unknownActivity, "Did you mean \"order\"?"),
    .init(["activity": "activity:"], "/activity", .unknownActivity, "activity:NAME"),
    .init(order(["meassure": "total"]), "/meassure", .unknownKey, "Did you mean \"measure\"?"),
    .init(order(["measure": "totl"]), "/measure", .unknownMeasure, "Did you mean \"total\"?"),
    .init(["activity": "open", "measure": "total"], "/measure", .unknownMeasure, "\"count\""),
    .init(order(["op": "contains"]), "/op", .unknownOperator, "a number"),
    .init(order(["op": "between"]), "", .missingKey, "\"value\""),
    .init(order(["value": "two"]), "/value", .invalidValue, "two"),
    .init(order(["measure": "last"]), "", .missingKey, "\"op\""),
    .init(order(["measure": "last", "op": "at_least", "value": 1]), "/op", .unknownOperator, "an instant"),
    .init(
        order(["measure": "last", "op": "within", "value": ["next": "P1D"]]), "/value/next", .invalidWindow, "last"),
    .init(order(["within": ["next": "P1D"]]), "/within/next", .invalidWindow, "\"last\""),
    .init(order(["within": ["lasst": "P1D"]]), "/within/lasst", .unknownKey, "Did you mean \"last\"?"),
    .init(order(["where": ["field": "vendor", "op": "is", "value": "a"]]), "/where", .wrongType, "a list of filters"),
    .init(order(["where": [["field": "vendr", "op": "is", "value": "a"]]]), "/where/0/field", .unknownField, "vendor"),
    .init(order(["where": [["field": "vendor", "value": "a"]]]), "/where/0", .missingKey, "\"op\""),
    .init(
        order(["where": [["field": "amount", "op": "contains", "value": 1]]]), "/where/0/op", .unknownOperator,
        "at_most"),
    .init(
        order(["where": [["field": "status", "op": "is", "value": "payed"]]]), "/where/0/value", .invalidValue, "paid"),
    .init(
        ["activity": "open", "where": [["field": "product", "op": "is", "value": "a"]]], "/where/0/field",
        .unknownField, "\"campaign\" and \"url\""),
    .init(
        ["activity": "activity:x", "where": [["field": "at", "op": "before", "value": "2026-01-01"]]], "/where/0/op",
        .unknownOperator, "text"),
    .init(order(["measure": "netTotal", "within": ["last": "P1Y"]]), "/within", .unexpectedKey, "\"total\""),
    .init(
        order(["measure": "netTotal", "where": [["field": "store", "op": "is", "value": "a"]]]), "/where",
        .unexpectedKey, "\"total\""),
    .init(
        order(["measure": "total", "where": [["field": "currency", "op": "in", "value": ["EUR", "GBP"]]]]), "/where",
        .severalCurrencies, "one currency"),
    .init(
        order(["measure": "lineTotal", "where": [["field": "currency", "op": "is_not", "value": "EUR"]]]), "/where",
        .severalCurrencies, "one currency"),
]

@Suite("Definition errors")
struct DefinitionErrorTests {
    private static let types: [Identifier: FieldType] = ["score": .number, "due": .date]

    @Test("A bad definition is refused at its place, with a code and advice", arguments: badForms)
    func forms(_ bad: BadDefinition) throws { try expectRefusal(of: bad) }

    @Test("A bad field condition is refused at its place, with a code and advice", arguments: badFields)
    func fields(_ bad: BadDefinition) throws { try expectRefusal(of: bad) }

    @Test("A bad activity condition is refused at its place, with a code and advice", arguments: badActivities)
    func activities(_ bad: BadDefinition) throws { try expectRefusal(of: bad) }

    @Test("The bounds themselves are allowed")
    func bounds() throws {
        #expect(try Condition(parsing: nested(64)).depth == 64)
        let many = try Condition(parsing: ["any": .array(Array(repeating: ["tag": "a"], count: 1_000))])
        #expect(many.conditionCount == 1_000)
        _ = try Condition(parsing: ["tag": .string(String(repeating: "x", count: 4_096))])
        _ = try Condition(parsing: field("zip", "in", .array(Array(repeating: "1", count: 10_000))))
    }

    private func expectRefusal(of bad: BadDefinition) throws {
        let error = try #require(throws: DefinitionError.self) {
            try Condition(parsing: bad.definition, types: DefinitionErrorTests.types)
        }
        #expect(error.path == bad.path)
        #expect(error.code == bad.code)
        #expect(error.message.contains(bad.hint), "\(error.message)")
        #expect(error.message.hasSuffix(".") || error.message.hasSuffix("?"), "\(error.message)")
    }
}
