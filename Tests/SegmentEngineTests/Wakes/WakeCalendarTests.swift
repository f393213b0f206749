import TestSupport
import Testing

@testable import SegmentEngine

@Suite("WakeCalendar")
struct WakeCalendarTests {
    private static let hour: Int64 = 3_600_000_000

    @Test("Wakes come out as from a sorted list of one wake per contact", arguments: 1...12)
    func followsAModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // From crowded instants to the whole calendar.
        let span = random.pick([50, Self.hour / 4, Self.hour * 3, Self.hour * 24 * 400, 125_000_000_000_000_000])
        let contactCount = Ordinal(random.pick([3, 40, 400]))
        var calendar = WakeCalendar()
        var model = WakeModel()
        var now = -span
        for _ in 0..<1_500 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<7:
                let ordinal = Ordinal.random(in: 0..<contactCount, using: &random)
                let instant = Self.instant(around: now, span: span, using: &random)
                calendar.schedule(ordinal, at: instant)
                model.schedule(ordinal, at: instant)
            case 7:
                expectNext(&calendar, model.next)
            default:
                now += Int64.random(in: 0...span / 40, using: &random)
                let limit = random.pick([0, 1, 5, 1_000])
                expectSameDue(&calendar, &model, through: now, limit: limit)
            }
            #expect(calendar.scheduledCount == model.wakes.count)
        }
        expectSameDue(&calendar, &model, through: .max, limit: .max)
        expectNext(&calendar, nil)
    }

    @Test("Many wakes at one instant come in the order of their ordinals, slice by slice")
    func midnightComesInSlices() {
        let midnight = Self.hour * 24 * 20_000
        var instants = [Int64](repeating: midnight, count: 3_000)
        instants[17] = Wake.never
        instants[18] = midnight - 1
        instants[19] = midnight + 1
        var calendar = WakeCalendar(instants: instants)
        #expect(calendar.scheduledCount == 2_999)
        expectNext(&calendar, midnight - 1)
        var due: [WakeCalendar.DueWake] = []
        calendar.takeDue(through: midnight - 2, limit: 10, into: &due)
        #expect(due.isEmpty)
        while calendar.next == midnight || due.isEmpty { calendar.takeDue(through: midnight, limit: 512, into: &due) }
        #expect(due.map(\.ordinal) == [18] + (0..<3_000).filter { !(17...19).contains($0) })
        expectNext(&calendar, midnight + 1)
        #expect(calendar.wake(of: 19) == midnight + 1)
        #expect(calendar.wake(of: 18) == nil)
    }

    @Test("A wake that is scheduled into the time being worked off comes in its turn")
    func takesLateWakesInTurn() {
        var calendar = WakeCalendar(instants: [100, 200, 300])
        var due: [WakeCalendar.DueWake] = []
        calendar.takeDue(through: 1_000, limit: 1, into: &due)
        calendar.schedule(0, at: 200)
        calendar.schedule(7, at: 50)
        calendar.schedule(2, at: nil)
        expectNext(&calendar, 50)
        calendar.takeDue(through: 1_000, limit: 10, into: &due)
        #expect(due.map(\.instant) == [100, 50, 200, 200])
        #expect(due.map(\.ordinal) == [0, 7, 0, 1])
        #expect(calendar.scheduledCount == 0)
    }

    @Test("A contact that leaves an hour and comes back to it wakes once")
    func comesBackOnce() {
        var calendar = WakeCalendar()
        let far = Self.hour * 100
        for instant in [far, far * 2, far + 5, nil, far + 5, far * 3, far + 9] { calendar.schedule(4, at: instant) }
        var due: [WakeCalendar.DueWake] = []
        calendar.takeDue(through: .max - 1, limit: 10, into: &due)
        #expect(due.map(\.instant) == [far + 9])
    }

    @Test("Entries left behind do not pile up, in near or far times", arguments: [1, 60, 3_600, 360_000])
    func staleEntriesAreBounded(stepSeconds: Int64) {
        var random = SeededGenerator(seed: 5)
        var calendar = WakeCalendar(instants: [Int64](repeating: 0, count: 200))
        var due: [WakeCalendar.DueWake] = []
        // Opens the hour of instant 0, so that what is near goes to the front.
        calendar.takeDue(through: 0, limit: 10, into: &due)
        for _ in 0..<30_000 {
            let steps = Int64.random(in: 0..<50, using: &random)
            calendar.schedule(Ordinal.random(in: 0..<200, using: &random), at: steps * stepSeconds * 1_000_000)
        }
        // Per bucket as many stale entries as live ones, or 32; in the front 1,024.
        #expect(calendar.entryCount <= 2 * calendar.scheduledCount + 1_024 + 50 * 33)
        calendar.takeDue(through: .max, limit: .max, into: &due)
        #expect(calendar.entryCount == 0)
    }

    @Test("Contacts that go to and fro between two instants leave nothing behind", arguments: [0, 100])
    func goingToAndFroIsBounded(hours: Int64) {
        var calendar = WakeCalendar(instants: [0])
        var due: [WakeCalendar.DueWake] = []
        calendar.takeDue(through: 0, limit: 1, into: &due)
        for step in 0..<Int64(10_000) {
            let instant = hours * Self.hour * (1 + step / 2 % 2) + step / 2 % 2
            calendar.schedule(Ordinal(step % 2), at: instant)
        }
        #expect(calendar.scheduledCount == 2)
        #expect(calendar.entryCount <= 2 + 1_024 + 2)
        calendar.takeDue(through: .max, limit: .max, into: &due)
        #expect(due.count == 3)
    }

    @Test("Hours that were emptied are forgotten")
    func emptyBucketsAreDropped() {
        var calendar = WakeCalendar()
        for step in 0..<Int64(20_000) { calendar.schedule(0, at: step * 2 * Self.hour) }
        #expect(calendar.byteCount < 200_000)
        expectNext(&calendar, 19_999 * 2 * Self.hour)
    }

    private static func instant(around now: Int64, span: Int64, using random: inout SeededGenerator) -> Int64? {
        if random.chance(0.1) { return random.chance(0.5) ? nil : Wake.never }
        // Mostly ahead, at times behind; many wakes share their instant.
        let offset = Int64.random(in: -span / 10...span, using: &random)
        return now + (random.chance(0.3) ? offset / 8 * 8 : offset / (span / 10) * (span / 10))
    }

    private func expectNext(
        _ calendar: inout WakeCalendar, _ instant: Int64?, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let next = calendar.next
        #expect(next == instant, sourceLocation: sourceLocation)
    }

    private func expectSameDue(
        _ calendar: inout WakeCalendar, _ model: inout WakeModel, through instant: Int64, limit: Int
    ) {
        var due: [WakeCalendar.DueWake] = []
        calendar.takeDue(through: instant, limit: limit, into: &due)
        let expected = model.takeDue(through: instant, limit: limit)
        #expect(due.map { Wake(instant: $0.instant, ordinal: $0.ordinal) } == expected)
    }
}

/// The calendar as a plain dictionary, sorted for every question.
private struct WakeModel {
    var wakes: [Ordinal: Int64] = [:]

    var next: Int64? { wakes.values.min() }

    mutating func schedule(_ ordinal: Ordinal, at instant: Int64?) {
        wakes[ordinal] = instant == Wake.never ? nil : instant
    }

    mutating func takeDue(through instant: Int64, limit: Int) -> [Wake] {
        let due = wakes.filter { $0.value <= instant }.map { Wake(instant: $0.value, ordinal: $0.key) }
        let taken = Array(due.sorted().prefix(limit))
        for wake in taken { wakes[wake.ordinal] = nil }
        return taken
    }
}
