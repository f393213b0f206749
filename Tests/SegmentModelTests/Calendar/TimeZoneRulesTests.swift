import SegmentModel
import TestSupport
import Testing

@Suite struct TimeZoneRulesTests {
    /// Offsets taken from another implementation of the same tables.
    @Test(arguments: [
        ("Europe/London", "1800-01-01T00:00:00Z", -75), ("Europe/London", "1941-07-01T00:00:00Z", 7_200),
        ("Europe/London", "2026-03-29T00:59:59.999999Z", 0), ("Europe/London", "2026-03-29T01:00:00Z", 3_600),
        ("Europe/London", "2026-10-25T00:59:59Z", 3_600), ("Europe/London", "2026-10-25T01:00:00Z", 0),
        ("Europe/London", "2345-07-01T00:00:00Z", 3_600), ("Europe/London", "9999-12-31T23:59:59Z", 0),
        ("Europe/Dublin", "2026-01-01T00:00:00Z", 0), ("Europe/Dublin", "2150-07-01T00:00:00Z", 3_600),
        ("America/New_York", "2026-03-08T06:59:59Z", -18_000), ("America/New_York", "2026-03-08T07:00:00Z", -14_400),
        ("America/New_York", "2200-11-02T05:59:59Z", -14_400), ("America/New_York", "2200-11-02T06:00:00Z", -18_000),
        ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600),
        ("Australia/Lord_Howe", "2026-07-01T00:00:00Z", 37_800),
        ("Australia/Lord_Howe", "2500-01-01T00:00:00Z", 39_600), ("Pacific/Apia", "2011-12-30T09:59:59Z", -36_000),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", 50_400), ("America/Sao_Paulo", "2500-01-01T00:00:00Z", -10_800),
        ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700),
    ])
    func `a zone has its offset`(name: String, instant: String, seconds: Int) throws {
        let zone = try ZoneFixture.zone(name)
        #expect(zone.offsetSeconds(at: try ZoneFixture.at(instant)) == seconds)
    }

    @Test(arguments: [
        // Weekday rules, by hours beyond the day, to the east.
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59Z", 7_200),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10_800),
        // A rule before midnight.
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7_200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3_600),
        // Daylight saving time below standard time.
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3_600),
        // J60 is 1 March in every year, 60 is 1 March in common years and 29 February in leap years; default two o'clock.
        ("AAA0BBB,J60,J300", "2024-03-01T01:59:59Z", 0), ("AAA0BBB,J60,J300", "2024-03-01T02:00:00Z", 3_600),
        ("AAA0BBB,59,300", "2024-02-29T02:00:00Z", 3_600), ("AAA0BBB,59,300", "2025-02-28T02:00:00Z", 0),
        ("AAA0BBB,59,300", "2025-03-01T02:00:00Z", 3_600),
        // Southern summer lies over the new year.
        ("AAA-10BBB,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39_600),
        ("AAA-10BBB,M10.1.0,M4.1.0/3", "2026-06-01T00:00:00Z", 36_000),
        // Daylight saving time in every second of the year.
        ("EST5EDT,0/0,J365/25", "2026-01-01T04:30:00Z", -14_400),
        ("EST5EDT,0/0,J365/25", "2026-06-01T00:00:00Z", -14_400),
        ("<+0530>-5:30:15", "2026-06-01T00:00:00Z", 19_815), ("UTC0", "2026-06-01T00:00:00Z", 0),
    ])
    func `a rule for all years gives its offset`(footer: String, instant: String, seconds: Int) throws {
        let zone = try ZoneFixture.zone(footer: footer)
        #expect(zone.offsetSeconds(at: try ZoneFixture.at(instant)) == seconds)
    }

    @Test func `transitions follow each other through the table into the rule`() throws {
        let zone = try ZoneFixture.zone("Europe/London")
        var instant = try ZoneFixture.at("2026-01-01T00:00:00Z")
        for year in 2_026...2_250 {
            for month in [3, 10] {
                let next = try #require(zone.nextTransition(after: instant))
                let date = try #require(LocalDate(year: year, month: month, day: 31))
                let sunday = date.adding(days: -((date.daysSinceEpoch + 4) % 7))
                #expect(next.microseconds == (Int64(sunday.daysSinceEpoch) * 24 + 1) * 3_600_000_000)
                instant = next
            }
        }
        #expect(try ZoneFixture.zone("Asia/Tokyo").nextTransition(after: instant) == nil)
        #expect(TimeZoneRules.utc.nextTransition(after: .earliest) == nil)
    }

    @Test(arguments: [
        // In the gap of 29 March, forward by its length; in the overlap of 25 October, the earlier.
        ("Europe/London", "2026-03-29", 90, "2026-03-29T01:30:00Z"),
        ("Europe/London", "2026-03-29", 60, "2026-03-29T01:00:00Z"),
        ("Europe/London", "2026-03-29", 120, "2026-03-29T01:00:00Z"),
        ("Europe/London", "2026-10-25", 90, "2026-10-25T00:30:00Z"),
        ("Europe/London", "2026-10-25", 120, "2026-10-25T02:00:00Z"),
        ("Europe/London", "2026-07-01", 0, "2026-06-30T23:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", 135, "2026-10-03T15:45:00Z"),
        // 30 December 2011 does not exist in Apia: moved by a day.
        ("Pacific/Apia", "2011-12-30", 720, "2011-12-30T22:00:00Z"),
    ])
    func `a time on the wall has its instant`(name: String, date: String, minutes: Int64, instant: String) throws {
        let wall = WallClock(date: try ZoneFixture.day(date), microsecondOfDay: minutes * 60_000_000)
        #expect(try ZoneFixture.zone(name).instant(of: wall).description == instant)
    }

    @Test(arguments: [
        ("Europe/London", "2026-03-29", "2026-03-29T00:00:00Z"),
        ("Europe/London", "2026-03-30", "2026-03-29T23:00:00Z"),
        // Midnight is skipped.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        // At midnight the clocks go back an hour.
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"),
        // From half past eleven to half past midnight.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
        // A day that does not exist begins with the next.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"), ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"),
    ])
    func `a day begins at its first instant`(name: String, date: String, instant: String) throws {
        #expect(try ZoneFixture.zone(name).startOfDay(try ZoneFixture.day(date)).description == instant)
    }

    @Test(arguments: ["Europe/London", "America/St_Johns", "Pacific/Apia", "Asia/Tehran", "Africa/Casablanca", "UTC"])
    func `what the wall shows leads back to the instant or to the earlier one that shows it`(name: String) throws {
        let zone = try ZoneFixture.zone(name)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let instant = Instant(
                microseconds: Int64.random(in: -3_000_000_000_000_000...9_000_000_000_000_000, using: &random))
            let wall = zone.wallClock(at: instant)
            let back = zone.instant(of: wall)
            #expect(back <= instant)
            #expect(zone.wallClock(at: back) == wall)
            #expect(zone.date(at: instant) == wall.date)
            #expect(zone.startOfDay(wall.date) <= instant)
        }
    }
}
