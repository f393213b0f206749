/// A length of time in calendar and clock units, such as 8 months or 30 hours; never zero.
///
/// Years, months, weeks and days are steps on a calendar and have no length of their own; hours, minutes and seconds
/// are exact. The units stay as they were given: 14 days and 2 weeks are different values.
public struct Period: Hashable, Sendable {
    public let years: Int
    public let months: Int
    public let weeks: Int
    public let days: Int
    public let hours: Int
    public let minutes: Int
    public let seconds: Int

    /// The longest period, about a thousand years in days.
    public static let daysMax = 366_000

    /// A period of these units; nil if one is negative, all are zero, or together they exceed `daysMax`.
    public init?(
        years: Int = 0, months: Int = 0, weeks: Int = 0, days: Int = 0, hours: Int = 0, minutes: Int = 0,
        seconds: Int = 0
    ) {
        let counts = [years, months, weeks, days, hours, minutes, seconds]
        guard counts.contains(where: { $0 > 0 }), Period.isBounded(counts) else { return nil }
        self.years = years
        self.months = months
        self.weeks = weeks
        self.days = days
        self.hours = hours
        self.minutes = minutes
        self.seconds = seconds
    }

    /// Whether there are no hours, minutes or seconds.
    public var isCalendarOnly: Bool { hours == 0 && minutes == 0 && seconds == 0 }

    /// Hours, minutes and seconds together, in microseconds.
    public var exactMicroseconds: Int64 {
        Int64((hours * 60 + minutes) * 60 + seconds) * 1_000_000
    }

    /// The longest a unit can be, in seconds.
    private static let unitSecondsMax = [366 * 86_400, 31 * 86_400, 7 * 86_400, 86_400, 3_600, 60, 1]

    private static func isBounded(_ counts: [Int]) -> Bool {
        var rest = daysMax * 86_400
        for (count, unitSeconds) in zip(counts, unitSecondsMax) {
            guard count >= 0, count <= rest / unitSeconds else { return false }
            rest -= count * unitSeconds
        }
        return true
    }
}
