internal import SegmentModel

/// Elementary conditions brought into the form in which equal ones are one leaf.
///
/// In: a condition as it was written. Out: a constant, or a leaf that is false for an empty contact, possibly negated.
/// Invariant: the literal is true exactly where `ReferenceEvaluator` says the condition is, for every contact that
/// admitted events can leave.
struct CanonicalForms: Sendable {
    let zone: TimeZoneRules

    init(context: EvaluationContext) {
        zone = context.zone
    }

    /// The canonical form of `.field`, `.tag` or `.activity`; false for anything else. Cost: its operands.
    func literal(of condition: Condition) -> Literal {
        let form: Canonical<Condition> =
            switch condition {
            case .tag(let tag): .positive(.tag(tag.canonical))
            case .field(let condition): canonical(condition)
            case .activity(let condition): canonical(condition)
            case .all, .any, .not, .segment: .constant(false)
            }
        guard case .test(let positive, let isNegated) = form else { return form.map { Leaf($0, isInverted: false) } }
        let isInverted = positive.holdsForEmptyContact
        return .test(Leaf(positive, isInverted: isInverted), isNegated: isNegated != isInverted)
    }

    private func canonical(_ condition: FieldCondition) -> Canonical<Condition> {
        let field = condition.field
        if case (.tags, .untyped(let test)) = (field, condition.test) {
            return canonical(FieldCondition(field: .tags, test: .list(test == .isBlank ? .isBlank : .isNotBlank)))
        }
        let test: Canonical<FieldTest> =
            switch condition.test {
            case .text(let test): test.canonical.map { .text($0) }
            case .number(let test): test.canonical(in: .plain).map { .number($0) }
            case .boolean(let test): test.canonical.map { .boolean($0) }
            case .day(let test): canonical(test, isOfDays: true).map { .day($0) }
            case .instant(let test): canonical(test, isOfDays: false).map { .instant($0) }
            case .birthday(let test): test.canonical.map { .birthday($0) }
            case .list(let test): test.canonical.map { .list($0) }
            case .untyped(let test): test.canonical.map { .untyped($0) }
            }
        switch (field, test) {
        case (.tags, .test(.list(.contains(let tag)), let isNegated)): return .test(.tag(tag), isNegated: isNegated)
        case (.firstSeenAt, .test(.instant(.isNotBlank), let isNegated)),
            (.firstSeenAt, .test(.untyped(.isNotBlank), let isNegated)):
            return .constant(!isNegated)
        default: return test.map { .field(FieldCondition(field: field, test: $0)) }
        }
    }

    private func canonical(_ test: DateTest, isOfDays: Bool) -> Canonical<DateTest> {
        let form = test.canonical
        guard case .test(.within(let window), let isNegated) = form else { return form }
        let isEmpty = isOfDays ? isEmptyOfDays(window) : isEmptyOfInstants(window)
        return isEmpty ? .constant(isNegated) : form
    }

    /// True of a fixed window in which there is no instant.
    private func isEmptyOfInstants(_ window: Window) -> Bool {
        window.instants(in: zone)?.isEmpty ?? false
    }

    private func isEmptyOfDays(_ window: Window) -> Bool {
        window.days(in: zone)?.isEmpty ?? false
    }
}

// Activities.
extension CanonicalForms {
    private func canonical(_ condition: ActivityCondition) -> Canonical<Condition> {
        var condition = condition
        condition.filters = condition.filters.canonical
        condition.window = condition.window?.canonical
        let form = canonicalTest(of: condition)
        guard case .test(let positive, let isNegated) = form, let window = condition.window,
            isEmptyOfInstants(window), condition.measure != .netTotal
        else { return form.map { .activity($0) } }
        // Nothing ever matches, as for an empty contact.
        return .constant(Condition.activity(positive).holdsForEmptyContact != isNegated)
    }

    private func canonicalTest(of condition: ActivityCondition) -> Canonical<ActivityCondition> {
        func with(_ test: MeasureTest) -> ActivityCondition {
            var copy = condition
            copy.test = test
            return copy.countedIfPresent
        }
        switch (condition.test, condition.measure.isInstant) {
        case (.number(let test), false):
            return test.canonical(in: NumberDomain(condition.measure)).map { with(.number($0)) }
        case (.instant(let test), true):
            return canonical(test, isOfDays: false).map { with(.instant($0)) }
        // A measure compared as what it is not has no value.
        case (.number(let test), true): return .constant(test.holds(for: nil))
        case (.instant(.isBlank), false), (.instant(.notWithin), false): return .constant(true)
        case (.instant, false): return .constant(false)
        }
    }
}

extension ActivityCondition {
    /// "Has a last order" is "has ordered". Not so for money, which takes orders of one currency alone.
    fileprivate var countedIfPresent: ActivityCondition {
        guard test == .number(.isNotBlank) || test == .instant(.isNotBlank), !measure.isMoney else { return self }
        return ActivityCondition(activity: activity, filters: filters, window: window)
    }
}

extension Leaf {
    init(_ condition: Condition, isInverted: Bool) {
        self.init(condition: condition, isInverted: isInverted)
    }
}

extension Condition {
    /// Whether a positive, canonical condition holds for a contact without attributes, orders and activities; not
    /// meant for `firstSeenAt`, which is never absent.
    var holdsForEmptyContact: Bool {
        switch self {
        // Positive operators are false of blanks, and only a status is never absent.
        case .field(let condition):
            guard condition.field == .attribute(.known(.status)) else { return false }
            switch condition.test {
            case .text(let test): return test.holds(for: ContactStatus.subscribed.rawValue)
            case .untyped(let test): return test.holds(isBlank: false)
            default: return false
            }
        case .activity(let condition):
            guard case .number(let test) = condition.test, NumberDomain(condition.measure).isNeverBlank else {
                return false
            }
            return test.holds(for: .zero)
        default: return false
        }
    }
}
