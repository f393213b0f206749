/// Two offsets that alternate by a rule which is the same every year: standard and daylight saving time.
struct YearlyOffsets: Equatable, Sendable {
    /// Seconds to add to UTC in standard time.
    var standard: Int64
    /// Seconds to add to UTC in daylight saving time; less than standard in zones where winter is the exception.
    var daylight: Int64
    /// When daylight saving time begins, on a wall that shows standard time.
    var start: YearlyMoment
    /// When it ends, on a wall that shows daylight saving time.
    var end: YearlyMoment

    /// The stretch around a second since 1970.
    func span(at seconds: Int64) -> OffsetSpan {
        let days = (seconds + standard).dividedDown(by: 86_400).quotient
        let year = LocalDate(daysSinceEpoch: Int(days)).year
        var span = OffsetSpan(start: .min, end: .max, offset: standard)
        // A moment may lie up to a week outside the year it is reckoned from.
        for year in (year - 1)...(year + 1) {
            YearlyOffsets.fit(&span, around: seconds, change: starts(in: year), offset: daylight)
            YearlyOffsets.fit(&span, around: seconds, change: ends(in: year), offset: standard)
        }
        return span
    }

    /// Whether daylight saving time ends only to begin again at once, so that it always holds.
    var isDaylightAlways: Bool {
        // Twenty-eight years have every combination of first weekday and leap day.
        (2_001...2_028).allSatisfy { ends(in: $0) == starts(in: $0 + 1) }
    }

    private func starts(in year: Int) -> Int64 {
        start.secondsSinceEpoch(in: year) - standard
    }

    private func ends(in year: Int) -> Int64 {
        end.secondsSinceEpoch(in: year) - daylight
    }

    private static func fit(_ span: inout OffsetSpan, around seconds: Int64, change: Int64, offset: Int64) {
        if change > seconds {
            span.end = min(span.end, change)
        } else if change >= span.start {
            span.start = change
            span.offset = offset
        }
    }
}

/// A moment of every year on the wall, such as the last Sunday of March at one o'clock.
struct YearlyMoment: Equatable, Sendable {
    var day: Day
    /// Seconds after the day's midnight; may be negative or more than a day.
    var seconds: Int64

    /// A day of every year.
    enum Day: Equatable, Sendable {
        /// 1 to 365; 29 February is never counted.
        case withoutLeapDay(Int)
        /// 0 to 365; 29 February is counted in leap years.
        case withLeapDay(Int)
        /// The nth (1 to 4) or last (5) weekday (0 is Sunday) of a month.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    /// The moment in a year, in seconds since midnight of 1 January 1970 on the same wall.
    func secondsSinceEpoch(in year: Int) -> Int64 {
        Int64(days(in: year)) * 86_400 + seconds
    }

    private func days(in year: Int) -> Int {
        let newYear = LocalDate(checkedYear: year, month: 1, day: 1).daysSinceEpoch
        switch day {
        case .withoutLeapDay(let number):
            let isAfterLeapDay = number >= 60 && LocalDate.isLeap(year)
            return newYear + number - (isAfterLeapDay ? 0 : 1)
        case .withLeapDay(let number):
            return newYear + number
        case .weekday(let month, let week, let weekday):
            let first = LocalDate(checkedYear: year, month: month, day: 1).daysSinceEpoch
            // 1 January 1970 was a Thursday, weekday 4.
            let firstWeekday = Int(Int64(first + 4).dividedDown(by: 7).remainder)
            let skipped = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            return first + (skipped < LocalDate.daysInMonth(month, year: year) ? skipped : skipped - 7)
        }
    }
}
