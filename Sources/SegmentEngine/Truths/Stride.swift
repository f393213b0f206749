internal import SegmentModel

/// A period prepared for steps through time.
struct Stride: Sendable {
    let period: Period
    let months: Int
    let days: Int
    /// The exact part: hours, minutes and seconds.
    let microseconds: Int64
    /// A step never spans less than this, wherever it begins and whatever the clocks do.
    let shortest: Int64
    /// Nor more than this.
    let longest: Int64

    init(_ period: Period) {
        self.period = period
        months = period.years * 12 + period.months
        days = period.weeks * 7 + period.days
        microseconds = period.exactMicroseconds
        guard months != 0 || days != 0 else {
            shortest = microseconds
            longest = microseconds
            return
        }
        // Any n months in a row have n mean months, give or take less than five days. Clocks of one zone
        // differ by little more than a day.
        let mean = Int64(months) * 2_629_746_000_000 + Int64(days) * ZoneTable.day + microseconds
        let slack = 2 * ZoneTable.day
        shortest = max(0, mean - slack - (months == 0 ? 0 : 5 * ZoneTable.day))
        longest = mean + slack + (months == 0 ? 0 : 5 * ZoneTable.day)
    }

    /// Whether the calendar plays no part.
    var isExact: Bool { months == 0 && days == 0 }

    /// The stretch of unchanged clocks on either side that makes the plain arithmetic of `StrideCalendar` right: the
    /// difference of two clocks, and for months up to three days that lead to one.
    fileprivate var margin: Int64 { (months == 0 ? 3 : 8) * ZoneTable.day }
}

/// Steps of a program's periods in one time zone: what `CalendarRule` says, mostly without asking it.
///
/// A class, so that clocks share it by one reference.
final class StrideCalendar: Sendable {
    let strides: [Stride]
    let zone: ZoneTable
    let rule: CalendarRule

    init(_ rules: TimeZoneRules, strides: [Stride]) {
        self.strides = strides
        zone = ZoneTable(rules)
        rule = CalendarRule(zone: rules)
    }

    /// `CalendarRule.stepBack` or `stepForward`.
    func step(_ stride: Stride, from now: Int64, isForward: Bool) -> Int64 {
        let sign: Int64 = isForward ? 1 : -1
        if stride.isExact { return now + sign * stride.microseconds }
        if let offset = zone.offset(at: now) {
            let (day, rest) = ZoneTable.split(now + offset)
            var target = Int(day) + Int(sign) * stride.days
            if stride.months != 0 {
                let date = LocalDate(daysSinceEpoch: Int(day)).adding(months: Int(sign) * stride.months)
                target = date.daysSinceEpoch + Int(sign) * stride.days
            }
            let wall = Int64(target) * ZoneTable.day + rest
            if let offset = zone.offset(at: wall - offset, margin: stride.margin) {
                return wall - offset + sign * stride.microseconds
            }
        }
        let now = Instant(microseconds: now)
        let step = isForward ? rule.stepForward(stride.period, from: now) : rule.stepBack(stride.period, from: now)
        return step.microseconds
    }

    /// Whether steps of the stride that lead to within a day of `target` all meet the same clocks there.
    func isPlain(_ target: Int64, _ stride: Stride) -> Bool {
        zone.offset(at: target - stride.microseconds, margin: stride.margin + ZoneTable.day) != nil
            && zone.offset(at: target + stride.microseconds, margin: stride.margin + ZoneTable.day) != nil
    }

    /// The first instant n > `now` at which the truth of "the step from n leads to `t` or past it" changes;
    /// `Int64.max` if it never does again.
    func crossing(of t: Int64, _ stride: Stride, isForward: Bool, after now: Int64) -> Int64 {
        if let crossing = plainCrossing(of: t, stride, isForward: isForward) { return crossing > now ? crossing : .max }
        let (t, now) = (Instant(microseconds: t), Instant(microseconds: now))
        let crossings =
            isForward
            ? rule.forwardCrossings(of: t, period: stride.period, after: now)
            : rule.backCrossings(of: t, period: stride.period, after: now)
        return crossings.first?.microseconds ?? .max
    }

    /// The only crossing there is, if that is plain: clocks do not change about either end, and exactly one day leads
    /// to the day of `t`.
    private func plainCrossing(of t: Int64, _ stride: Stride, isForward: Bool) -> Int64? {
        let sign: Int64 = isForward ? -1 : 1
        let target = t + sign * stride.microseconds
        if stride.isExact { return target }
        guard let arrival = zone.offset(at: target, margin: stride.margin) else { return nil }
        let (day, rest) = ZoneTable.split(target + arrival)
        var origin = Int(day) + Int(sign) * stride.days
        if stride.months != 0 {
            let clamped = LocalDate(daysSinceEpoch: origin)
            // From the last day of a month none or several days may lead here.
            guard clamped.day < LocalDate.daysInMonth(clamped.month, year: clamped.year) else { return nil }
            let date = clamped.adding(months: Int(sign) * stride.months)
            guard date.day == clamped.day else { return nil }
            origin = date.daysSinceEpoch
        }
        let wall = Int64(origin) * ZoneTable.day + rest
        return zone.offset(at: wall - arrival, margin: stride.margin).map { wall - $0 }
    }

    /// The first instant n > `now` at which the day `day` begins or is reached again; it lies ahead of `now`'s day.
    func start(ofDay day: Int, after now: Int64) -> Int64 {
        let wall = Int64(day) * ZoneTable.day
        if let offset = zone.offset(at: wall, margin: 3 * ZoneTable.day) { return wall - offset }
        let crossings = rule.dayCrossings(of: LocalDate(daysSinceEpoch: day), after: Instant(microseconds: now))
        return crossings.first?.microseconds ?? .max
    }
}
