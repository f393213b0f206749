/// A calendar day, in no time zone: 31 January 2026.
///
/// The calendar is the Gregorian one, continued to all years. Dates that are read have years 1 to 9999; arithmetic may
/// lead past them.
public struct LocalDate: Hashable, Comparable, Sendable {
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to the length of the month.
    public let day: Int

    /// A date from parts that are known to name one.
    init(checkedYear year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of these parts; nil if there is no such day or the year is not in 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard year >= 1, year <= 9_999, month >= 1, month <= 12, day >= 1,
            day <= 28 || day <= LocalDate.daysInMonth(month, year: year)
        else { return nil }
        self.init(checkedYear: year, month: month, day: day)
    }

    public static func < (left: LocalDate, right: LocalDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// The number of days of a month, 1 to 12.
    public static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether the year has a 29 February.
    public static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

// Days are counted in years that begin with March, so that the leap day comes last, and in eras of 400 such years, which
// all have the same length (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
extension LocalDate {
    private static let daysPerEra = 146_097
    /// 1 March 0000 to 1 January 1970.
    private static let daysBeforeEpoch = 719_468

    /// Days since 1 January 1970; negative before it.
    public var daysSinceEpoch: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * LocalDate.daysPerEra + dayOfEra - LocalDate.daysBeforeEpoch
    }

    /// The day that many days after 1 January 1970.
    public init(daysSinceEpoch: Int) {
        let days = daysSinceEpoch + LocalDate.daysBeforeEpoch
        let era = (days >= 0 ? days : days - (LocalDate.daysPerEra - 1)) / LocalDate.daysPerEra
        let dayOfEra = days - era * LocalDate.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.init(
            checkedYear: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// The day that many days later (earlier if negative).
    public func adding(days: Int) -> LocalDate {
        days == 0 ? self : LocalDate(daysSinceEpoch: daysSinceEpoch + days)
    }

    /// The same day that many months later (earlier if negative), or that month's last day if it is shorter.
    public func adding(months: Int) -> LocalDate {
        guard months != 0 else { return self }
        let (year, month) = monthAfter(months)
        return LocalDate(checkedYear: year, month: month, day: min(day, LocalDate.daysInMonth(month, year: year)))
    }

    /// Year and month that many months after this date's.
    func monthAfter(_ months: Int) -> (year: Int, month: Int) {
        let total = year * 12 + month - 1 + months
        let month = ((total % 12) + 12) % 12
        return ((total - month) / 12, month + 1)
    }
}

extension LocalDate: CustomStringConvertible {
    /// The ISO form, `2026-01-31`.
    public var description: String {
        "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
    }

    /// Reads the ISO form `2026-01-31`; allocates only to describe an error.
    public init(iso text: UnsafeRawBufferPointer) throws(ValueError) {
        var scanner = TextScanner(text)
        guard let year = scanner.number(digits: 4), scanner.take(.minus), let month = scanner.number(digits: 2),
            scanner.take(.minus), let day = scanner.number(digits: 2), scanner.isAtEnd
        else { throw LocalDate.fault(text, "it is not of the form year-month-day") }
        guard let date = LocalDate(year: year, month: month, day: day) else {
            throw LocalDate.fault(text, LocalDate.whyNoDate(year: year, month: month, day: day))
        }
        self = date
    }

    /// Reads the ISO form from a string.
    public init(iso text: String) throws(ValueError) {
        self = try withBytes(of: text) { (bytes) throws(ValueError) in try LocalDate(iso: bytes) }
    }

    /// What is wrong with parts that name no date.
    static func whyNoDate(year: Int, month: Int, day: Int) -> String {
        guard year >= 1, year <= 9_999 else { return "years are 0001 to 9999" }
        guard month >= 1, month <= 12 else { return "months are 01 to 12" }
        guard day >= 1 else { return "days begin at 01" }
        return "\(monthNames[month - 1]) \(year) has no day \(day)"
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> ValueError {
        ValueError(text, isNot: "a date", because: reason, expected: "a day such as \"2026-01-31\"")
    }
}
