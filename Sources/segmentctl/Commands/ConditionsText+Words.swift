import SegmentModel

extension ValueType {
    /// What the type is called in the catalogue.
    var name: String {
        switch self {
        case .text: "text"
        case .number: "number"
        case .boolean: "boolean"
        case .day: "date"
        case .instant: "instant"
        case .birthday: "birthday"
        case .list: "list"
        }
    }
}

extension Operator {
    /// What is true of a value that satisfies it, and what its operand is.
    var explanation: String {
        switch self {
        case .is: "equals the value"
        case .isNot: "does not equal it"
        case .contains: "a text contains the part, a list the whole element"
        case .doesNotContain: "the opposite"
        case .startsWith: "begins with the part"
        case .endsWith: "ends with the part"
        case .in: "is one of a list: [\"FR\", \"BE\"]"
        case .notIn: "is none of a list"
        case .isBlank: "has no value; takes no \"value\""
        case .isNotBlank: "has a value; takes no \"value\""
        case .lessThan: "is below the number"
        case .atMost: "is the number or below it"
        case .greaterThan: "is above the number"
        case .atLeast: "is the number or above it"
        case .between: "lies from low to high, both included: [10, 20], [\"2026-01-01\", \"2026-01-31\"]"
        case .on: "is on the day: \"2026-01-31\""
        case .before: "is before the day or instant: \"2026-01-31T09:30:00Z\""
        case .after: "is after the day or instant"
        case .within: "lies in a window: {\"last\": \"P30D\"}; a birthday takes last and next"
        case .notWithin: "does not lie in a window"
        case .monthIs: "is in the month: 1 (January) to 12"
        case .containsAll: "contains every element of a list"
        }
    }
}

extension WindowKey {
    /// The operand as the catalogue shows it.
    var operand: String {
        switch self {
        case .last: "\"P30D\""
        case .next: "\"P7D\""
        case .notLast: "\"P8M\""
        case .after, .before: "T"
        case .between: "[T, U]"
        case .on: "DAY"
        }
    }

    /// When something lies in the window.
    var explanation: String {
        switch self {
        case .last: "within the last 30 days"
        case .next: "within the next 7 days; for fields only"
        case .notLast: "8 months ago or earlier"
        case .after: "after a day or an instant"
        case .before: "before a day or an instant"
        case .between: "from one day or instant to another, both included"
        case .on: "on that calendar day"
        }
    }
}

extension CampaignActivityKind {
    /// What happened.
    var explanation: String {
        switch self {
        case .sent: "it was sent to the contact"
        case .opened: "the contact opened it"
        case .clicked: "the contact clicked a link in it"
        case .bounced: "it came back"
        }
    }
}

extension Measure {
    /// What the value is, over the matching activities.
    var explanation: String {
        switch self {
        case .count: "how many there are"
        case .total: "sum of the amounts"
        case .average: "total divided by count"
        case .largest: "the largest amount"
        case .smallest: "the smallest amount"
        case .netTotal: "total less refunds that name no order; no \"where\", no \"within\""
        case .quantity: "sum of the quantities of matching lines"
        case .lineTotal: "sum of quantity times price of matching lines"
        case .averageQuantity: "quantity divided by count"
        case .products: "how many different products"
        case .first: "when the first one was; takes the operators of instants"
        case .last: "when the last one was; takes the operators of instants"
        case .daysSinceFirst: "whole spans of 24 hours since the first one"
        case .daysSinceLast: "whole spans of 24 hours since the last one"
        }
    }
}
