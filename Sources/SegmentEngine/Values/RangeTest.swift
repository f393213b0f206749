internal import SegmentModel

/// A test of one whole number or instant: whether it lies between two ends, both included, or outside.
struct RangeTest: BitwiseCopyable, Equatable, Sendable {
    /// Above `high` if nothing lies inside.
    var low = Int64.min
    var high = Int64.max
    var isInverted = false

    /// Passed by nothing.
    static let never = RangeTest(low: .max, high: .min)

    /// Compared without a branch.
    @inline(__always)
    func holds(_ value: Int64) -> Bool {
        let isAbove = unsafeBitCast(low <= value, to: UInt8.self)
        let isBelow = unsafeBitCast(value <= high, to: UInt8.self)
        return unsafeBitCast(isAbove & isBelow ^ unsafeBitCast(isInverted, to: UInt8.self), to: Bool.self)
    }
}

// Numbers.
extension RangeTest {
    /// The test of a number that is there, for values in a unit of that many billionths; nil if it is not one range.
    init?(_ test: NumberTest, unit: Int128) {
        switch test {
        case .is(let operand): self.init(from: operand.billionths, through: operand.billionths, unit: unit)
        case .isNot(let operand):
            self.init(from: operand.billionths, through: operand.billionths, unit: unit)
            isInverted = true
        case .lessThan(let operand): self.init(through: operand.billionths - 1, unit: unit)
        case .atMost(let operand): self.init(through: operand.billionths, unit: unit)
        case .greaterThan(let operand): self.init(from: operand.billionths + 1, unit: unit)
        case .atLeast(let operand): self.init(from: operand.billionths, unit: unit)
        case .between(let low, let high): self.init(from: low.billionths, through: high.billionths, unit: unit)
        case .isBlank: self = .never
        case .isNotBlank: self.init()
        case .in, .notIn: return nil
        }
    }

    /// Values from one number of billionths through another.
    private init(from first: Int128 = .min, through last: Int128 = .max, unit: Int128) {
        // Rounded towards the inside.
        let low = first / unit + (first > 0 && first % unit != 0 ? 1 : 0)
        let high = last / unit - (last < 0 && last % unit != 0 ? 1 : 0)
        self = low > high || low > Int128(Int64.max) || high < Int128(Int64.min) ? .never : RangeTest()
        if self.low > self.high { return }
        self.low = Int64(clamping: low)
        self.high = Int64(clamping: high)
    }
}

// Instants, in microseconds since 1970.
extension RangeTest {
    /// The test of an instant that is there.
    init(_ test: DateTest, at now: Instant, in zone: TimeZoneRules) {
        switch test {
        case .within(let window): self.init(window, at: now, in: zone)
        case .notWithin(let window):
            self.init(window, at: now, in: zone)
            isInverted = true
        case .isBlank: self = .never
        case .isNotBlank: self.init()
        }
    }

    /// The instants that lie in a window.
    init(_ window: Window, at now: Instant, in zone: TimeZoneRules) {
        let calendar = CalendarRule(zone: zone)
        switch window {
        case .last(let period):
            self.init(low: calendar.stepBack(period, from: now).microseconds + 1, high: now.microseconds)
        case .next(let period):
            self.init(low: now.microseconds + 1, high: calendar.stepForward(period, from: now).microseconds)
        case .notLast(let period): self.init(high: calendar.stepBack(period, from: now).microseconds)
        case .after, .before, .between, .on:
            var compiler = WindowCompiler(zone: zone)
            guard case .fixed(let low, let high) = compiler.instants(window) else {
                preconditionFailure("a window without a period stands still")
            }
            self.init(low: low, high: high)
        }
    }
}
