/// A period with a direction: months, then days on the calendar, then an exact length of time.
struct CalendarShift: Equatable, Sendable {
    let months: Int
    let days: Int
    let microseconds: Int64

    /// The shift forward by a period.
    init(forward period: Period) {
        months = period.years * 12 + period.months
        days = period.weeks * 7 + period.days
        microseconds = period.exactMicroseconds
    }

    /// The shift back by a period.
    init(back period: Period) {
        months = -(period.years * 12 + period.months)
        days = -(period.weeks * 7 + period.days)
        microseconds = -period.exactMicroseconds
    }

    /// Whether the shift leaves the calendar alone.
    var isExact: Bool { months == 0 && days == 0 }

    /// Where the calendar part leads from a day. Never decreases from one day to the next.
    func applied(to date: LocalDate) -> LocalDate {
        date.adding(months: months).adding(days: days)
    }

    /// The days from which the calendar part leads to a day: `count` of them, beginning with `first`.
    ///
    /// There may be none (no day is a month before 31 March, seen from April) or up to four (28 to 31 March are all a
    /// month after 28 February). In the first case `first` is the first day from which it leads further.
    func origins(of target: LocalDate) -> (first: LocalDate, count: Int) {
        let clamped = target.adding(days: -days)
        guard months != 0 else { return (clamped, 1) }
        let (year, month) = clamped.monthAfter(-months)
        let length = LocalDate.daysInMonth(month, year: year)
        guard clamped.day <= length else {
            return (LocalDate(checkedYear: year, month: month, day: length).adding(days: 1), 0)
        }
        let first = LocalDate(checkedYear: year, month: month, day: clamped.day)
        let isLastDay = clamped.day == LocalDate.daysInMonth(clamped.month, year: clamped.year)
        return (first, isLastDay ? length - clamped.day + 1 : 1)
    }
}
