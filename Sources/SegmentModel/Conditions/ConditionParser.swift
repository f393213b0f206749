extension Condition {
    /// Reads the `where` of a definition.
    ///
    /// `types` are the known types of custom fields, by name without `fields.`; a field without one takes its type from
    /// operator and operand. The first mistake is reported with its place. Cost: linear in the document.
    public init(parsing value: JSONValue, types: [Identifier: FieldType] = [:]) throws(DefinitionError) {
        var parser = ConditionParser(types: types)
        self = try parser.condition(DefinitionNode(value: value, path: ""), depth: 1)
    }
}

/// Turns JSON into conditions; counts them on the way, so that no definition outgrows its bounds.
struct ConditionParser {
    let types: [Identifier: FieldType]
    private var conditionCount = 0

    init(types: [Identifier: FieldType]) {
        self.types = types
    }

    /// The keys that say which form a node has.
    private static let formKeys = ["all", "any", "not", "field", "tag", "segment", "activity"]
    private static let allKeys = formKeys + ["op", "value", "where", "within", "measure"]

    /// Reads one node. Recursion ends at `ConditionLimits.depthMax`.
    mutating func condition(_ node: DefinitionNode, depth: Int) throws(DefinitionError) -> Condition {
        guard depth <= ConditionLimits.depthMax else {
            throw node.error(.tooDeep, "Conditions are nested deeper than \(ConditionLimits.depthMax) levels.")
        }
        let object = try node.object("a condition such as {\"tag\": \"vip\"}")
        switch try ConditionParser.form(of: object) {
        case "all": return .all(try gate("all", object, depth: depth))
        case "any": return .any(try gate("any", object, depth: depth))
        case "not":
            try object.allowOnly(["not"], in: "The form \"not\"")
            return .not(try condition(object.required("not", of: "\"not\""), depth: depth + 1))
        default: return try leaf(object)
        }
    }

    private mutating func gate(_ key: String, _ object: DefinitionObject, depth: Int) throws(DefinitionError)
        -> [Condition]
    {
        try object.allowOnly([key], in: "The form \"\(key)\"")
        let node = try object.required(key, of: "\"\(key)\"")
        var children: [Condition] = []
        for child in try node.list("a list of conditions") {
            children.append(try condition(child, depth: depth + 1))
        }
        return children
    }

    private mutating func leaf(_ object: DefinitionObject) throws(DefinitionError) -> Condition {
        conditionCount += 1
        guard conditionCount <= ConditionLimits.conditionCountMax else {
            throw DefinitionError(
                path: object.path, code: .tooManyConditions,
                message: "There are more than \(ConditionLimits.conditionCountMax) conditions.")
        }
        if object.has("field") { return .field(try fieldCondition(object)) }
        if object.has("activity") { return .activity(try activityCondition(object)) }
        if object.has("tag") {
            try object.allowOnly(["tag"], in: "The form \"tag\"")
            return .tag(TextOperand(try object.required("tag", of: "\"tag\"").text("the text of a tag")))
        }
        try object.allowOnly(["segment"], in: "The form \"segment\"")
        return .segment(try object.required("segment", of: "\"segment\"").text("the id or name of a saved segment"))
    }

    /// The one form key of the node.
    private static func form(of object: DefinitionObject) throws(DefinitionError) -> String {
        let forms = formKeys.filter(object.has)
        if let form = forms.first, forms.count == 1 { return form }
        guard forms.isEmpty else {
            throw DefinitionError(
                path: object.path, code: .severalForms,
                message: "A condition has one form, this one has keys of several: \(quotedList(forms)).")
        }
        let expected = "a condition has one of the keys \(quotedList(formKeys))"
        guard let key = object.keys.first(where: { !allKeys.contains($0) }) else {
            throw DefinitionError(
                path: object.path, code: .missingKey, message: "The condition has no form: \(expected).")
        }
        throw DefinitionError(
            path: object.path + "/" + JSONPointer.escaped(key), code: .unknownKey,
            message: "There is no form \"\(key)\": \(expected).\(didYouMean(key, among: formKeys))")
    }
}
