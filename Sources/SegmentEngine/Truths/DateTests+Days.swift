internal import SegmentModel

// Calendar days in moving windows. Truth depends on today alone, and steps between days never decrease, so that each
// window has one first and one last day on which it holds.
extension DateTests {
    /// Appends what holds for a calendar day, and brings `edge` forward to the next instant at which that can change.
    func match(day: Int, _ clock: WindowClock, edge: inout Int64, into payloads: inout [UInt32]) {
        matchFixed(Int64(day), into: &payloads)
        guard !moving.isEmpty else { return }
        let today = clock.today
        var next = Int.max
        for entry in moving {
            let days: Range<Int>
            switch entry.window {
            case .fixed: continue
            case .last(let index): days = day..<clock.firstDay(steppingBackPast: day, index)
            case .next(let index): days = clock.firstDay(steppingForwardTo: day, index)..<(day + 1)
            case .notLast(let index): days = clock.firstDay(steppingBackPast: day, index)..<Int.max
            }
            if days.contains(today) != entry.isInverted { payloads.append(contentsOf: entry.payloads) }
            if days.lowerBound > today { next = min(next, days.lowerBound) }
            if days.upperBound > today { next = min(next, days.upperBound) }
        }
        clock.bringForward(&edge, toDay: next)
    }
}

extension WindowClock {
    /// Brings the edge forward to the beginning of a day ahead (`Int.max` for none), and to where today may fall back.
    func bringForward(_ edge: inout Int64, toDay day: Int) {
        if day != .max { edge = min(edge, calendar.start(ofDay: day, after: now)) }
        edge = min(edge, calendar.zone.nextFallback(after: now))
    }

    /// The first day from which a period back leads past `day`.
    func firstDay(steppingBackPast day: Int, _ index: Int) -> Int {
        let stride = stride(index)
        guard stride.months != 0 else { return day + stride.days + 1 }
        let target = LocalDate(daysSinceEpoch: day)
        var first = calendar.rule.forward(stride.period, from: target)
        while calendar.rule.back(stride.period, from: first) <= target { first = first.adding(days: 1) }
        while calendar.rule.back(stride.period, from: first.adding(days: -1)) > target {
            first = first.adding(days: -1)
        }
        return first.daysSinceEpoch
    }

    /// The first day from which a period forward leads to `day` or past it.
    func firstDay(steppingForwardTo day: Int, _ index: Int) -> Int {
        let stride = stride(index)
        guard stride.months != 0 else { return day - stride.days }
        let target = LocalDate(daysSinceEpoch: day)
        var first = calendar.rule.back(stride.period, from: target)
        while calendar.rule.forward(stride.period, from: first) < target { first = first.adding(days: 1) }
        while calendar.rule.forward(stride.period, from: first.adding(days: -1)) >= target {
            first = first.adding(days: -1)
        }
        return first.daysSinceEpoch
    }
}

/// The tests of a birthday.
struct BirthdayTests: Sendable {
    private struct Within: Sendable {
        var isNext: Bool
        var stride: Int
        var isInverted: Bool
        var payload: UInt32
    }

    /// Tests that do not move, tried one by one.
    private var fixed: [(test: BirthdayTest, isInverted: Bool, payload: UInt32)] = []
    private var moving: [Within] = []

    var isEmpty: Bool { fixed.isEmpty && moving.isEmpty }

    /// Adds a test; with `isInverted`, of a birthday that does not pass it.
    mutating func add(_ test: BirthdayTest, isInverted: Bool, _ payload: UInt32, _ compiler: inout WindowCompiler) {
        switch test {
        case .within(.last(let period)):
            let stride = compiler.stride(period)
            moving.append(Within(isNext: false, stride: stride, isInverted: isInverted, payload: payload))
        case .within(.next(let period)):
            let stride = compiler.stride(period)
            moving.append(Within(isNext: true, stride: stride, isInverted: isInverted, payload: payload))
        case .is, .monthIs, .isBlank, .isNotBlank: fixed.append((test, isInverted, payload))
        }
    }

    /// Appends what holds for a birthday, and brings `edge` forward to the next instant at which that can change.
    func match(_ birthday: MonthDay, _ clock: WindowClock, edge: inout Int64, into payloads: inout [UInt32]) {
        for entry in fixed where holds(entry.test, birthday) != entry.isInverted { payloads.append(entry.payload) }
        guard !moving.isEmpty else { return }
        var next = Int.max
        for entry in moving {
            let isInside = isInside(entry, birthday, clock, next: &next)
            if isInside != entry.isInverted { payloads.append(entry.payload) }
        }
        clock.bringForward(&edge, toDay: next)
    }

    private func holds(_ test: BirthdayTest, _ birthday: MonthDay) -> Bool {
        switch test {
        case .is(let operand): birthday == operand
        case .monthIs(let month): birthday.month == month
        case .isNotBlank: true
        case .isBlank, .within: false
        }
    }

    /// Whether a celebration falls between today and the far end of the window; `next` comes forward to the first day
    /// on which another one comes in or one goes out.
    private func isInside(_ entry: Within, _ birthday: MonthDay, _ clock: WindowClock, next: inout Int) -> Bool {
        let today = LocalDate(daysSinceEpoch: clock.today)
        let period = clock.stride(entry.stride).period
        if entry.isNext {
            let end = clock.calendar.rule.forward(period, from: today)
            let first = BirthdayTests.celebration(of: birthday, from: today)
            let coming = BirthdayTests.celebration(of: birthday, from: end.adding(days: 1)).daysSinceEpoch
            next = min(next, first.daysSinceEpoch + 1)
            next = min(next, clock.firstDay(steppingForwardTo: coming, entry.stride))
            return first <= end
        }
        let start = clock.calendar.rule.back(period, from: today)
        let first = BirthdayTests.celebration(of: birthday, from: start)
        let coming = BirthdayTests.celebration(of: birthday, from: today.adding(days: 1))
        next = min(next, coming.daysSinceEpoch)
        next = min(next, clock.firstDay(steppingBackPast: first.daysSinceEpoch, entry.stride))
        return first <= today
    }

    /// The first celebration on a day or after it.
    private static func celebration(of birthday: MonthDay, from day: LocalDate) -> LocalDate {
        let celebration = birthday.celebrated(in: day.year)
        return celebration >= day ? celebration : birthday.celebrated(in: day.year + 1)
    }
}
