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

/// The tests of one date, gathered before they become `DateTests`.
struct DateTestList {
    fileprivate private(set) var fixed: [DateTests.Entry] = []
    fileprivate private(set) var moving: [DateTests.Entry] = []
    fileprivate private(set) var always: [UInt32] = []

    /// Adds a test; `compiled` makes its window. A blank passes no test but inverted ones, which callers do not ask for
    /// where there may be a blank.
    mutating func add(
        _ test: DateTest, isInverted: Bool, _ payload: UInt32, compiled: (Window) -> CompiledWindow
    ) {
        switch test {
        case .notWithin(let window): add(.within(window), isInverted: !isInverted, payload, compiled: compiled)
        case .isBlank: add(.isNotBlank, isInverted: !isInverted, payload, compiled: compiled)
        case .isNotBlank: if !isInverted { always.append(payload) }
        case .within(let window):
            let window = compiled(window)
            if case .fixed = window {
                DateTestList.insert(payload, window, isInverted, into: &fixed)
            } else {
                DateTestList.insert(payload, window, isInverted, into: &moving)
            }
        }
    }

    private static func insert(
        _ payload: UInt32, _ window: CompiledWindow, _ isInverted: Bool, into entries: inout [DateTests.Entry]
    ) {
        if let index = entries.firstIndex(where: { $0.window == window && $0.isInverted == isInverted }) {
            entries[index].payloads.append(payload)
        } else {
            entries.append(DateTests.Entry(window: window, isInverted: isInverted, payloads: [payload]))
        }
    }
}

/// The tests of one date: windows, each with all that holds inside (or outside) of it.
///
/// Made for instants or for calendar days; which, says who adds and who asks.
final class DateTests: Sendable {
    struct Entry: Sendable {
        let window: CompiledWindow
        let isInverted: Bool
        fileprivate(set) var payloads: [UInt32]
    }

    /// Fixed windows.
    let fixed: [Entry]
    /// Windows that move with now.
    let moving: [Entry]
    /// Whatever the date.
    private let always: [UInt32]

    init(_ list: DateTestList) {
        (fixed, moving, always) = (list.fixed, list.moving, list.always)
    }

    var isEmpty: Bool { fixed.isEmpty && moving.isEmpty && always.isEmpty }

    /// Appends what holds in the fixed windows, and whatever the date.
    func matchFixed(_ value: Int64, into payloads: inout [UInt32]) {
        payloads.append(contentsOf: always)
        for entry in fixed {
            guard case .fixed(let low, let high) = entry.window else { continue }
            if (low <= value && value <= high) != entry.isInverted { payloads.append(contentsOf: entry.payloads) }
        }
    }
}

// Instants in moving windows.
extension DateTests {
    /// Appends what holds for an instant, and brings `edge` forward to the next instant at which that can change.
    func match(instant t: Int64, _ clock: inout WindowClock, edge: inout Int64, into payloads: inout [UInt32]) {
        matchFixed(t, into: &payloads)
        for entry in moving {
            let isInside: Bool
            switch entry.window {
            case .fixed: continue
            case .last(let index):
                isInside = t <= clock.now && !clock.hasPassed(t, index)
                clock.bringForward(&edge, leaving: t, index)
            case .notLast(let index):
                isInside = clock.hasPassed(t, index)
                clock.bringForward(&edge, leaving: t, index)
            case .next(let index):
                isInside = clock.now < t && t <= clock.forward(index)
                clock.bringForward(&edge, entering: t, index)
            }
            if isInside != entry.isInverted { payloads.append(contentsOf: entry.payloads) }
        }
    }
}
