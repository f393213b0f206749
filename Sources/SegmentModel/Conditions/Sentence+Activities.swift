extension ActivityCondition {
    /// As it follows "a contact who": "has ordered at least 2 times with vendor Acme in the last year".
    var clause: Clause {
        switch test {
        case .instant(let test): occurrenceClause(test)
        case .number(.isBlank): blankClause
        case .number(.isNotBlank): blankClause.negated
        case .number(let test): numberClause(test)
        }
    }

    private func numberClause(_ test: NumberTest) -> Clause {
        let quantity = test.quantity
        switch measure {
        case .count: return countClause(test)
        case .total: return has("spent \(quantity) in total", on: "orders")
        case .average: return has("spent \(quantity) per order on average", on: "orders")
        case .netTotal: return has("spent \(quantity) in total net of refunds", on: "orders")
        case .lineTotal: return has("spent \(quantity) on items" + filterPhrase + windowPhrase)
        case .largest, .smallest: return hasOne("of \(quantity)" + windowPhrase)
        case .quantity: return has("ordered \(quantity) \(items(test)) in total" + filterPhrase + windowPhrase)
        case .averageQuantity:
            return has("ordered \(quantity) \(items(test)) per order on average" + filterPhrase + windowPhrase)
        case .products:
            let noun = test.isSingular ? "different product" : "different products"
            return has("ordered \(quantity) \(noun)" + filterPhrase + windowPhrase)
        case .daysSinceFirst, .daysSinceLast:
            let days = test.isSingular ? "whole day" : "whole days"
            return hasOne("\(quantity) \(days) ago" + windowPhrase(after: " among those "))
        case .first, .last: return blankClause.negated
        }
    }

    /// "has ordered", "has ordered at least 2 times", "has not ordered".
    private func countClause(_ test: NumberTest) -> Clause {
        let rest = filterPhrase + windowPhrase
        switch test {
        case .atLeast(Number(1)), .greaterThan(.zero): return has(activity.participle + rest)
        case .is(.zero), .atMost(.zero), .lessThan(Number(1)): return has(activity.participle + rest).negated
        default:
            return has("\(activity.participle) \(test.quantity) \(test.isSingular ? "time" : "times")" + rest)
        }
    }

    private func occurrenceClause(_ test: DateTest) -> Clause {
        switch test {
        case .within(let window): hasOne(window.phrase + windowPhrase(after: " among those "))
        case .notWithin(let window): occurrenceClause(.within(window)).negated
        case .isBlank: blankClause
        case .isNotBlank: blankClause.negated
        }
    }

    /// Nothing matched, so there is no value.
    private var blankClause: Clause {
        switch measure {
        case .first, .last, .largest, .smallest: hasOne(windowPhrase(after: "")).negated
        default:
            Clause("is", "is not", "blank")
                .preceded(by: "\(measure.noun) of \(activity.plural)" + filterPhrase + windowPhrase)
        }
    }

    private func has(_ rest: String) -> Clause {
        Clause("has", "has not", rest)
    }

    /// What is spent is spent on orders; said only where it narrows.
    private func has(_ rest: String, on noun: String) -> Clause {
        has(rest + (filters.isEmpty ? "" : " on \(noun)" + filterPhrase) + windowPhrase)
    }

    /// "has a last order with vendor Acme" and "has no last order with vendor Acme".
    private func hasOne(_ rest: String) -> Clause {
        let noun = "\(measure.ordinal) \(activity.noun)" + filterPhrase
        return Clause("has a", "has no", rest.isEmpty ? noun : noun + " " + rest)
    }

    private func items(_ test: NumberTest) -> String {
        test.isSingular ? "item" : "items"
    }

    private var windowPhrase: String { windowPhrase(after: " ") }

    private func windowPhrase(after space: String) -> String {
        window.map { space + $0.phrase } ?? ""
    }

    /// What filters ask for, as it follows an activity: " with vendor Acme".
    var filterPhrase: String {
        filters.isEmpty ? "" : " with " + joined(filters.map(\.phrase), by: "and")
    }
}

