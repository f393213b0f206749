extension ConditionParser {
    func fieldCondition(_ object: DefinitionObject) throws(DefinitionError) -> FieldCondition {
        let form = "The form \"field\""
        try object.allowOnly(["field", "op", "value"], in: form)
        let node = try object.required("field", of: form)
        let (field, type) = try contactField(node)
        let operand = try OperandParser(object, of: form)
        guard let type else {
            return FieldCondition(field: field, test: try undeclaredTest(operand, field: field))
        }
        if field == .attribute(.known(.status)) { try operand.checkNames(ContactStatus.allCases.map(\.rawValue)) }
        return FieldCondition(field: field, test: try fieldTest(operand, type: type))
    }

    private func fieldTest(_ operand: OperandParser, type: ValueType) throws(DefinitionError) -> FieldTest {
        switch type {
        case .text: .text(try operand.textTest())
        case .number: .number(try operand.numberTest())
        case .boolean: .boolean(try operand.booleanTest())
        case .day: .day(try operand.dateTest(.day))
        case .instant: .instant(try operand.dateTest(.instant))
        case .birthday: .birthday(try operand.birthdayTest())
        case .list: .list(try operand.listTest())
        }
    }

    private func undeclaredTest(_ operand: OperandParser, field: ContactField) throws(DefinitionError) -> FieldTest {
        switch try operand.guessedType() {
        case .blank(let test): .untyped(test)
        case .type(let type): try fieldTest(operand, type: type)
        case .dateOnly:
            throw operand.operatorNode.error(
                .undeclaredField,
                "\(operand.operatorNode.shown) compares dates, but \"\(field.path)\" is not declared as one: declare "
                    + "the field's type as \"date\" or \"instant\" in the audience's settings first.")
        }
    }

    /// The field, with its type unless it is a custom field nobody declared.
    private func contactField(_ node: DefinitionNode) throws(DefinitionError) -> (ContactField, ValueType?) {
        let path = try node.text("the name of a field")
        if let known = ContactField.known.first(where: { $0.field.path == path }) { return (known.field, known.type) }
        let prefix = ConditionParser.customPrefix
        guard path.hasPrefix(prefix), path.utf8.count > prefix.utf8.count else { throw unknownField(node, path) }
        let name = String(path.dropFirst(prefix.count))
        return (.attribute(.custom(name)), types[Identifier(name)].map(ValueType.init))
    }

    private func unknownField(_ node: DefinitionNode, _ path: String) -> DefinitionError {
        let known = ContactField.known.map(\.field.path)
        let custom = types.keys.map(\.text).sorted().map { ConditionParser.customPrefix + $0 }
        let isCustomWithoutPrefix = types[Identifier(path)] != nil
        let advice =
            isCustomWithoutPrefix
            ? " Did you mean \"\(ConditionParser.customPrefix)\(path)\"?" : didYouMean(path, among: known + custom)
        return node.error(
            .unknownField,
            "There is no field \"\(path)\"; fields are \(quotedList(known)), and \"fields.NAME\" for custom ones."
                + advice)
    }

    private static let customPrefix = "fields."
}

extension ContactField {
    /// The fields that every contact can have, with the type each is compared as.
    package static let known: [(field: ContactField, type: ValueType)] =
        KnownAttribute.allCases.map { (.attribute(.known($0)), $0.type) } + [
            (.emailDomain, .text), (.firstSeenAt, .instant), (.tags, .list),
        ]
}

extension KnownAttribute {
    fileprivate var type: ValueType {
        switch self {
        case .email, .status, .language, .country, .region, .city, .zip, .signupSource: .text
        case .rating, .latitude, .longitude: .number
        case .vip: .boolean
        case .signedUpAt: .instant
        case .birthday: .birthday
        }
    }
}
