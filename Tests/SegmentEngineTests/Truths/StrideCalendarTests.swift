import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite("Steps of prepared periods")
struct StrideCalendarTests {
    private static let periods = ["P1D", "P30D", "P1M", "P8M", "P1Y", "P1M2DT3H", "PT36H", "P1DT2H"]

    @Test("Steps and first crossings are those of the calendar rule", arguments: TruthEvaluatorTests.zones)
    func steps(zone: String) throws {
        let rules = try TruthWorld.zone(zone)
        let rule = CalendarRule(zone: rules)
        let strides = try Self.periods.map { Stride(try Period(iso8601: $0)) }
        let calendar = StrideCalendar(rules, strides: strides)
        var random = SeededGenerator(seed: 4)
        for _ in 0..<150 {
            let stride = random.pick(strides)
            let t = RandomEvents.instant(using: &random)
            let now = t.advanced(byMicroseconds: Int64.random(in: -400...400, using: &random) * 86_400_000_000)
            let back = rule.stepBack(stride.period, from: now)
            let forward = rule.stepForward(stride.period, from: now)
            #expect(calendar.step(stride, from: now.microseconds, isForward: false) == back.microseconds)
            #expect(calendar.step(stride, from: now.microseconds, isForward: true) == forward.microseconds)
            #expect(stride.shortest <= now.microseconds - back.microseconds)
            #expect(now.microseconds - back.microseconds <= stride.longest)
            let leaving = rule.backCrossings(of: t, period: stride.period, after: now).first?.microseconds ?? .max
            #expect(
                calendar.crossing(of: t.microseconds, stride, isForward: false, after: now.microseconds) == leaving)
            let entering = rule.forwardCrossings(of: t, period: stride.period, after: now).first?.microseconds ?? .max
            #expect(
                calendar.crossing(of: t.microseconds, stride, isForward: true, after: now.microseconds) == entering)
        }
    }
}
