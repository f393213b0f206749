internal import SegmentModel

/// The tests of a birthday.
struct BirthdayTests: Sendable {
    private struct Within: Sendable {
        var isNext: Bool
        var stride: Int
        var isInverted: Bool
        var number: UInt32
    }

    /// Tests that do not move, tried one by one.
    private var fixed: [(test: BirthdayTest, isInverted: Bool, number: UInt32)] = []
    private var moving: [Within] = []

    var isEmpty: Bool { fixed.isEmpty && moving.isEmpty }
    /// Whether time changes nothing.
    var isTimeless: Bool { moving.isEmpty }

    /// Adds a test; with `isInverted`, of a birthday that does not pass it.
    mutating func add(_ test: BirthdayTest, isInverted: Bool, _ number: UInt32, _ compiler: inout WindowCompiler) {
        switch test {
        case .within(.last(let period)):
            let stride = compiler.stride(period)
            moving.append(Within(isNext: false, stride: stride, isInverted: isInverted, number: number))
        case .within(.next(let period)):
            let stride = compiler.stride(period)
            moving.append(Within(isNext: true, stride: stride, isInverted: isInverted, number: number))
        case .is, .monthIs, .isBlank, .isNotBlank: fixed.append((test, isInverted, number))
        }
    }

    /// What holds for a birthday on a day.
    ///
    /// - Returns: the next day on which that can change; `Int.max` if there is none.
    func match(_ birthday: MonthDay, today: Int, _ calendar: StrideCalendar, into numbers: inout [UInt32]) -> Int {
        for entry in fixed where holds(entry.test, birthday) != entry.isInverted { numbers.append(entry.number) }
        var next = Int.max
        for entry in moving {
            let isInside = isInside(entry, birthday, today: today, calendar, next: &next)
            if isInside != entry.isInverted { numbers.append(entry.number) }
        }
        return next
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
    private func isInside(
        _ entry: Within, _ birthday: MonthDay, today day: Int, _ calendar: StrideCalendar, next: inout Int
    ) -> Bool {
        let today = LocalDate(daysSinceEpoch: day)
        let period = calendar.strides[entry.stride].period
        if entry.isNext {
            let end = calendar.rule.forward(period, from: today)
            let first = BirthdayTests.celebration(of: birthday, from: today)
            let coming = BirthdayTests.celebration(of: birthday, from: end.adding(days: 1)).daysSinceEpoch
            next = min(next, first.daysSinceEpoch + 1)
            next = min(next, calendar.firstDay(steppingForwardTo: coming, entry.stride))
            return first <= end
        }
        let start = calendar.rule.back(period, from: today)
        let first = BirthdayTests.celebration(of: birthday, from: start)
        let coming = BirthdayTests.celebration(of: birthday, from: today.adding(days: 1))
        next = min(next, coming.daysSinceEpoch)
        next = min(next, calendar.firstDay(steppingBackPast: first.daysSinceEpoch, entry.stride))
        return first <= today
    }

    /// The first celebration on a day or after it.
    private static func celebration(of birthday: MonthDay, from day: LocalDate) -> LocalDate {
        let celebration = birthday.celebrated(in: day.year)
        return celebration >= day ? celebration : birthday.celebrated(in: day.year + 1)
    }
}
