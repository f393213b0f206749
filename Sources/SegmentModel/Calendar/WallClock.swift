/// What calendar and clock on the wall show: a date and a time of day, in no time zone.
public struct WallClock: Hashable, Comparable, Sendable {
    public var date: LocalDate
    /// Microseconds since midnight on the clock, 0 to one day less one.
    public var microsecondOfDay: Int64

    /// Makes a wall clock from a date and the microseconds since midnight.
    public init(date: LocalDate, microsecondOfDay: Int64) {
        self.date = date
        self.microsecondOfDay = microsecondOfDay
    }

    public static func < (left: WallClock, right: WallClock) -> Bool {
        (left.date, left.microsecondOfDay) < (right.date, right.microsecondOfDay)
    }

    static let microsecondsPerDay: Int64 = 86_400_000_000

    /// The clock that many microseconds after midnight of 1 January 1970 on the same wall.
    init(microsecondsSinceEpoch: Int64) {
        let (days, rest) = microsecondsSinceEpoch.dividedDown(by: WallClock.microsecondsPerDay)
        self.init(date: LocalDate(daysSinceEpoch: Int(days)), microsecondOfDay: rest)
    }

    /// Microseconds on this wall since its midnight of 1 January 1970.
    var microsecondsSinceEpoch: Int64 {
        Int64(date.daysSinceEpoch) * WallClock.microsecondsPerDay + microsecondOfDay
    }
}

extension WallClock: CustomStringConvertible {
    /// The ISO form without an offset, `2026-01-31T14:05:00`.
    public var description: String {
        String(Instant(microseconds: microsecondsSinceEpoch).description.dropLast())
    }
}

extension Int64 {
    /// Quotient and remainder with the remainder never negative.
    func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
