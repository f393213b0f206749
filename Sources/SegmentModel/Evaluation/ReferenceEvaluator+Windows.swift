// Windows by their formulas. `t` is when something happened or what a field says, `now` the instant of the question.
extension ReferenceEvaluator {
    func holds(_ test: DateTest, for t: Instant?, at now: Instant) -> Bool {
        switch test {
        case .within(let window): t.map { isIn(window, $0, at: now) } ?? false
        case .notWithin(let window): !holds(.within(window), for: t, at: now)
        case .isBlank: t == nil
        case .isNotBlank: t != nil
        }
    }

    func isIn(_ window: Window, _ t: Instant, at now: Instant) -> Bool {
        isIn(window, at: now)(t)
    }

    /// The window at one instant, with its calendar arithmetic done once for all t.
    func isIn(_ window: Window, at now: Instant) -> (_ t: Instant) -> Bool {
        switch window {
        case .last(let period):
            let start = calendar.stepBack(period, from: now)
            return { t in start < t && t <= now }
        case .next(let period):
            let end = calendar.stepForward(period, from: now)
            return { t in now < t && t <= end }
        case .notLast(let period):
            let end = calendar.stepBack(period, from: now)
            return { t in t <= end }
        case .after(let bound): return { t in isAfter(bound, t) }
        case .before(let bound): return { t in isBefore(bound, t) }
        case .between(let low, let high): return { t in !isBefore(low, t) && !isAfter(high, t) }
        case .on(let day): return { t in !isBefore(.day(day), t) && !isAfter(.day(day), t) }
        }
    }

    /// t before the bound; before a day: before its midnight.
    private func isBefore(_ bound: DateBound, _ t: Instant) -> Bool {
        switch bound {
        case .day(let day): t < context.zone.startOfDay(day)
        case .instant(let instant): t < instant
        }
    }

    /// t after the bound; after a day: from the next midnight.
    private func isAfter(_ bound: DateBound, _ t: Instant) -> Bool {
        switch bound {
        case .day(let day): t >= context.zone.startOfDay(day.adding(days: 1))
        case .instant(let instant): t > instant
        }
    }
}

// Values without a time of day are compared by calendar day; an instant counts as its day in the audience's zone.
extension ReferenceEvaluator {
    func holds(_ test: DateTest, for day: LocalDate?, today: LocalDate) -> Bool {
        switch test {
        case .within(let window): day.map { isIn(window, $0, today: today) } ?? false
        case .notWithin(let window): !holds(.within(window), for: day, today: today)
        case .isBlank: day == nil
        case .isNotBlank: day != nil
        }
    }

    private func isIn(_ window: Window, _ day: LocalDate, today: LocalDate) -> Bool {
        switch window {
        case .last(let period): calendar.back(period, from: today) <= day && day <= today
        case .next(let period): today <= day && day <= calendar.forward(period, from: today)
        case .notLast(let period): day < calendar.back(period, from: today)
        case .after(let bound): day > self.day(of: bound)
        case .before(let bound): day < self.day(of: bound)
        case .between(let low, let high): self.day(of: low) <= day && day <= self.day(of: high)
        case .on(let bound): day == bound
        }
    }

    private func day(of bound: DateBound) -> LocalDate {
        switch bound {
        case .day(let day): day
        case .instant(let instant): context.zone.date(at: instant)
        }
    }

    func holds(_ test: BirthdayTest, for birthday: MonthDay?, today: LocalDate) -> Bool {
        switch test {
        case .is(let operand): birthday == operand
        case .monthIs(let month): birthday?.month == month
        case .within(let window): birthday.map { isIn(window, $0, today: today) } ?? false
        case .isBlank: birthday == nil
        case .isNotBlank: birthday != nil
        }
    }

    private func isIn(_ window: BirthdayWindow, _ birthday: MonthDay, today: LocalDate) -> Bool {
        let days: ClosedRange<LocalDate> =
            switch window {
            case .last(let period): calendar.back(period, from: today)...today
            case .next(let period): today...calendar.forward(period, from: today)
            }
        return (days.lowerBound.year...days.upperBound.year).contains { days.contains(birthday.celebrated(in: $0)) }
    }
}
