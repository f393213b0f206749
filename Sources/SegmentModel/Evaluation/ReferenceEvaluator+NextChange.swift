/// A change of a condition's truth for a contact that lies ahead.
public struct NextChange: Equatable, Sendable {
    public var at: Instant
    public var becomesTrue: Bool
    /// What happens then, as it follows “when”: `order 991 turns 8 months old`.
    public var because: String
    /// The event that it hangs on, if it is one.
    public var sequence: UInt64?

    public init(at: Instant, becomesTrue: Bool, because: String, sequence: UInt64? = nil) {
        self.at = at
        self.becomesTrue = becomesTrue
        self.because = because
        self.sequence = sequence
    }
}

extension ReferenceEvaluator {
    /// The next instant after `now` at which the condition's truth for the contact is another with no event, and why;
    /// nil if there is none.
    ///
    /// Looks through at most `edgesMax` edges; nil beyond.
    public func nextChange(
        of condition: Condition, _ contact: Contact, after now: Instant, edgesMax: Int
    ) -> NextChange? {
        let isTrue = isTrue(condition, of: contact, at: now)
        var leaves: [MovingLeaf] = []
        collect(condition, contact, after: now, inside: [], into: &leaves)
        for _ in 0..<edgesMax {
            guard let instant = leaves.compactMap(\.edge).min() else { return nil }
            var isAnyOther = false
            for index in leaves.indices where leaves[index].edge == instant {
                if pass(instant, &leaves[index], contact) { isAnyOther = true }
            }
            // As long as no elementary condition turns, the whole does not.
            guard isAnyOther, self.isTrue(condition, of: contact, at: instant) != isTrue else { continue }
            let turn = turn(of: condition, contact, at: instant)
            return NextChange(at: instant, becomesTrue: !isTrue, because: turn.because, sequence: turn.sequence)
        }
        return nil
    }

    /// An elementary condition that time may turn, with its truth and the next instant at which that could change.
    private struct MovingLeaf {
        let condition: Condition
        var isTrue: Bool
        var edge: Instant?
    }

    private func collect(
        _ condition: Condition, _ contact: Contact, after now: Instant, inside: [String],
        into leaves: inout [MovingLeaf]
    ) {
        switch condition {
        case .all, .any, .not:
            for child in condition.children { collect(child, contact, after: now, inside: inside, into: &leaves) }
        case .segment(let reference):
            guard let definition = definition(of: reference, inside: inside) else { return }
            collect(definition, contact, after: now, inside: inside + [reference], into: &leaves)
        case .field, .tag, .activity:
            guard let edge = nextEdge(of: condition, contact, after: now) else { return }
            leaves.append(
                MovingLeaf(condition: condition, isTrue: isTrue(condition, of: contact, at: now), edge: edge))
        }
    }

    /// Moves an elementary condition past its edge.
    ///
    /// - Returns: whether it turned.
    private func pass(_ instant: Instant, _ leaf: inout MovingLeaf, _ contact: Contact) -> Bool {
        let isTrue = isTrue(leaf.condition, of: contact, at: instant)
        leaf.edge = nextEdge(of: leaf.condition, contact, after: instant)
        defer { leaf.isTrue = isTrue }
        return leaf.isTrue != isTrue
    }

    /// What turns at an instant.
    private typealias Turn = (because: String, sequence: UInt64?)

    private func turn(of condition: Condition, _ contact: Contact, at instant: Instant) -> Turn {
        guard let leaf = turningLeaf(condition, contact, at: instant, inside: []) else {
            return ("time has passed", nil)
        }
        if case .activity(let activity) = leaf, let turn = turn(of: activity, contact, at: instant) { return turn }
        let becomesTrue = isTrue(leaf, of: contact, at: instant)
        return ((becomesTrue ? leaf : .not(leaf)).sentence(), nil)
    }

    /// An elementary condition whose change at the instant is the reason for that of the whole: nil only if nothing
    /// changes.
    private func turningLeaf(
        _ condition: Condition, _ contact: Contact, at instant: Instant, inside: [String]
    ) -> Condition? {
        let before = instant.advanced(byMicroseconds: -1)
        let isTrue = isTrue(condition, of: contact, at: instant, inside: inside)
        guard self.isTrue(condition, of: contact, at: before, inside: inside) != isTrue else { return nil }
        switch condition {
        case .all(let children), .any(let children):
            // One that turns the same way; others may turn the other way and change nothing.
            return children.first { child in
                self.isTrue(child, of: contact, at: instant, inside: inside) == isTrue
                    && self.isTrue(child, of: contact, at: before, inside: inside) != isTrue
            }.flatMap { turningLeaf($0, contact, at: instant, inside: inside) }
        case .not(let child): return turningLeaf(child, contact, at: instant, inside: inside)
        case .segment(let reference):
            return definition(of: reference, inside: inside).flatMap {
                turningLeaf($0, contact, at: instant, inside: inside + [reference])
            }
        case .field, .tag, .activity: return condition
        }
    }

    private func turn(of condition: ActivityCondition, _ contact: Contact, at instant: Instant) -> Turn? {
        let before = instant.advanced(byMicroseconds: -1)
        let occurrences = occurrences(of: condition, in: contact)
        let old = matches(occurrences, in: condition.window, at: before)
        let new = matches(occurrences, in: condition.window, at: instant)
        func subject(_ occurrence: Occurrence) -> String { contact.phrase(of: occurrence, condition, context.zone) }
        let gone = old.last { one in !new.contains { $0.sequence == one.sequence } }
        let come = new.last { one in !old.contains { $0.sequence == one.sequence } }
        if let moved = gone ?? come {
            guard moved.instant < instant, let period = condition.window?.period else {
                return (subject(moved) + " begins to count", moved.sequence)
            }
            return (subject(moved) + " turns \(period.phrase) old", moved.sequence)
        }
        switch condition.measure {
        case .first, .daysSinceFirst: return new.first.flatMap { aged($0, condition, at: instant, subject($0)) }
        case .last, .daysSinceLast: return new.last.flatMap { aged($0, condition, at: instant, subject($0)) }
        case .netTotal: return ("a refund that names no order begins to count", nil)
        default: return nil
        }
    }

    /// The first or last occurrence reaches an age.
    private func aged(
        _ occurrence: Occurrence, _ condition: ActivityCondition, at instant: Instant, _ subject: String
    ) -> Turn? {
        if condition.measure.isInWholeDays {
            let days = (instant.microseconds - occurrence.instant.microseconds) / Self.microsecondsPerDay
            return (subject + " turns \(days) \(days == 1 ? "day" : "days") old", occurrence.sequence)
        }
        guard case .instant(let test) = condition.test, let period = test.window?.period else { return nil }
        return (subject + " turns \(period.phrase) old", occurrence.sequence)
    }
}

extension DateTest {
    fileprivate var window: Window? {
        switch self {
        case .within(let window), .notWithin(let window): window
        case .isBlank, .isNotBlank: nil
        }
    }
}

extension Contact {
    /// An activity in words: `order 991`, `the campaign open of 2026-03-01`.
    fileprivate func phrase(of occurrence: Occurrence, _ condition: ActivityCondition, _ zone: TimeZoneRules) -> String
    {
        if condition.activity == .order, let order = orders.first(where: { $0.sequence == occurrence.sequence }) {
            return "order \(order.key.order)"
        }
        return "the \(condition.activity.noun) of \(zone.date(at: occurrence.instant))"
    }
}
