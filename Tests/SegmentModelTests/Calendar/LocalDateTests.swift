import SegmentModel
import TestSupport
import Testing

@Suite struct LocalDateTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-03-01", 20_513), ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ])
    func `a date and its days since the epoch name each other`(text: String, days: Int) throws {
        let date = try LocalDate(iso: text)
        #expect(date.daysSinceEpoch == days)
        #expect(LocalDate(daysSinceEpoch: days) == date)
        #expect(date.description == text)
    }

    @Test func `each day follows the one before it over a whole era`() {
        var date = LocalDate(daysSinceEpoch: -146_097)
        for days in -146_096...1 {
            let next = LocalDate(daysSinceEpoch: days)
            let isLastOfMonth = date.day == LocalDate.daysInMonth(date.month, year: date.year)
            let isNext = isLastOfMonth ? next.day == 1 : (next.month == date.month && next.day == date.day + 1)
            guard isNext, date < next, next.daysSinceEpoch == days else {
                Issue.record("\(next) does not follow \(date)")
                return
            }
            date = next
        }
    }

    @Test(arguments: [
        ("2026-1-31", "not of the form"), ("2026-01-31T", "not of the form"), ("", "not of the form"),
        ("20260131", "not of the form"), ("2026-02-29", "February 2026 has no day 29"),
        ("2026-04-31", "April 2026 has no day 31"), ("2026-13-01", "months are"), ("0000-01-01", "years are"),
    ])
    func `a faulty date is refused with its reason`(text: String, reason: String) {
        let error = #expect(throws: ValueError.self) { try LocalDate(iso: text) }
        #expect(error?.message.contains(reason) == true)
    }

    @Test(arguments: [
        ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", -12, "2023-02-28"), ("2026-12-31", 2, "2027-02-28"),
        ("2026-01-15", -1, "2025-12-15"), ("2026-01-15", -13, "2024-12-15"), ("2026-05-31", 1, "2026-06-30"),
        ("2026-05-31", 0, "2026-05-31"),
    ])
    func `months keep the day or take the last one`(text: String, months: Int, result: String) throws {
        #expect(try LocalDate(iso: text).adding(months: months).description == result)
    }

    @Test func `days are counted over months and years`() throws {
        #expect(try LocalDate(iso: "2024-02-28").adding(days: 2).description == "2024-03-01")
        #expect(try LocalDate(iso: "2026-01-01").adding(days: -1).description == "2025-12-31")
    }

    @Test func `a birthday on 29 February is celebrated on the 28th in common years`() throws {
        let leapDay = try MonthDay(text: "02-29")
        #expect(leapDay.celebrated(in: 2_024).description == "2024-02-29")
        #expect(leapDay.celebrated(in: 2_025).description == "2025-02-28")
        #expect(leapDay.celebrated(in: 1_900).description == "1900-02-28")
        #expect(try MonthDay(text: "12-31").celebrated(in: 2_025).description == "2025-12-31")
        #expect(leapDay.description == "02-29")
    }

    @Test(arguments: [
        ("02-30", "February has no day 30 in any year"), ("04-31", "April has no day 31"), ("13-01", "months are"),
        ("3-14", "not of the form"), ("03-14x", "not of the form"), ("2026-03-14", "not of the form"),
        ("01-00", "days begin at 01"),
    ])
    func `a faulty day of the year is refused with its reason`(text: String, reason: String) {
        let error = #expect(throws: ValueError.self) { try MonthDay(text: text) }
        #expect(error?.message.contains(reason) == true)
    }

    @Test func `parts that name no day make no date`() {
        #expect(LocalDate(year: 2_026, month: 2, day: 29) == nil)
        #expect(LocalDate(year: 10_000, month: 1, day: 1) == nil)
        #expect(LocalDate(year: 2_024, month: 2, day: 29) != nil)
        #expect(MonthDay(month: 2, day: 30) == nil)
    }
}
