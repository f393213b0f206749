internal import SegmentModel

/// The numbers that pass a test, and whether a blank does.
struct NumberSet {
    /// Ascending, without overlaps.
    private var ranges: [NumberRange]
    private var hasBlank: Bool

    /// What passes a positive test, or its negation.
    init(_ test: NumberTest, isNegated: Bool) {
        let ranges: [NumberRange] =
            switch test {
            case .is(let operand): [.exactly(operand)]
            case .in(let operands): Set(operands).sorted().map { .exactly($0) }
            case .lessThan(let operand): [.below(operand, isClosed: false)]
            case .atMost(let operand): [.below(operand, isClosed: true)]
            case .greaterThan(let operand): [.above(operand, isClosed: false)]
            case .atLeast(let operand): [.above(operand, isClosed: true)]
            case .between(let low, let high):
                [
                    NumberRange(
                        low: NumberBound(number: low, isClosed: true), high: NumberBound(number: high, isClosed: true))
                ]
            case .isNotBlank, .isNot, .notIn, .isBlank: [NumberRange()]
            }
        self.ranges = isNegated ? NumberSet.complement(ranges) : ranges
        hasBlank = isNegated
        // Negative operators are none of the canonical ones: whatever is not known may hold.
        switch test {
        case .isNot, .notIn, .isBlank: (self.ranges, hasBlank) = ([NumberRange()], true)
        default: break
        }
    }

    /// Whether no number of the domain, up to the limit, and no blank that it allows is in both.
    func isDisjoint(_ other: NumberSet, in domain: NumberDomain, limit: Number? = nil) -> Bool {
        if hasBlank, other.hasBlank, !domain.isNeverBlank { return false }
        let limits = NumberRange(high: limit.map { NumberBound(number: $0, isClosed: true) })
        return ranges.allSatisfy { range in
            other.ranges.allSatisfy { range.intersection($0).intersection(limits).narrowed(to: domain).isEmpty }
        }
    }

    private static func complement(_ ranges: [NumberRange]) -> [NumberRange] {
        var gaps: [NumberRange] = []
        var low: NumberBound?
        for range in ranges {
            if let end = range.low {
                gaps.append(NumberRange(low: low, high: NumberBound(number: end.number, isClosed: !end.isClosed)))
            }
            guard let end = range.high else { return gaps }
            low = NumberBound(number: end.number, isClosed: !end.isClosed)
        }
        return gaps + [NumberRange(low: low)]
    }
}

extension NumberRange {
    /// What is in both.
    func intersection(_ other: NumberRange) -> NumberRange {
        NumberRange(
            low: [low, other.low].compactMap { $0 }.max { left, right in
                left.number == right.number ? left.isClosed && !right.isClosed : left.number < right.number
            },
            high: [high, other.high].compactMap { $0 }.min { left, right in
                left.number == right.number ? !left.isClosed && right.isClosed : left.number < right.number
            })
    }
}

/// Whether no text passes both tests, each positive or negated; `names` are all texts there can be, if known.
func textsExclude(
    _ left: TextTest, _ isLeftNegated: Bool, _ right: TextTest, _ isRightNegated: Bool, among names: [String]?
) -> Bool {
    func passes(_ text: String) -> Bool {
        left.holds(for: text) != isLeftNegated && right.holds(for: text) != isRightNegated
    }
    if let names { return !names.contains(where: passes) }
    if let texts = (isLeftNegated ? nil : left.only) ?? (isRightNegated ? nil : right.only) {
        return !texts.contains { passes($0.spelling) }
    }
    switch (left, isLeftNegated, right, isRightNegated) {
    // An element of a list may be contained where there is no text.
    case (.contains, _, _, _), (_, _, .contains, _): return false
    case (.isNotBlank, true, _, false), (_, false, .isNotBlank, true): return true
    case (.startsWith(let one), false, .startsWith(let two), false):
        return !one.folded.utf8.starts(with: two.folded.utf8) && !two.folded.utf8.starts(with: one.folded.utf8)
    case (.startsWith(let long), false, .startsWith(let short), true),
        (.startsWith(let short), true, .startsWith(let long), false):
        return long.folded.utf8.starts(with: short.folded.utf8)
    default: return false
    }
}

extension TextTest {
    /// The only texts that pass, if they are few.
    fileprivate var only: [TextOperand]? {
        switch self {
        case .is(let operand): [operand]
        case .in(let operands): operands
        default: nil
        }
    }
}

/// Whether no date passes both tests, each positive or negated.
func datesExclude(
    _ left: DateTest, _ isLeftNegated: Bool, _ right: DateTest, _ isRightNegated: Bool, isOfDays: Bool,
    _ zone: TimeZoneRules
) -> Bool {
    switch (left, isLeftNegated, right, isRightNegated) {
    case (.isNotBlank, true, _, false), (_, false, .isNotBlank, true): true
    case (.within(let one), false, .within(let two), false): one.isApart(from: two, isOfDays: isOfDays, zone)
    case (.within(let one), false, .within(let two), true): one.isInside(two, isOfDays: isOfDays, zone)
    case (.within(let two), true, .within(let one), false): one.isInside(two, isOfDays: isOfDays, zone)
    default: false
    }
}

extension Window {
    /// True only if at any time everything in this window is in the other.
    func isInside(_ other: Window, isOfDays: Bool, _ zone: TimeZoneRules) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.last(let own), .last(let wider)), (.next(let own), .next(let wider)):
            return own.isNeverLonger(than: wider)
        case (.notLast(let own), .notLast(let wider)): return wider.isNeverLonger(than: own)
        default:
            guard let own = fixed(isOfDays, zone), let wider = other.fixed(isOfDays, zone) else { return false }
            return own.isInside(wider)
        }
    }

    /// True only if at no time anything is in both windows.
    fileprivate func isApart(from other: Window, isOfDays: Bool, _ zone: TimeZoneRules) -> Bool {
        switch (self, other) {
        case (.last(let near), .notLast(let far)), (.notLast(let far), .last(let near)):
            return near.isNeverLonger(than: far)
        // Today is in both if there are only days.
        case (.last, .next), (.next, .last): return !isOfDays
        case (.next, .notLast), (.notLast, .next): return true
        default:
            guard let own = fixed(isOfDays, zone), let fixed = other.fixed(isOfDays, zone) else { return false }
            return own.intersection(fixed).isEmpty
        }
    }

    private func fixed(_ isOfDays: Bool, _ zone: TimeZoneRules) -> FixedRange? {
        isOfDays ? days(in: zone) : instants(in: zone)
    }
}

extension Period {
    /// True only if a step of this period never leads further than one of the other, from any day in any zone.
    ///
    /// So if no part of it is greater: a step in each of its parts keeps the order. A month has at least 28 days. Days
    /// and hours are not compared: a day has 23 to 25.
    func isNeverLonger(than other: Period) -> Bool {
        let (months, otherMonths) = (years * 12 + self.months, other.years * 12 + other.months)
        let (days, otherDays) = (weeks * 7 + self.days, other.weeks * 7 + other.days)
        guard exactMicroseconds <= other.exactMicroseconds else { return false }
        if months <= otherMonths, days <= otherDays { return true }
        return months == 0 && days <= otherMonths * Period.monthDaysMin + otherDays
    }

    private static let monthDaysMin = 28
}
