internal import SegmentModel

/// A window with its bounds worked out as far as they do not move.
enum CompiledWindow: Hashable, Sendable {
    /// Both ends included. Microseconds since 1970, or days for values without a time.
    case fixed(Int64, Int64)
    /// The number of a period among the program's strides.
    case last(Int)
    case next(Int)
    case notLast(Int)
}

/// The distinct periods of a program while it is being compiled, and the zone its windows are fixed in.
struct WindowCompiler {
    private(set) var strides: [Stride] = []
    private var indices: [Period: Int] = [:]
    private let zone: TimeZoneRules

    init(zone: TimeZoneRules) {
        self.zone = zone
    }

    /// The number of a period.
    mutating func stride(_ period: Period) -> Int {
        if let known = indices[period] { return known }
        indices[period] = strides.count
        strides.append(Stride(period))
        return strides.count - 1
    }

    /// The window of instants.
    mutating func instants(_ window: Window) -> CompiledWindow {
        switch window {
        case .last(let period): .last(stride(period))
        case .next(let period): .next(stride(period))
        case .notLast(let period): .notLast(stride(period))
        case .after(let bound): .fixed(end(of: bound) + 1, .max)
        case .before(let bound): .fixed(.min, start(of: bound) - 1)
        case .between(let low, let high): .fixed(start(of: low), end(of: high))
        case .on(let day): .fixed(start(of: .day(day)), end(of: .day(day)))
        }
    }

    /// The window of calendar days.
    mutating func days(_ window: Window) -> CompiledWindow {
        switch window {
        case .last(let period): .last(stride(period))
        case .next(let period): .next(stride(period))
        case .notLast(let period): .notLast(stride(period))
        case .after(let bound): .fixed(day(of: bound) + 1, .max)
        case .before(let bound): .fixed(.min, day(of: bound) - 1)
        case .between(let low, let high): .fixed(day(of: low), day(of: high))
        case .on(let day): .fixed(Int64(day.daysSinceEpoch), Int64(day.daysSinceEpoch))
        }
    }

    private func start(of bound: DateBound) -> Int64 {
        switch bound {
        case .day(let day): zone.startOfDay(day).microseconds
        case .instant(let instant): instant.microseconds
        }
    }

    /// The last microsecond of the bound.
    private func end(of bound: DateBound) -> Int64 {
        switch bound {
        case .day(let day): zone.startOfDay(day.adding(days: 1)).microseconds - 1
        case .instant(let instant): instant.microseconds
        }
    }

    private func day(of bound: DateBound) -> Int64 {
        switch bound {
        case .day(let day): Int64(day.daysSinceEpoch)
        case .instant(let instant): Int64(zone.date(at: instant).daysSinceEpoch)
        }
    }
}
