internal import SegmentModel

/// Whether no contact satisfies both conditions on activities, each positive or negated.
func activitiesExclude(
    _ left: ActivityCondition, _ isLeftNegated: Bool, _ right: ActivityCondition, _ isRightNegated: Bool,
    _ zone: TimeZoneRules
) -> Bool {
    if left.isOfSameValue(as: right) {
        switch (left.test, right.test) {
        case (.number(let one), .number(let two)):
            return NumberSet(one, isNegated: isLeftNegated).isDisjoint(
                NumberSet(two, isNegated: isRightNegated), in: NumberDomain(left.measure))
        case (.instant(let one), .instant(let two)):
            if datesExclude(one, isLeftNegated, two, isRightNegated, isOfDays: false, zone) { return true }
        default: return false
        }
    }
    return left.isTooMany(isLeftNegated, for: right, isRightNegated, zone)
        || right.isTooMany(isRightNegated, for: left, isLeftNegated, zone)
}

extension ActivityCondition {
    /// Whether both are about the same measure of the same activities.
    fileprivate func isOfSameValue(as other: ActivityCondition) -> Bool {
        measure == other.measure && window == other.window && filters == other.filters
            && isNarrower(than: other, inWindows: { _, _ in true })
    }

    /// Whether this claim takes more than the other allows, where all that matches this one matches the other.
    fileprivate func isTooMany(
        _ isNegated: Bool, for other: ActivityCondition, _ isOtherNegated: Bool, _ zone: TimeZoneRules
    ) -> Bool {
        guard measure != .netTotal, other.measure != .netTotal,
            isNarrower(than: other, inWindows: { $0.isInside($1, isOfDays: false, zone) })
        else { return false }
        if takesSome(isNegated), other.isNoneAllowed(isOtherNegated) { return true }
        guard measure == other.measure, growsWithMatches, let low = low(isNegated),
            let high = other.high(isOtherNegated)
        else { return false }
        return NumberRange(low: low, high: high).narrowed(to: NumberDomain(measure)).isEmpty
    }

    /// Whether everything that matches this condition matches the other, but for the currency of a measure.
    private func isNarrower(than other: ActivityCondition, inWindows isInside: (Window, Window) -> Bool) -> Bool {
        guard activity.text.hasSameBytes(as: other.activity.text) else { return false }
        // Where only one currency counts, orders of others match the wider condition no more.
        guard !other.isInOneCurrency || isInOneCurrency else { return false }
        guard other.filters.allSatisfy({ filter in filters.contains { $0.isSame(as: filter) } }) else { return false }
        guard let wider = other.window else { return true }
        return window.map { isInside($0, wider) } ?? false
    }

    private var isInOneCurrency: Bool { isOnMoney && !namesCurrency }

    /// Whether the claim is false where nothing matches.
    private func takesSome(_ isNegated: Bool) -> Bool {
        Condition.activity(self).holdsForEmptyContact == isNegated
    }

    /// Whether the claim is that nothing matches.
    private func isNoneAllowed(_ isNegated: Bool) -> Bool {
        measure == .count && isNegated && test == .number(.atLeast(Number(1)))
    }

    /// Whether the value never falls as more matches.
    private var growsWithMatches: Bool {
        switch measure {
        case .count, .total, .largest, .quantity, .lineTotal, .products: true
        default: false
        }
    }

    /// The value is at least this; nil if the claim does not say.
    private func low(_ isNegated: Bool) -> NumberBound? {
        guard !isNegated, case .number(let test) = test else { return nil }
        return switch test {
        case .atLeast(let operand), .is(let operand): NumberBound(number: operand, isClosed: true)
        case .greaterThan(let operand): NumberBound(number: operand, isClosed: false)
        case .between(let low, _): NumberBound(number: low, isClosed: true)
        case .in(let operands): operands.min().map { NumberBound(number: $0, isClosed: true) }
        default: nil
        }
    }

    /// The value, if there is one, is at most this; nil if the claim does not say.
    private func high(_ isNegated: Bool) -> NumberBound? {
        guard case .number(let test) = test else { return nil }
        return switch (test, isNegated) {
        case (.atLeast(let operand), true), (.lessThan(let operand), false):
            NumberBound(number: operand, isClosed: false)
        case (.greaterThan(let operand), true), (.atMost(let operand), false), (.is(let operand), false),
            (.between(_, let operand), false):
            NumberBound(number: operand, isClosed: true)
        case (.in(let operands), false): operands.max().map { NumberBound(number: $0, isClosed: true) }
        default: nil
        }
    }
}

extension ActivityFilter {
    fileprivate func isSame(as other: ActivityFilter) -> Bool {
        self == other && field.path.hasSameBytes(as: other.field.path)
    }

    /// Whether nothing passes both filters.
    fileprivate func excludes(_ other: ActivityFilter) -> Bool {
        guard field == other.field, field.path.hasSameBytes(as: other.field.path) else { return false }
        switch (test, other.test) {
        case (.text(let left), .text(let right)):
            guard case .test(let one, let isOneNegated) = left.canonical,
                case .test(let two, let isTwoNegated) = right.canonical
            else { return false }
            return textsExclude(one, isOneNegated, two, isTwoNegated, among: nil)
        case (.number(let left), .number(let right)):
            guard case .test(let one, let isOneNegated) = left.canonical(in: .plain),
                case .test(let two, let isTwoNegated) = right.canonical(in: .plain)
            else { return false }
            return NumberSet(one, isNegated: isOneNegated).isDisjoint(
                NumberSet(two, isNegated: isTwoNegated), in: .plain)
        default: return false
        }
    }
}

extension Condition {
    /// Whether the leaf of a canonical condition is false of every contact: by its vocabulary, or because its filters
    /// let nothing pass.
    func isLeafNeverTrue(countedStatuses: Set<OrderStatus>, zone: TimeZoneRules) -> Bool {
        switch self {
        case .field(let condition): condition.isLeafNeverTrue
        case .activity(let condition): condition.measure != .netTotal && condition.hasNoMatch(countedStatuses)
        default: false
        }
    }
}

extension FieldCondition {
    fileprivate var isLeafNeverTrue: Bool {
        switch (field, test) {
        case (.attribute(.known(.status)), .text(let test)):
            // The leaf is the condition or its opposite: never true where the status makes no difference.
            return Set(ContactStatus.allCases.map { test.holds(for: $0.rawValue) }).count == 1
        case (.attribute(.known(.rating)), .number(let test)):
            let all = NumberSet(.isNotBlank, isNegated: false)
            return NumberSet(test, isNegated: false).isDisjoint(all, in: .rating, limit: Number(ratingMax))
        default: return false
        }
    }
}

extension ActivityCondition {
    fileprivate func hasNoMatch(_ countedStatuses: Set<OrderStatus>) -> Bool {
        let isUncounted = filters.contains { filter in
            guard filter.field == .order(.status) else { return false }
            return !countedStatuses.contains { filter.test.holds(for: .text($0.rawValue)) }
        }
        return isUncounted
            || filters.indices.contains { second in
                filters.indices.prefix(second).contains { filters[$0].excludes(filters[second]) }
            }
    }
}
