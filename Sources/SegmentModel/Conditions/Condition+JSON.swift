extension Condition {
    /// The canonical JSON form: keys in a fixed order, defaults left out, numbers and periods in shortest form.
    ///
    /// Reading it back gives an equal condition.
    public var json: JSONValue {
        switch self {
        case .all(let children): ["all": .array(children.map(\.json))]
        case .any(let children): ["any": .array(children.map(\.json))]
        case .not(let child): ["not": child.json]
        case .tag(let tag): ["tag": tag.json]
        case .segment(let reference): ["segment": .string(reference)]
        case .field(let condition):
            object([("field", .string(condition.field.path))], condition.test.comparison)
        case .activity(let condition): condition.json
        }
    }
}

/// An operator with its operand, if it has one.
private struct Comparison {
    var op: Operator
    var value: JSONValue?

    init(_ op: Operator, _ value: JSONValue? = nil) {
        self.op = op
        self.value = value
    }
}

/// The members and after them `op` and `value`.
private func object(_ members: [(String, JSONValue)], _ comparison: Comparison?) -> JSONValue {
    var members = members
    if let comparison {
        members.append(("op", .string(comparison.op.rawValue)))
        if let value = comparison.value { members.append(("value", value)) }
    }
    return .object(members.map { JSONValue.Member($0.0, $0.1) })
}

extension ActivityCondition {
    fileprivate var json: JSONValue {
        var members: [(String, JSONValue)] = [("activity", .string(activity.text))]
        if !filters.isEmpty { members.append(("where", .array(filters.map(\.json)))) }
        if let window { members.append(("within", window.json)) }
        if measure != .count { members.append(("measure", .string(measure.rawValue))) }
        guard case .number(.atLeast(let operand)) = test else { return object(members, test.comparison) }
        // at_least is the default operator, 1 its default operand.
        if operand != Number(1) { members.append(("value", operand.json)) }
        return object(members, nil)
    }
}

extension ActivityFilter {
    fileprivate var json: JSONValue {
        object([("field", .string(field.path))], test.comparison)
    }
}

extension Window {
    fileprivate var json: JSONValue {
        switch self {
        case .last(let period): ["last": .string(period.description)]
        case .next(let period): ["next": .string(period.description)]
        case .notLast(let period): ["notLast": .string(period.description)]
        case .after(let bound): ["after": bound.json]
        case .before(let bound): ["before": bound.json]
        case .between(let low, let high): ["between": [low.json, high.json]]
        case .on(let day): ["on": .string(day.description)]
        }
    }
}

extension FieldTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .text(let test): test.comparison
        case .number(let test): test.comparison
        case .boolean(let test): test.comparison
        case .day(let test), .instant(let test): test.comparison
        case .birthday(let test): test.comparison
        case .list(let test): test.comparison
        case .untyped(let test): test.comparison
        }
    }
}

extension FilterTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .text(let test): test.comparison
        case .number(let test): test.comparison
        case .boolean(let test): test.comparison
        case .untyped(let test): test.comparison
        }
    }
}

extension MeasureTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .number(let test): test.comparison
        case .instant(let test): test.comparison
        }
    }
}

extension TextTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .is(let operand): Comparison(.is, operand.json)
        case .isNot(let operand): Comparison(.isNot, operand.json)
        case .contains(let operand): Comparison(.contains, operand.json)
        case .doesNotContain(let operand): Comparison(.doesNotContain, operand.json)
        case .startsWith(let operand): Comparison(.startsWith, operand.json)
        case .endsWith(let operand): Comparison(.endsWith, operand.json)
        case .in(let operands): Comparison(.in, .array(operands.map(\.json)))
        case .notIn(let operands): Comparison(.notIn, .array(operands.map(\.json)))
        case .isBlank: Comparison(.isBlank)
        case .isNotBlank: Comparison(.isNotBlank)
        }
    }
}

extension NumberTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .is(let operand): Comparison(.is, operand.json)
        case .isNot(let operand): Comparison(.isNot, operand.json)
        case .lessThan(let operand): Comparison(.lessThan, operand.json)
        case .atMost(let operand): Comparison(.atMost, operand.json)
        case .greaterThan(let operand): Comparison(.greaterThan, operand.json)
        case .atLeast(let operand): Comparison(.atLeast, operand.json)
        case .between(let low, let high): Comparison(.between, [low.json, high.json])
        case .in(let operands): Comparison(.in, .array(operands.map(\.json)))
        case .notIn(let operands): Comparison(.notIn, .array(operands.map(\.json)))
        case .isBlank: Comparison(.isBlank)
        case .isNotBlank: Comparison(.isNotBlank)
        }
    }
}

extension BooleanTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .is(let operand): Comparison(.is, .bool(operand))
        case .isBlank: Comparison(.isBlank)
        case .isNotBlank: Comparison(.isNotBlank)
        }
    }
}

extension BlankTest {
    fileprivate var comparison: Comparison {
        Comparison(self == .isBlank ? .isBlank : .isNotBlank)
    }
}

extension ListTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .contains(let operand): Comparison(.contains, operand.json)
        case .doesNotContain(let operand): Comparison(.doesNotContain, operand.json)
        case .containsAll(let operands): Comparison(.containsAll, .array(operands.map(\.json)))
        case .isBlank: Comparison(.isBlank)
        case .isNotBlank: Comparison(.isNotBlank)
        }
    }
}

extension BirthdayTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .is(let operand): Comparison(.is, .string(operand.description))
        case .within(.last(let period)): Comparison(.within, Window.last(period).json)
        case .within(.next(let period)): Comparison(.within, Window.next(period).json)
        case .monthIs(let month): Comparison(.monthIs, Number(month).json)
        case .isBlank: Comparison(.isBlank)
        case .isNotBlank: Comparison(.isNotBlank)
        }
    }
}

extension DateTest {
    fileprivate var comparison: Comparison {
        switch self {
        case .within(.after(let bound)): Comparison(.after, bound.json)
        case .within(.before(let bound)): Comparison(.before, bound.json)
        case .within(.between(let low, let high)): Comparison(.between, [low.json, high.json])
        case .within(.on(let day)): Comparison(.on, .string(day.description))
        case .within(let window): Comparison(.within, window.json)
        case .notWithin(let window): Comparison(.notWithin, window.json)
        case .isBlank: Comparison(.isBlank)
        case .isNotBlank: Comparison(.isNotBlank)
        }
    }
}

extension TextOperand {
    fileprivate var json: JSONValue { .string(spelling) }
}

extension Number {
    fileprivate var json: JSONValue { .number(description) }
}

extension DateBound {
    fileprivate var json: JSONValue {
        switch self {
        case .day(let day): .string(day.description)
        case .instant(let instant): .string(instant.description)
        }
    }
}
