// The words of operators and windows.

extension Clause {
    static let blank = Clause("is", "is not", "blank")
}

extension TextTest {
    /// As it follows the name of a field: "is France or Germany".
    var clause: Clause {
        switch self {
        case .is(let operand): Clause("is", "is not", operand.spelling.asValue)
        case .isNot(let operand): TextTest.is(operand).clause.negated
        case .contains(let operand): Clause("contains", "does not contain", operand.spelling.asValue)
        case .doesNotContain(let operand): TextTest.contains(operand).clause.negated
        case .startsWith(let operand): Clause("starts with", "does not start with", operand.spelling.asValue)
        case .endsWith(let operand): Clause("ends with", "does not end with", operand.spelling.asValue)
        case .in(let operands):
            Clause(
                positive: "is " + joined(operands.map(\.spelling.asValue), by: "or"),
                negative: neither(operands.map(\.spelling.asValue)))
        case .notIn(let operands): TextTest.in(operands).clause.negated
        case .isBlank: .blank
        case .isNotBlank: Clause.blank.negated
        }
    }
}

extension NumberTest {
    /// As it follows the name of a field: "is at least 3".
    var clause: Clause {
        switch self {
        case .is(let operand): Clause("is", "is not", operand.description)
        case .isNot(let operand): NumberTest.is(operand).clause.negated
        case .in(let operands):
            Clause(
                positive: "is " + joined(operands.map(\.description), by: "or"),
                negative: neither(operands.map(\.description)))
        case .notIn(let operands): NumberTest.in(operands).clause.negated
        case .isBlank: .blank
        case .isNotBlank: Clause.blank.negated
        case .lessThan, .atMost, .greaterThan, .atLeast, .between: Clause("is", "is not", quantity)
        }
    }

    /// As a quantity: "at least 3", "exactly 2 or 3", "other than 5".
    var quantity: String {
        switch self {
        case .is(let operand): "exactly \(operand)"
        case .isNot(let operand): "other than \(operand)"
        case .lessThan(let operand): "less than \(operand)"
        case .atMost(let operand): "at most \(operand)"
        case .greaterThan(let operand): "more than \(operand)"
        case .atLeast(let operand): "at least \(operand)"
        case .between(let low, let high): "between \(low) and \(high)"
        case .in(let operands): "exactly \(joined(operands.map(\.description), by: "or"))"
        case .notIn(let operands): "other than \(joined(operands.map(\.description), by: "and"))"
        case .isBlank: "blank"
        case .isNotBlank: "not blank"
        }
    }

    /// True if the last number of the quantity is one, so that what it counts stands in the singular.
    var isSingular: Bool {
        switch self {
        case .is(let operand), .isNot(let operand), .lessThan(let operand), .atMost(let operand),
            .greaterThan(let operand), .atLeast(let operand):
            operand == Number(1)
        default: false
        }
    }
}

extension BooleanTest {
    var clause: Clause {
        switch self {
        case .is(let operand): Clause("is", "is not", operand ? "true" : "false")
        case .isBlank: .blank
        case .isNotBlank: Clause.blank.negated
        }
    }
}

extension ListTest {
    var clause: Clause {
        switch self {
        case .contains(let operand): Clause("contains", "does not contain", operand.spelling.asValue)
        case .doesNotContain(let operand): ListTest.contains(operand).clause.negated
        case .containsAll(let operands):
            Clause(
                "contains", "does not contain", "all of \(joined(operands.map(\.spelling.asValue), by: "and"))")
        case .isBlank: .blank
        case .isNotBlank: Clause.blank.negated
        }
    }
}

extension BirthdayTest {
    var clause: Clause {
        switch self {
        case .is(let day): Clause("is", "is not", day.description)
        case .within(.last(let period)): Clause("is", "is not", Window.last(period).phrase)
        case .within(.next(let period)): Clause("is", "is not", Window.next(period).phrase)
        case .monthIs(let month): Clause("is", "is not", "in \(LocalDate.monthNames[month - 1])")
        case .isBlank: .blank
        case .isNotBlank: Clause.blank.negated
        }
    }
}

extension DateTest {
    var clause: Clause {
        switch self {
        case .within(let window): Clause("is", "is not", window.phrase)
        case .notWithin(let window): DateTest.within(window).clause.negated
        case .isBlank: .blank
        case .isNotBlank: Clause.blank.negated
        }
    }
}

extension Window {
    /// As it follows a verb: "in the last 30 days".
    var phrase: String {
        switch self {
        case .last(let period): "in the last \(period.phraseAfterThe)"
        case .next(let period): "in the next \(period.phraseAfterThe)"
        case .notLast(let period): "at least \(period.phrase) ago"
        case .after(let bound): "after \(bound.phrase)"
        case .before(let bound): "before \(bound.phrase)"
        case .between(let low, let high): "between \(low.phrase) and \(high.phrase)"
        case .on(let day): "on \(day)"
        }
    }
}

extension Period {
    /// "year" instead of "1 year", as in "the last year".
    fileprivate var phraseAfterThe: String {
        let words = phrase.split(separator: " ")
        return words.count == 2 && words[0] == "1" ? String(words[1]) : phrase
    }
}

extension DateBound {
    fileprivate var phrase: String {
        switch self {
        case .day(let day): day.description
        case .instant(let instant): instant.description
        }
    }
}

/// "is not a", "is neither a nor b nor c".
private func neither(_ words: [String]) -> String {
    words.count == 1 ? "is not " + words.joined() : "is neither " + words.joined(separator: " nor ")
}