extension ActivityFilter {
    /// As it follows "with": "vendor Acme", "price at least 10", "title containing tea".
    fileprivate var phrase: String {
        let name = field.phrase
        return switch test {
        case .text(let test): test.phrase(of: name)
        case .number(.isBlank), .untyped(.isBlank): "blank \(name)"
        case .number(.isNotBlank), .untyped(.isNotBlank): "any \(name)"
        case .number(let test): "\(name) \(test.quantity)"
        case .boolean(.is(let operand)): "\(name) \(operand ? "true" : "false")"
        case .boolean(.isBlank): "blank \(name)"
        case .boolean(.isNotBlank): "any \(name)"
        }
    }
}

extension TextTest {
    fileprivate func phrase(of name: String) -> String {
        switch self {
        case .is(let operand): "\(name) \(operand.spelling.asValue)"
        case .isNot(let operand): "\(name) other than \(operand.spelling.asValue)"
        case .contains(let operand): "\(name) containing \(operand.spelling.asValue)"
        case .doesNotContain(let operand): "\(name) not containing \(operand.spelling.asValue)"
        case .startsWith(let operand): "\(name) starting with \(operand.spelling.asValue)"
        case .endsWith(let operand): "\(name) ending with \(operand.spelling.asValue)"
        case .in(let operands): "\(name) \(joined(operands.map(\.spelling.asValue), by: "or"))"
        case .notIn(let operands): "\(name) other than \(joined(operands.map(\.spelling.asValue), by: "and"))"
        case .isBlank: "blank \(name)"
        case .isNotBlank: "any \(name)"
        }
    }
}

extension FilterField {
    fileprivate var phrase: String {
        if case .property(let name) = self { return name.asValue }
        return path
    }
}

extension ActivityName {
    /// As it follows "has": "ordered".
    fileprivate var participle: String {
        switch self {
        case .order: "ordered"
        case .campaign(.sent): "been sent a campaign"
        case .campaign(.opened): "opened a campaign"
        case .campaign(.clicked): "clicked in a campaign"
        case .campaign(.bounced): "had a campaign bounce"
        case .recorded(let name): "done \(name.inQuotes)"
        }
    }

    /// One of them, as it follows "last".
    var noun: String {
        switch self {
        case .order: "order"
        case .campaign(.sent): "campaign received"
        case .campaign(.opened): "campaign open"
        case .campaign(.clicked): "campaign click"
        case .campaign(.bounced): "campaign bounce"
        case .recorded(let name): name.inQuotes
        }
    }

    /// Several of them.
    var plural: String {
        switch self {
        case .order: "orders"
        case .campaign(.sent): "campaigns received"
        case .campaign(.opened): "campaign opens"
        case .campaign(.clicked): "campaign clicks"
        case .campaign(.bounced): "campaign bounces"
        case .recorded(let name): name.inQuotes
        }
    }
}

extension Measure {
    /// As it precedes "order".
    fileprivate var ordinal: String {
        switch self {
        case .largest: "largest"
        case .smallest: "smallest"
        case .first, .daysSinceFirst: "first"
        default: "last"
        }
    }

    /// The measure's name in English.
    var noun: String {
        switch self {
        case .count: "the number"
        case .total: "the total"
        case .average: "the average amount"
        case .largest: "the largest amount"
        case .smallest: "the smallest amount"
        case .netTotal: "the net total"
        case .quantity: "the number of items"
        case .lineTotal: "the total of items"
        case .averageQuantity: "the average number of items"
        case .products: "the number of different products"
        case .first: "the first"
        case .last: "the last"
        case .daysSinceFirst: "the number of days since the first"
        case .daysSinceLast: "the number of days since the last"
        }
    }
}
