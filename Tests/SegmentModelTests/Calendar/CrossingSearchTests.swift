import SegmentModel
import TestSupport
import Testing

/// Compares the crossings with a walk over all instants around them.
@Suite struct CrossingSearchTests {
    private static let cell: Int64 = 900_000_000
    private static let day: Int64 = 86_400_000_000
    private static let periods = [
        "P1D", "P7D", "P30D", "P1W", "P1M", "P3M", "P8M", "P1Y", "P1M1D", "P1Y2M3DT4H", "P1MT30M", "P11M30D", "PT30H",
        "P4Y",
    ]

    /// All changes of a truth within days of an instant, found by looking.
    ///
    /// In these zones and years every jump of a step lies on a quarter of an hour; between two quarters the step runs
    /// on evenly and the truth changes at most once.
    private func walk(around center: Instant, _ truth: (Instant) -> Bool) -> [Instant] {
        let start = (center.microseconds - 6 * Self.day) / Self.cell * Self.cell
        var changes: [Instant] = []
        var was = truth(Instant(microseconds: start - 1))
        for begin in stride(from: start, to: start + 12 * Self.day, by: Int(Self.cell)) {
            var low = begin
            var high = begin + Self.cell - 1
            let first = truth(Instant(microseconds: low))
            let last = truth(Instant(microseconds: high))
            if first != was { changes.append(Instant(microseconds: low)) }
            was = last
            guard first != last else { continue }
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if truth(Instant(microseconds: middle)) == first { low = middle } else { high = middle }
            }
            changes.append(Instant(microseconds: high))
        }
        return changes
    }

    /// An instant close to something that makes steps jump.
    private func interestingInstant(_ zone: TimeZoneRules, _ random: inout SeededGenerator) -> Instant {
        let year = Int.random(in: 2_005...2_045, using: &random)
        let monthEnd = LocalDate(daysSinceEpoch: (year - 1_970) * 365 + Int.random(in: 0..<365, using: &random))
        let first = zone.startOfDay(monthEnd.adding(days: 1 - monthEnd.day))
        let base = random.chance(0.5) ? first : zone.nextTransition(after: first) ?? first
        let quarters = Int64.random(in: -400...200, using: &random)
        let jitter = random.chance(0.5) ? 0 : Int64.random(in: 0..<Self.cell, using: &random)
        return base.advanced(byMicroseconds: quarters * Self.cell + jitter)
    }

    @Test(arguments: [
        "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Europe/Dublin", "Asia/Beirut",
        "America/Havana", "UTC",
    ])
    func `crossings are those that a walk finds`(name: String) throws {
        let zone = try ZoneFixture.zone(name)
        var random = SeededGenerator(seed: 2_026)
        for _ in 0..<20 { try compare(zone, at: interestingInstant(zone, &random), &random) }
    }

    @Test func `crossings are those that a walk finds around a skipped day`() throws {
        let zone = try ZoneFixture.zone("Pacific/Apia")
        let skip = try ZoneFixture.at("2011-12-30T10:00:00Z")
        var random = SeededGenerator(seed: 30)
        for _ in 0..<40 {
            let step = Int64.random(in: -3 * Self.day...3 * Self.day, using: &random)
            let instant = skip.advanced(byMicroseconds: random.chance(0.5) ? step : step / Self.cell * Self.cell)
            try compare(zone, at: instant, &random)
        }
    }

    /// Compares both directions with `now` and, so that the step lands there, with the target at the instant.
    private func compare(_ zone: TimeZoneRules, at instant: Instant, _ random: inout SeededGenerator) throws {
        let rule = CalendarRule(zone: zone)
        let period = try ZoneFixture.period(random.pick(Self.periods))
        let isTarget = random.chance(0.5)
        if random.chance(0.5) {
            let target = isTarget ? instant : rule.stepBack(period, from: instant)
            let found = rule.backCrossings(of: target, period: period, after: .earliest)
            let walked = walk(around: isTarget ? rule.stepForward(period, from: instant) : instant) {
                rule.stepBack(period, from: $0) >= target
            }
            #expect(found == walked, "\(zone.name), \(period) back to \(target)")
        } else {
            let target = isTarget ? instant : rule.stepForward(period, from: instant)
            let found = rule.forwardCrossings(of: target, period: period, after: .earliest)
            let walked = walk(around: isTarget ? rule.stepBack(period, from: instant) : instant) {
                rule.stepForward(period, from: $0) >= target
            }
            #expect(found == walked, "\(zone.name), \(period) forward to \(target)")
        }
    }
}
