extension ReferenceEvaluator {
    /// An instant after `now` and not later than the next one at which the condition's truth for the contact can
    /// change without a new event; nil if it never can.
    ///
    /// Up to the instant before it, the truth is that of `now`. It may come early: nothing need change there.
    public func nextEdge(of condition: Condition, _ contact: Contact, after now: Instant) -> Instant? {
        edges(of: condition, contact, after: now, inside: []).min()
    }

    /// The next edge of each source of change in the condition.
    private func edges(
        of condition: Condition, _ contact: Contact, after now: Instant, inside: [String]
    ) -> [Instant] {
        switch condition {
        case .all, .any, .not:
            condition.children.flatMap { edges(of: $0, contact, after: now, inside: inside) }
        case .tag: []
        case .field(let field): edges(of: field, contact, after: now)
        case .activity(let activity): edges(of: activity, contact, after: now)
        case .segment(let reference):
            definition(of: reference, inside: inside).map {
                edges(of: $0, contact, after: now, inside: inside + [reference])
            } ?? []
        }
    }

    private func edges(of condition: FieldCondition, _ contact: Contact, after now: Instant) -> [Instant] {
        let value = contact.value(of: condition.field)
        switch condition.test {
        case .instant(.within(let window)), .instant(.notWithin(let window)):
            return value?.asInstant.map { edges(of: window, around: $0, after: now) } ?? []
        case .day(.within(let window)), .day(.notWithin(let window)):
            return value?.asDay == nil || window.period == nil ? [] : [nextDay(after: now)]
        case .birthday(.within):
            return value?.asBirthday == nil ? [] : [nextDay(after: now)]
        case .text, .number, .boolean, .day, .instant, .birthday, .list, .untyped:
            return []
        }
    }

    private func edges(of condition: ActivityCondition, _ contact: Contact, after now: Instant) -> [Instant] {
        // What lies ahead counts from its instant on, whatever the condition.
        var edges = contact.orders.map(\.placedAt).filter { $0 > now }
        edges += contact.activities.map(\.occurredAt).filter { $0 > now }
        let moves = condition.window != nil || condition.test.window != nil || condition.measure.isInWholeDays
        for occurrence in moves ? occurrences(of: condition, in: contact) : [] {
            let t = occurrence.instant
            if let window = condition.window { edges += self.edges(of: window, around: t, after: now) }
            if let window = condition.test.window { edges += self.edges(of: window, around: t, after: now) }
            if condition.measure.isInWholeDays, t <= now { edges.append(nextWholeDay(since: t, after: now)) }
        }
        if condition.measure == .netTotal {
            edges += contact.unlinkedRefunds.map(\.occurredAt).filter { $0 > now }
        }
        return edges
    }

    /// When an instant can come into the window or leave it. Fixed windows stand still.
    private func edges(of window: Window, around t: Instant, after now: Instant) -> [Instant] {
        let crossings: [Instant]
        switch window {
        case .last(let period), .notLast(let period):
            crossings = calendar.backCrossings(of: t, period: period, after: now)
        case .next(let period):
            crossings = calendar.forwardCrossings(of: t, period: period, after: now)
        case .after, .before, .between, .on:
            return []
        }
        // Moving windows have now as one of their ends.
        return t > now ? crossings + [t] : crossings
    }

    private func nextWholeDay(since t: Instant, after now: Instant) -> Instant {
        let day = ReferenceEvaluator.microsecondsPerDay
        let passed = (now.microseconds - t.microseconds) / day
        return t.advanced(byMicroseconds: (passed + 1) * day)
    }

    /// Not later than the next change of the calendar day: the midnight the clocks on the wall run to, or the change
    /// of clocks that comes before it.
    private func nextDay(after now: Instant) -> Instant {
        let rest = ReferenceEvaluator.microsecondsPerDay - context.zone.wallClock(at: now).microsecondOfDay
        let midnight = now.advanced(byMicroseconds: rest)
        return context.zone.nextTransition(after: now).map { min($0, midnight) } ?? midnight
    }
}

extension MeasureTest {
    fileprivate var window: Window? {
        switch self {
        case .instant(.within(let window)), .instant(.notWithin(let window)): window
        case .instant, .number: nil
        }
    }
}

extension Measure {
    var isInWholeDays: Bool { self == .daysSinceFirst || self == .daysSinceLast }
}
