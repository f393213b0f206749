/// Calendar steps in a time zone: where a window begins and ends.
///
/// A step of years, months, weeks and days keeps the time on the wall: first years and months (a day that the month does
/// not have becomes its last), then weeks and days. A time that the clocks skip moves forward by the gap, one that they
/// show twice is the earlier. Hours, minutes and seconds are then added or taken exactly.
public struct CalendarRule: Sendable {
    /// The time zone in which days are counted.
    public let zone: TimeZoneRules

    /// A rule for a time zone.
    public init(zone: TimeZoneRules) {
        self.zone = zone
    }

    /// The instant a period before `now`: where a window that reaches back begins.
    public func stepBack(_ period: Period, from now: Instant) -> Instant {
        step(CalendarShift(back: period), from: now)
    }

    /// The instant a period after `now`: where a window that reaches forward ends.
    public func stepForward(_ period: Period, from now: Instant) -> Instant {
        step(CalendarShift(forward: period), from: now)
    }

    /// The day a period before `day`. Hours, minutes and seconds of the period do not count.
    public func back(_ period: Period, from day: LocalDate) -> LocalDate {
        CalendarShift(back: period).applied(to: day)
    }

    /// The day a period after `day`. Hours, minutes and seconds of the period do not count.
    public func forward(_ period: Period, from day: LocalDate) -> LocalDate {
        CalendarShift(forward: period).applied(to: day)
    }

    /// The first instant of a calendar day in the zone.
    public func startOfDay(_ day: LocalDate) -> Instant {
        zone.startOfDay(day)
    }

    func step(_ shift: CalendarShift, from now: Instant) -> Instant {
        guard !shift.isExact else { return now.advanced(byMicroseconds: shift.microseconds) }
        var wall = zone.wallClock(at: now)
        wall.date = shift.applied(to: wall.date)
        return zone.instant(of: wall).advanced(byMicroseconds: shift.microseconds)
    }
}
