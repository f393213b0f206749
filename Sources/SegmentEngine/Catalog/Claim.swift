internal import SegmentModel

/// A condition in canonical, positive form that is said to hold, or not to hold.
struct Claim {
    var condition: Condition
    /// It is said not to hold.
    var isNegated: Bool

    /// The opposite.
    var negated: Claim { Claim(condition: condition, isNegated: !isNegated) }

    /// The name of the custom field it is about.
    var customField: String? {
        guard case .field(let field) = condition, case .attribute(.custom(let name)) = field.field else { return nil }
        return name
    }

    /// Whether both claim the same.
    func isSame(as other: Claim) -> Bool {
        isNegated == other.isNegated && hasSameCondition(as: other)
    }

    private func hasSameCondition(as other: Claim) -> Bool {
        Leaf(condition, isInverted: false) == Leaf(other.condition, isInverted: false)
    }

    /// True only if it is certain that no contact satisfies both at any time.
    func excludes(_ other: Claim, zone: TimeZoneRules) -> Bool {
        if isNegated != other.isNegated, hasSameCondition(as: other) { return true }
        switch (condition.tagsAsList, other.condition.tagsAsList) {
        case (.field(let left), .field(let right)):
            guard left.field == right.field, left.field.path.hasSameBytes(as: right.field.path) else { return false }
            return fieldTestsExclude(left, right, other, zone)
        case (.activity(let left), .activity(let right)):
            return activitiesExclude(left, isNegated, right, other.isNegated, zone)
        default: return false
        }
    }

    private func fieldTestsExclude(
        _ left: FieldCondition, _ right: FieldCondition, _ other: Claim, _ zone: TimeZoneRules
    ) -> Bool {
        let signs = (isNegated, other.isNegated)
        // Whatever is compared and found true is not blank.
        if case (.untyped(.isNotBlank), (true, false)) = (left.test, signs) { return true }
        if case (.untyped(.isNotBlank), (false, true)) = (right.test, signs) { return true }
        switch (left.test, right.test) {
        case (.text(let one), .text(let two)):
            return textsExclude(
                one, signs.0, two, signs.1, among: left.field == .attribute(.known(.status)) ? statusNames : nil)
        case (.number(let one), .number(let two)):
            let isRating = left.field == .attribute(.known(.rating))
            return NumberSet(one, isNegated: signs.0).isDisjoint(
                NumberSet(two, isNegated: signs.1), in: isRating ? .rating : .plain,
                limit: isRating ? Number(ratingMax) : nil)
        case (.boolean(let one), .boolean(let two)): return valuesExclude(one, signs.0, two, signs.1, [true, false])
        case (.day(let one), .day(let two)): return datesExclude(one, signs.0, two, signs.1, isOfDays: true, zone)
        case (.instant(let one), .instant(let two)):
            return datesExclude(one, signs.0, two, signs.1, isOfDays: false, zone)
        case (.birthday(let one), .birthday(let two)): return birthdaysExclude(one, signs.0, two, signs.1)
        case (.list(let one), .list(let two)): return listsExclude(one, signs.0, two, signs.1)
        default: return false
        }
    }

    private var statusNames: [String] { ContactStatus.allCases.map(\.rawValue) }
}

/// Ratings are whole numbers from 0 to this.
let ratingMax = 5

extension NumberDomain {
    static let rating = NumberDomain(isWhole: true, isNonNegative: true, isNeverBlank: false)
}

private func valuesExclude(
    _ left: BooleanTest, _ isLeftNegated: Bool, _ right: BooleanTest, _ isRightNegated: Bool, _ values: [Bool?]
) -> Bool {
    !(values + [nil]).contains {
        left.holds(for: $0) != isLeftNegated && right.holds(for: $0) != isRightNegated
    }
}

private func birthdaysExclude(
    _ left: BirthdayTest, _ isLeftNegated: Bool, _ right: BirthdayTest, _ isRightNegated: Bool
) -> Bool {
    switch (left, isLeftNegated, right, isRightNegated) {
    case (.isNotBlank, true, _, false), (_, false, .isNotBlank, true): true
    case (.is(let one), false, .is(let two), false): one != two
    case (.monthIs(let one), false, .monthIs(let two), false): one != two
    case (.is(let day), false, .monthIs(let month), let isOther),
        (.monthIs(let month), let isOther, .is(let day), false):
        (day.month == month) == isOther
    default: false
    }
}

private func listsExclude(
    _ left: ListTest, _ isLeftNegated: Bool, _ right: ListTest, _ isRightNegated: Bool
) -> Bool {
    switch (left, isLeftNegated, right, isRightNegated) {
    case (.isNotBlank, true, _, false), (_, false, .isNotBlank, true): true
    case (_, false, _, true): right.elements.isSubset(of: left.elements) && !right.elements.isEmpty
    case (_, true, _, false): left.elements.isSubset(of: right.elements) && !left.elements.isEmpty
    default: false
    }
}

extension ListTest {
    /// What a list that passes must contain, folded; a canonical list test asks for nothing else.
    fileprivate var elements: Set<Identifier> {
        switch self {
        case .contains(let operand): [Identifier(operand.folded)]
        case .containsAll(let operands): Set(operands.map { Identifier($0.folded) })
        case .doesNotContain, .isBlank, .isNotBlank: []
        }
    }
}

extension Condition {
    /// Tags as the list they are.
    fileprivate var tagsAsList: Condition {
        guard case .tag(let tag) = self else { return self }
        return .field(FieldCondition(field: .tags, test: .list(.contains(tag))))
    }
}
