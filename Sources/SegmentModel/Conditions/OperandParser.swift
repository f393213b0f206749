/// Reads `op` and `value` of one object as an operator of a given type with its operand.
struct OperandParser {
    let object: DefinitionObject
    let form: String
    /// Where the operator is named; without one, the object.
    let operatorNode: DefinitionNode
    let op: Operator
    /// What an absent `value` stands for, where the form has a default.
    let valueByDefault: JSONValue?

    init(
        _ object: DefinitionObject, of form: String, operatorByDefault: Operator? = nil,
        valueByDefault: JSONValue? = nil
    ) throws(DefinitionError) {
        self.object = object
        self.form = form
        self.valueByDefault = valueByDefault
        if object.member("op") == nil, let operatorByDefault {
            operatorNode = DefinitionNode(value: .string(operatorByDefault.rawValue), path: object.path)
            op = operatorByDefault
            return
        }
        operatorNode = try object.required("op", of: form)
        guard let name = operatorNode.value.stringValue else {
            throw operatorNode.wrongType("the name of an operator")
        }
        guard let op = Operator(rawValue: name) else {
            let names = Operator.allCases.map(\.rawValue)
            throw operatorNode.error(
                .unknownOperator,
                "There is no operator \"\(name)\"; operators are \(quotedList(names))."
                    + didYouMean(name, among: names))
        }
        self.op = op
    }

    /// The operand, required.
    func value() throws(DefinitionError) -> DefinitionNode {
        if let node = object.member("value") { return node }
        if let valueByDefault { return DefinitionNode(value: valueByDefault, path: object.path) }
        throw DefinitionError(
            path: object.path, code: .missingKey,
            message: "The key \"value\" is missing: the operator \"\(op.rawValue)\" compares with something.")
    }

    /// The operand of operators that compare with several values, where no default applies.
    func listValue() throws(DefinitionError) -> DefinitionNode {
        try object.required("value", of: "the operator \"\(op.rawValue)\"")
    }

    /// Refuses an operand beside `is_blank` and `is_not_blank`.
    func noValue() throws(DefinitionError) {
        guard let node = object.member("value") else { return }
        throw node.error(.unexpectedKey, "The operator \"\(op.rawValue)\" takes no value; leave \"value\" out.")
    }

    /// The error of an operator that values of this type do not have.
    func unfit(_ type: ValueType) -> DefinitionError {
        let names = type.operators.map(\.rawValue)
        return operatorNode.error(
            .unknownOperator,
            "The operator \"\(op.rawValue)\" does not apply here: the value is \(type.phrase), compared with "
                + "\(quotedList(names)).\(didYouMean(op.rawValue, among: names))")
    }

    /// For texts that can only be one of a few names: refuses an operand that is none of them.
    func checkNames(_ names: [String]) throws(DefinitionError) {
        guard [.is, .isNot, .in, .notIn].contains(op), let operand = object.member("value") else { return }
        let isList = op == .in || op == .notIn
        for node in isList ? try operand.list("a list of names") : [operand] {
            let name = try node.text("one of \(quotedList(names))")
            guard names.contains(TextFolding.folded(name)) else {
                throw node.error(
                    .invalidValue,
                    "There is no status \"\(name)\"; it is one of \(quotedList(names))."
                        + didYouMean(name, among: names))
            }
        }
    }

    /// What an operand without a declared type is compared as.
    enum Guess {
        case blank(BlankTest)
        case type(ValueType)
        /// Only dates have the operator, and only a declaration makes a date.
        case dateOnly
    }

    /// The type that operator and operand speak of.
    func guessedType() throws(DefinitionError) -> Guess {
        switch op {
        case .isBlank, .isNotBlank:
            try noValue()
            return .blank(op == .isBlank ? .isBlank : .isNotBlank)
        // Only the contact's birthday has a month: as text the operator is refused.
        case .contains, .doesNotContain, .startsWith, .endsWith, .monthIs: return .type(.text)
        case .containsAll: return .type(.list)
        case .lessThan, .atMost, .greaterThan, .atLeast: return .type(.number)
        case .on, .before, .after, .within, .notWithin: return .dateOnly
        case .is, .isNot: return .type(OperandParser.type(of: try value().value))
        case .in, .notIn: return .type(OperandParser.type(of: try value().list("a list of values")[0].value))
        case .between:
            let isText = try value().list("two numbers [low, high]")[0].value.stringValue != nil
            return isText ? .dateOnly : .type(.number)
        }
    }

    private static func type(of operand: JSONValue) -> ValueType {
        switch operand {
        case .number: .number
        case .bool: .boolean
        default: .text
        }
    }
}
