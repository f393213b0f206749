import SegmentModel

/// When people buy: how strong each day is, and each hour of a day.
struct ShopSeasons {
    /// The strength of each day of the plan; 1,000 is an ordinary day.
    private let strengths: [Int]
    private let hours = WeightedDraw(Self.hourWeights)

    /// The strength no day exceeds: a Sunday of the Black Friday weekend.
    static let strengthMax = 4_356

    /// January to December, in thousandths.
    private static let months = [850, 800, 900, 900, 950, 900, 800, 850, 950, 1_050, 1_650, 1_450]
    /// Monday to Sunday, in thousandths.
    private static let weekdays = [1_000, 1_000, 950, 1_000, 950, 1_050, 1_200]
    private static let blackFriday = 2_200
    /// Midnight to eleven at night, UTC, for a shop whose customers live an hour or two ahead of it.
    private static let hourWeights = [
        4, 2, 1, 1, 2, 6, 14, 24, 34, 42, 46, 48, 44, 40, 38, 40, 44, 52, 64, 72, 66, 46, 24, 10,
    ]

    init(from: LocalDate, dayCount: Int) {
        let first = from.daysSinceEpoch
        strengths = (first..<first + dayCount).map { Self.strength(ofDay: $0) }
    }

    /// The strength of a day of the plan, counted from 0.
    func strength(day: Int) -> Int {
        strengths[day]
    }

    /// A second of the day at which a customer is likely to be awake.
    func secondOfDay(_ random: inout SeededRandom) -> Int {
        hours.draw(&random) * 3_600 + random.below(3_600)
    }

    /// Monday 0 to Sunday 6.
    static func weekday(ofDay daysSinceEpoch: Int) -> Int {
        // 1970-01-01 was a Thursday.
        let shifted = (daysSinceEpoch + 3) % 7
        return shifted < 0 ? shifted + 7 : shifted
    }

    private static func strength(ofDay daysSinceEpoch: Int) -> Int {
        let weekday = weekday(ofDay: daysSinceEpoch)
        let month = LocalDate(daysSinceEpoch: daysSinceEpoch).month
        let ordinary = months[month - 1] * weekdays[weekday] / 1_000
        return isBlackFridayWeekend(daysSinceEpoch, weekday: weekday) ? ordinary * blackFriday / 1_000 : ordinary
    }

    /// The Friday after the fourth Thursday of November, and the three days after it.
    private static func isBlackFridayWeekend(_ daysSinceEpoch: Int, weekday: Int) -> Bool {
        let daysAfterFriday = (weekday + 3) % 7
        guard daysAfterFriday <= 3 else { return false }
        let friday = LocalDate(daysSinceEpoch: daysSinceEpoch - daysAfterFriday)
        return friday.month == 11 && (23...29).contains(friday.day)
    }
}
