import SegmentModel
import Testing

@Suite struct CalendarRuleTests {
    @Test(arguments: [
        ("Europe/London", "P30D", "2026-04-10T00:30:00Z", "2026-03-11T01:30:00Z"),
        ("UTC", "P30D", "2026-04-10T00:30:00Z", "2026-03-11T00:30:00Z"),
        ("UTC", "P1M", "2026-03-31T12:00:00Z", "2026-02-28T12:00:00Z"),
        ("UTC", "P1Y", "2024-02-29T12:00:00Z", "2023-02-28T12:00:00Z"),
        ("UTC", "P1M1D", "2026-03-31T12:00:00Z", "2026-02-27T12:00:00Z"),
        ("UTC", "P1Y2M3DT4H", "2026-03-31T12:00:00Z", "2025-01-28T08:00:00Z"),
        ("UTC", "P2W", "2026-03-15T12:00:00.000001Z", "2026-03-01T12:00:00.000001Z"),
        // A day back into the gap, and the last second before it.
        ("Europe/London", "P1D", "2026-03-30T00:30:00Z", "2026-03-29T01:30:00Z"),
        ("Europe/London", "P1D", "2026-03-30T01:00:00Z", "2026-03-29T01:00:00Z"),
        // Into the overlap: the earlier. From both sides of it: the same.
        ("Europe/London", "P1D", "2026-10-26T01:30:00Z", "2026-10-25T00:30:00Z"),
        ("Europe/London", "P1D", "2026-10-25T00:30:00Z", "2026-10-24T00:30:00Z"),
        ("Europe/London", "P1D", "2026-10-25T01:30:00Z", "2026-10-24T00:30:00Z"),
        // Exact hours do not look at the wall, also not in an overlap.
        ("Europe/London", "PT24H", "2026-10-25T12:00:00Z", "2026-10-24T12:00:00Z"),
        ("Europe/London", "PT1S", "2026-10-25T01:30:00Z", "2026-10-25T01:29:59Z"),
        ("Pacific/Apia", "P1D", "2011-12-31T00:00:00Z", "2011-12-31T00:00:00Z"),
    ])
    func `a step back keeps the time on the wall`(name: String, text: String, now: String, result: String) throws {
        let rule = CalendarRule(zone: try ZoneFixture.zone(name))
        let stepped = rule.stepBack(try ZoneFixture.period(text), from: try ZoneFixture.at(now))
        #expect(stepped.description == result)
    }

    @Test(arguments: [
        ("UTC", "P1M", "2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z"),
        ("UTC", "P1M1D", "2026-01-31T12:00:00Z", "2026-03-01T12:00:00Z"),
        ("Europe/London", "P7D", "2026-03-25T12:00:00Z", "2026-04-01T11:00:00Z"),
        ("Europe/London", "P1DT12H", "2026-03-28T01:30:00Z", "2026-03-29T13:30:00Z"),
        ("America/New_York", "P1D", "2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z"),
    ])
    func `a step forward keeps the time on the wall`(name: String, text: String, now: String, result: String) throws {
        let rule = CalendarRule(zone: try ZoneFixture.zone(name))
        let stepped = rule.stepForward(try ZoneFixture.period(text), from: try ZoneFixture.at(now))
        #expect(stepped.description == result)
    }

    @Test func `days step over days, and clock units do not move them`() throws {
        let rule = CalendarRule(zone: .utc)
        let day = try ZoneFixture.day("2026-03-31")
        #expect(rule.back(try ZoneFixture.period("P1M1W"), from: day).description == "2026-02-21")
        #expect(rule.forward(try ZoneFixture.period("P1M1W"), from: day).description == "2026-05-07")
        #expect(rule.back(try ZoneFixture.period("PT48H"), from: day) == day)
    }
}
