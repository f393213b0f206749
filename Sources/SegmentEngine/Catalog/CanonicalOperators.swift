internal import SegmentModel

// Negative operators become the negation of their positive, lists are sorted and free of repetitions. Only what
// `ReferenceEvaluator` says for every value, blanks included.

extension TextTest {
    var canonical: Canonical<TextTest> {
        switch self {
        case .is(let operand): .positive(.is(operand.canonical))
        case .isNot(let operand): TextTest.is(operand).canonical.negated
        case .contains(let operand): .positive(.contains(operand.canonical))
        case .doesNotContain(let operand): TextTest.contains(operand).canonical.negated
        case .startsWith(let operand): .positive(.startsWith(operand.canonical))
        case .endsWith(let operand): .positive(.endsWith(operand.canonical))
        case .in(let operands): TextTest.canonicalList(operands)
        case .notIn(let operands): TextTest.in(operands).canonical.negated
        case .isBlank: TextTest.isNotBlank.canonical.negated
        case .isNotBlank: .positive(.isNotBlank)
        }
    }

    private static func canonicalList(_ operands: [TextOperand]) -> Canonical<TextTest> {
        let operands = operands.canonicalSet
        guard let first = operands.first else { return .constant(false) }
        return .positive(operands.count == 1 ? .is(first) : .in(operands))
    }

    /// The operator that says the opposite, if there is one.
    fileprivate var complement: TextTest? {
        switch self {
        case .is(let operand): .isNot(operand)
        case .contains(let operand): .doesNotContain(operand)
        case .in(let operands): .notIn(operands)
        case .isNotBlank: .isBlank
        default: nil
        }
    }
}

extension TextOperand {
    /// Without the case it was spelt in, if the folded text folds to itself; a few do not.
    var canonical: TextOperand {
        let folded = TextOperand(folded)
        return folded.folded.hasSameBytes(as: self.folded) ? folded : self
    }
}

extension [TextOperand] {
    /// Sorted by what is compared, each once.
    var canonicalSet: [TextOperand] {
        let sorted = map(\.canonical).sorted {
            $0.folded.hasSameBytes(as: $1.folded)
                ? $0.spelling.precedesByBytes($1.spelling) : $0.folded.precedesByBytes($1.folded)
        }
        var distinct: [TextOperand] = []
        for operand in sorted where !(distinct.last?.folded.hasSameBytes(as: operand.folded) ?? false) {
            distinct.append(operand)
        }
        return distinct
    }
}

extension BooleanTest {
    var canonical: Canonical<BooleanTest> {
        switch self {
        case .is, .isNotBlank: .positive(self)
        case .isBlank: .test(.isNotBlank, isNegated: true)
        }
    }
}

extension BlankTest {
    var canonical: Canonical<BlankTest> { .test(.isNotBlank, isNegated: self == .isBlank) }
}

extension ListTest {
    var canonical: Canonical<ListTest> {
        switch self {
        case .contains(let operand): .positive(.contains(operand.canonical))
        case .doesNotContain(let operand): .test(.contains(operand.canonical), isNegated: true)
        case .containsAll(let operands): ListTest.canonicalAll(operands)
        case .isBlank: .test(.isNotBlank, isNegated: true)
        case .isNotBlank: .positive(.isNotBlank)
        }
    }

    private static func canonicalAll(_ operands: [TextOperand]) -> Canonical<ListTest> {
        let operands = operands.canonicalSet
        guard let first = operands.first else { return .constant(true) }
        return .positive(operands.count == 1 ? .contains(first) : .containsAll(operands))
    }
}

extension BirthdayTest {
    var canonical: Canonical<BirthdayTest> {
        switch self {
        case .is, .monthIs, .isNotBlank: .positive(self)
        case .within(.last(let period)): .positive(.within(.last(period.canonical)))
        case .within(.next(let period)): .positive(.within(.next(period.canonical)))
        case .isBlank: .test(.isNotBlank, isNegated: true)
        }
    }
}

extension DateTest {
    var canonical: Canonical<DateTest> {
        switch self {
        case .within(let window): .positive(.within(window.canonical))
        case .notWithin(let window): .test(.within(window.canonical), isNegated: true)
        case .isBlank: .test(.isNotBlank, isNegated: true)
        case .isNotBlank: .positive(.isNotBlank)
        }
    }
}

extension Window {
    var canonical: Window {
        switch self {
        case .last(let period): .last(period.canonical)
        case .next(let period): .next(period.canonical)
        case .notLast(let period): .notLast(period.canonical)
        case .after, .before, .between, .on: self
        }
    }
}

extension Period {
    /// The same step in as few units as can be: 14 days for 2 weeks, 1 year for 12 months, 1 hour for 60 minutes.
    ///
    /// Days never become months nor hours days: those are other steps.
    var canonical: Period {
        let months = years * 12 + months
        let seconds = (hours * 60 + minutes) * 60 + seconds
        return Period(
            years: months / 12, months: months % 12, days: weeks * 7 + days, hours: seconds / 3_600,
            minutes: seconds / 60 % 60, seconds: seconds % 60) ?? self
    }
}

extension FilterTest {
    /// Filters are parts of a condition, so they stay tests; a negated one is written with its negative operator.
    var canonical: FilterTest {
        switch self {
        case .text(let test):
            guard case .test(let positive, let isNegated) = test.canonical else { return self }
            return .text(isNegated ? positive.complement ?? test : positive)
        case .number(let test):
            guard case .test(let positive, let isNegated) = test.canonical(in: .plain) else { return self }
            return .number(isNegated ? positive.complement ?? test : positive)
        case .boolean, .untyped: return self
        }
    }
}

extension [ActivityFilter] {
    /// In an order of their own, each once: all of them hold together.
    var canonical: [ActivityFilter] {
        let filters = map { ActivityFilter(field: $0.field, test: $0.test.canonical) }
        guard filters.count > 1 else { return filters }
        let keyed = filters.map { (key: $0.sortKey, filter: $0) }.sorted { $0.key.precedesByBytes($1.key) }
        var distinct: [(key: String, filter: ActivityFilter)] = []
        for entry in keyed {
            let isRepeated = distinct.last.map {
                $0.key.hasSameBytes(as: entry.key) && $0.filter == entry.filter
            }
            if isRepeated != true { distinct.append(entry) }
        }
        return distinct.map(\.filter)
    }
}

extension ActivityFilter {
    /// Differs wherever filters that a definition can hold differ.
    fileprivate var sortKey: String {
        Condition.activity(ActivityCondition(activity: .order, filters: [self])).json.text
    }
}
