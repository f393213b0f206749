import SegmentModel
import Testing

@Suite struct PeriodTests {
    @Test(arguments: [
        ("P30D", "P30D", "30 days"), ("P8M", "P8M", "8 months"), ("P2W", "P2W", "2 weeks"), ("P1D", "P1D", "1 day"),
        ("PT30H", "PT30H", "30 hours"), ("PT1M", "PT1M", "1 minute"), ("P1M", "P1M", "1 month"),
        ("P1Y2M", "P1Y2M", "1 year and 2 months"), ("P0Y030D", "P30D", "30 days"),
        ("P1Y2M3DT4H", "P1Y2M3DT4H", "1 year, 2 months, 3 days and 4 hours"),
        ("P1W1DT0H5M6S", "P1W1DT5M6S", "1 week, 1 day, 5 minutes and 6 seconds"),
        ("P1000Y", "P1000Y", "1000 years"),
    ])
    func `a period is read, written and put in words`(text: String, canonical: String, phrase: String) throws {
        let period = try Period(iso8601: text)
        #expect(period.description == canonical)
        #expect(period.phrase == phrase)
        #expect(try Period(iso8601: canonical) == period)
    }

    @Test(arguments: [
        ("", "does not begin with P"), ("30D", "does not begin with P"), ("-P30D", "does not begin with P"),
        ("p30d", "does not begin with P"), ("P", "no time at all"), ("P0D", "no time at all"),
        ("PT0S", "no time at all"), ("PT", "nothing follows the T"), ("P1DT", "nothing follows the T"),
        ("P1", "has no unit"), ("PD", "whole numbers"), ("P1.5D", "the units are"), ("P-1D", "whole numbers"),
        ("P1H", "the units are"), ("PT1D", "the units are"), ("P1D1M", "the units are"), ("P1D1D", "the units are"),
        ("PT1H1H", "the units are"), ("PT1HT1M", "whole numbers"), ("P30d", "the units are"),
        ("P30D ", "whole numbers"),
        ("P1001Y", "longer than about a thousand years"), ("P366001D", "longer than"),
        ("P999Y999M", "longer than"), ("PT99999999999S", "longer than"), ("P999999999999D", "at most 11 digits"),
        ("P99999999999Y", "longer than"),
    ])
    func `a faulty period is refused with its reason`(text: String, reason: String) {
        let error = #expect(throws: ValueError.self) { try Period(iso8601: text) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test func `clock units are exact and calendar units are not`() throws {
        let mixed = try Period(iso8601: "P1DT1H1M1S")
        #expect(!mixed.isCalendarOnly)
        #expect(mixed.exactMicroseconds == 3_661_000_000)
        let calendar = try Period(iso8601: "P1Y1W")
        #expect(calendar.isCalendarOnly)
        #expect(calendar.exactMicroseconds == 0)
    }

    @Test func `a period is made of counts that are not negative and not all zero`() {
        #expect(Period(days: 30)?.description == "P30D")
        #expect(Period() == nil)
        #expect(Period(days: 30, hours: -1) == nil)
        #expect(Period(years: .max) == nil)
    }
}
