/// A day of the year without the year: a birthday.
public struct MonthDay: Hashable, Sendable {
    /// 1 to 12.
    public let month: Int
    /// 1 to the length of the month; 29 in February.
    public let day: Int

    /// The day of these parts; nil if no year has it.
    public init?(month: Int, day: Int) {
        // 2000 was a leap year: it has every day that any year has.
        guard LocalDate(year: 2_000, month: month, day: day) != nil else { return nil }
        self.month = month
        self.day = day
    }

    /// The day on which it is celebrated in a year: 29 February on 28 February in common years.
    public func celebrated(in year: Int) -> LocalDate {
        LocalDate(checkedYear: year, month: month, day: min(day, LocalDate.daysInMonth(month, year: year)))
    }
}

extension MonthDay: CustomStringConvertible {
    /// The text form, `03-14`.
    public var description: String {
        "\(month.padded(to: 2))-\(day.padded(to: 2))"
    }

    /// Reads the text form `03-14`; allocates only to describe an error.
    public init(text: UnsafeRawBufferPointer) throws(ValueError) {
        var scanner = TextScanner(text)
        guard let month = scanner.number(digits: 2), scanner.take(.minus), let day = scanner.number(digits: 2),
            scanner.isAtEnd
        else { throw MonthDay.fault(text, "it is not of the form month-day") }
        guard let monthDay = MonthDay(month: month, day: day) else {
            throw MonthDay.fault(text, MonthDay.whyNoDay(month: month, day: day))
        }
        self = monthDay
    }

    /// Reads the text form from a string.
    public init(text: String) throws(ValueError) {
        self = try withBytes(of: text) { (bytes) throws(ValueError) in try MonthDay(text: bytes) }
    }

    private static func whyNoDay(month: Int, day: Int) -> String {
        guard month >= 1, month <= 12 else { return "months are 01 to 12" }
        guard day >= 1 else { return "days begin at 01" }
        return "\(LocalDate.monthNames[month - 1]) has no day \(day) in any year"
    }

    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> ValueError {
        ValueError(text, isNot: "a day of the year", because: reason, expected: "month and day, such as \"03-14\"")
    }
}
