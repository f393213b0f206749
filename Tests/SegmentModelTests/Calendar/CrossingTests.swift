import SegmentModel
import TestSupport
import Testing

@Suite struct CrossingTests {
    private func crossings(_ name: String, _ text: String, of instant: String) throws -> [String] {
        let rule = CalendarRule(zone: try ZoneFixture.zone(name))
        return rule.backCrossings(
            of: try ZoneFixture.at(instant), period: try ZoneFixture.period(text), after: .earliest
        ).map(\.description)
    }

    @Test func `an ordinary window is left once`() throws {
        #expect(
            try crossings("Europe/London", "P30D", of: "2026-06-01T12:00:00.000001Z") == ["2026-07-01T12:00:00.000001Z"]
        )
        #expect(try crossings("Europe/London", "P30D", of: "2026-03-11T01:30:00Z") == ["2026-04-10T00:30:00Z"])
        #expect(try crossings("Europe/London", "PT30H", of: "2026-03-28T12:00:00Z") == ["2026-03-29T18:00:00Z"])
        #expect(try crossings("UTC", "P1MT1H", of: "2026-06-15T12:00:00Z") == ["2026-07-15T13:00:00Z"])
    }

    @Test func `an order of 28 February leaves its month on each of the last days of March`() throws {
        #expect(
            try crossings("UTC", "P1M", of: "2026-02-28T12:00:00Z") == [
                "2026-03-28T12:00:00Z", "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z", "2026-03-30T00:00:00Z",
                "2026-03-30T12:00:00Z", "2026-03-31T00:00:00Z", "2026-03-31T12:00:00Z",
            ])
        #expect(try crossings("UTC", "P1M", of: "2026-02-28T00:00:00Z") == ["2026-03-28T00:00:00Z"])
        #expect(try crossings("UTC", "P1Y", of: "2023-02-28T06:00:00Z").count == 3)
    }

    @Test func `an order of 31 March leaves its month when April is over`() throws {
        #expect(try crossings("UTC", "P1M", of: "2026-03-31T12:00:00Z") == ["2026-05-01T00:00:00Z"])
    }

    @Test func `an order in the hour after a gap leaves its day twice`() throws {
        #expect(
            try crossings("Europe/London", "P1D", of: "2026-03-29T01:30:00Z") == [
                "2026-03-30T00:30:00Z", "2026-03-30T01:00:00Z", "2026-03-30T01:30:00Z",
            ])
    }

    @Test func `a gap at the end of a short month is met from each of the days that lead there`() throws {
        // The clocks go forward on 30 April at two o'clock; 30 and 31 May are both a month after it.
        let rule = CalendarRule(zone: try ZoneFixture.zone(footer: "AAA0BBB,J120/2,J300/2"))
        let order = try ZoneFixture.at("2026-04-30T02:30:00Z")
        let crossings = rule.backCrossings(of: order, period: try ZoneFixture.period("P1M"), after: .earliest)
        #expect(
            crossings.map(\.description) == [
                "2026-05-30T01:30:00Z", "2026-05-30T02:00:00Z", "2026-05-30T02:30:00Z", "2026-05-30T23:00:00Z",
                "2026-05-31T01:30:00Z", "2026-05-31T02:00:00Z", "2026-05-31T02:30:00Z",
            ])
    }

    @Test func `an hour that comes twice is left twice`() throws {
        #expect(
            try crossings("Europe/London", "P1D", of: "2026-10-24T00:30:00Z") == [
                "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z",
            ])
    }

    @Test func `only crossings after the given instant are named`() throws {
        let rule = CalendarRule(zone: .utc)
        let order = try ZoneFixture.at("2026-02-28T12:00:00Z")
        let month = try ZoneFixture.period("P1M")
        let last = try ZoneFixture.at("2026-03-31T12:00:00Z")
        #expect(rule.backCrossings(of: order, period: month, after: last) == [])
        let justBefore = last.advanced(byMicroseconds: -1)
        #expect(rule.backCrossings(of: order, period: month, after: justBefore) == [last])
        let hours = try ZoneFixture.period("PT1H")
        #expect(
            rule.backCrossings(of: order, period: hours, after: order.advanced(byMicroseconds: 3_600_000_000)) == [])
    }

    @Test func `a window forward is entered when its end passes the instant`() throws {
        let rule = CalendarRule(zone: try ZoneFixture.zone("Europe/London"))
        let instant = try ZoneFixture.at("2026-04-01T11:00:00Z")
        let week = try ZoneFixture.period("P7D")
        #expect(
            rule.forwardCrossings(of: instant, period: week, after: .earliest).map(\.description) == [
                "2026-03-25T12:00:00Z"
            ])
    }

    @Test func `a day begins more than once where the clocks go back across midnight`() throws {
        // St. John's, 7 November 2010: at one minute past midnight it became one minute past eleven.
        let rule = CalendarRule(zone: try ZoneFixture.zone("America/St_Johns"))
        let day = try ZoneFixture.day("2010-11-07")
        #expect(
            rule.dayCrossings(of: day, after: .earliest).map(\.description) == [
                "2010-11-07T02:30:00Z", "2010-11-07T02:31:00Z", "2010-11-07T03:30:00Z",
            ])
        #expect(rule.dayCrossings(of: day, after: rule.startOfDay(day)).count == 2)
        let ordinary = try ZoneFixture.day("2010-06-01")
        #expect(rule.dayCrossings(of: ordinary, after: .earliest) == [rule.startOfDay(ordinary)])
        let apia = CalendarRule(zone: try ZoneFixture.zone("Pacific/Apia"))
        let skipped = try ZoneFixture.day("2011-12-30")
        #expect(apia.dayCrossings(of: skipped, after: .earliest) == [apia.startOfDay(skipped)])
    }

    @Test func `crossings are found at both ends of time`() throws {
        let rule = CalendarRule(zone: try ZoneFixture.zone("America/New_York"))
        let millennium = try ZoneFixture.period("P1000Y")
        for instant in [Instant.earliest, .latest] {
            for found in [
                rule.backCrossings(of: instant, period: millennium, after: Instant(microseconds: .min)),
                rule.forwardCrossings(of: instant, period: millennium, after: Instant(microseconds: .min)),
            ] {
                #expect(found.count == 1)
            }
        }
    }
}
