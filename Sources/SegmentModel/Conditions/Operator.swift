/// The operators of conditions, under their names in JSON.
package enum Operator: String, CaseIterable {
    case `is`
    case isNot = "is_not"
    case contains
    case doesNotContain = "does_not_contain"
    case startsWith = "starts_with"
    case endsWith = "ends_with"
    case `in`
    case notIn = "not_in"
    case isBlank = "is_blank"
    case isNotBlank = "is_not_blank"
    case lessThan = "less_than"
    case atMost = "at_most"
    case greaterThan = "greater_than"
    case atLeast = "at_least"
    case between
    case on
    case before
    case after
    case within
    case notWithin = "not_within"
    case monthIs = "month_is"
    case containsAll = "contains_all"
}

/// What a compared value is taken to be, and so which operators it has.
package enum ValueType: CaseIterable {
    case text, number, boolean, day, instant, birthday, list

    init(_ declared: FieldType) {
        switch declared {
        case .text: self = .text
        case .number: self = .number
        case .boolean: self = .boolean
        case .date: self = .day
        case .instant: self = .instant
        case .list: self = .list
        }
    }

    /// The operators that such a value can be compared with.
    package var operators: [Operator] {
        switch self {
        case .text:
            [
                .is, .isNot, .contains, .doesNotContain, .startsWith, .endsWith, .in, .notIn, .isBlank, .isNotBlank,
            ]
        case .number:
            [
                .is, .isNot, .lessThan, .atMost, .greaterThan, .atLeast, .between, .in, .notIn, .isBlank, .isNotBlank,
            ]
        case .boolean: [.is, .isBlank, .isNotBlank]
        case .day, .instant: [.on, .before, .after, .between, .within, .notWithin, .isBlank, .isNotBlank]
        case .birthday: [.is, .within, .monthIs, .isBlank, .isNotBlank]
        case .list: [.contains, .doesNotContain, .containsAll, .isBlank, .isNotBlank]
        }
    }

    /// What it is called in messages.
    package var phrase: String {
        switch self {
        case .text: "text"
        case .number: "a number"
        case .boolean: "true or false"
        case .day: "a date"
        case .instant: "an instant"
        case .birthday: "a birthday"
        case .list: "a list of text"
        }
    }
}
