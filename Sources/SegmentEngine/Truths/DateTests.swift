internal import SegmentModel

/// The tests of one date, gathered before they become `DateTests`.
struct DateTestList {
    fileprivate struct Entry {
        let window: CompiledWindow
        let isInverted: Bool
        var numbers: [UInt32]
    }

    fileprivate var fixed: [Entry] = []
    fileprivate var moving: [Entry] = []
    fileprivate var always: [UInt32] = []

    /// Adds a test; `compiled` makes its window. A blank passes no test but inverted ones, which callers do not ask for
    /// where there may be a blank.
    mutating func add(
        _ test: DateTest, isInverted: Bool, _ number: UInt32, compiled: (Window) -> CompiledWindow
    ) {
        switch test {
        case .notWithin(let window): add(.within(window), isInverted: !isInverted, number, compiled: compiled)
        case .isBlank: add(.isNotBlank, isInverted: !isInverted, number, compiled: compiled)
        case .isNotBlank: if !isInverted { always.append(number) }
        case .within(let window):
            let window = compiled(window)
            if case .fixed = window {
                DateTestList.insert(number, window, isInverted, into: &fixed)
            } else {
                DateTestList.insert(number, window, isInverted, into: &moving)
            }
        }
    }

    private static func insert(
        _ number: UInt32, _ window: CompiledWindow, _ isInverted: Bool, into entries: inout [Entry]
    ) {
        if let index = entries.firstIndex(where: { $0.window == window && $0.isInverted == isInverted }) {
            entries[index].numbers.append(number)
        } else {
            entries.append(Entry(window: window, isInverted: isInverted, numbers: [number]))
        }
    }

    var isEmpty: Bool { fixed.isEmpty && moving.isEmpty && always.isEmpty }
    var isMoving: Bool { !moving.isEmpty }
}

/// The tests of one date: windows, each with all that holds inside (or outside) of it.
///
/// Made for instants or for calendar days; which, says who adds and who asks.
struct DateTests: BitwiseCopyable, Sendable {
    /// A window that moves with now, and what holds inside of it, or outside.
    struct Moving: BitwiseCopyable, Sendable {
        let form: MovingForm
        let isInverted: Bool
        let stride: Int
        let numbers: TableSlice
    }

    /// Groups of fixed windows.
    fileprivate let fixed: TableSlice
    /// Windows that move with now.
    let moving: TableSlice
    /// Whatever the date.
    fileprivate let always: TableSlice
    let isEmpty: Bool
}

/// How a window moves with now.
enum MovingForm: UInt8, BitwiseCopyable, Sendable {
    case last, next, notLast
}

extension CompiledWindow {
    /// The window, if it stands still.
    var fixed: FixedWindow? {
        if case .fixed(let low, let high) = self { FixedWindow(low: low, high: high) } else { nil }
    }

    /// Form and number of its period, if it moves.
    var moving: (form: MovingForm, stride: Int)? {
        switch self {
        case .fixed: nil
        case .last(let stride): (.last, stride)
        case .next(let stride): (.next, stride)
        case .notLast(let stride): (.notLast, stride)
        }
    }
}

/// The dates of a program while they are being made.
struct DateCompiler {
    var index = WindowIndexCompiler()
    private var windows: [FixedWindow] = []
    private var lists: [TableSlice] = []
    private var moving: [DateTests.Moving] = []

    mutating func dates(_ list: DateTestList, _ numbers: inout [UInt32]) -> DateTests {
        let first = windows.count
        for entry in list.fixed {
            guard var window = entry.window.fixed else { continue }
            window.isInverted = entry.isInverted
            windows.append(window)
            lists.append(TableSlice(entry.numbers, in: &numbers))
        }
        let moving = list.moving.compactMap { entry in
            entry.window.moving.map {
                DateTests.Moving(
                    form: $0.form, isInverted: entry.isInverted, stride: $0.stride,
                    numbers: TableSlice(entry.numbers, in: &numbers))
            }
        }
        return DateTests(
            fixed: index.index(Array(windows[first...]), from: first), moving: TableSlice(moving, in: &self.moving),
            always: TableSlice(list.always, in: &numbers), isEmpty: list.isEmpty)
    }

    func tables(_ builder: inout TableBuilder) -> DateTables {
        DateTables(windows: builder.table(windows), lists: builder.table(lists), moving: builder.table(moving))
    }
}

/// The dates of a program.
struct DateTables: BitwiseCopyable, Sendable {
    /// Fixed windows, and by the same number what holds in each.
    fileprivate let windows: PlainTable<FixedWindow>
    fileprivate let lists: PlainTable<TableSlice>
    let moving: PlainTable<DateTests.Moving>
}

extension TruthKernel {
    /// Appends what holds in the fixed windows, and whatever the date.
    mutating func matchFixed(_ dates: UnsafePointer<DateTests>, _ value: Int64) {
        append(dates.pointee.always)
        for place in dates.pointee.fixed.places {
            let group = tables.windows.groups.pointer(place)
            guard group.pointee.isIndexed else {
                for window in group.pointee.windows.places where tables.dates.windows[window].contains(value) {
                    append(tables.dates.lists[window])
                }
                continue
            }
            let first = Int(group.pointee.windows.start)
            forEachBit(of: tables.windows.set(group, at: value), count: group.pointee.wordCount) {
                append(tables.dates.lists[first &+ $0])
            }
        }
    }

    /// Appends what holds for an instant, and brings `edge` forward to the next instant at which that can change.
    mutating func match(_ dates: UnsafePointer<DateTests>, instant t: Int64) {
        matchFixed(dates, t)
        for place in dates.pointee.moving.places {
            let entry = tables.dates.moving[place]
            let isInside: Bool
            switch entry.form {
            case .last:
                isInside = t <= clock.now && t > clock.back(entry.stride)
                clock.bringForward(&edge, leaving: t, entry.stride)
            case .notLast:
                isInside = t <= clock.back(entry.stride)
                clock.bringForward(&edge, leaving: t, entry.stride)
            case .next:
                isInside = clock.now < t && t <= clock.forward(entry.stride)
                clock.bringForward(&edge, entering: t, entry.stride)
            }
            if isInside != entry.isInverted { append(entry.numbers) }
        }
    }

    /// Appends what holds for a calendar day, and brings `edge` forward to the next instant at which that can change.
    ///
    /// Truth depends on today alone, and steps between days never decrease, so that each window has one first and one
    /// last day on which it holds.
    mutating func match(_ dates: UnsafePointer<DateTests>, day: Int) {
        matchFixed(dates, Int64(day))
        guard !dates.pointee.moving.isEmpty else { return }
        let today = clock.today
        var next = Int.max
        for place in dates.pointee.moving.places {
            let entry = tables.dates.moving[place]
            let days =
                switch entry.form {
                case .last: day..<clock.calendar.firstDay(steppingBackPast: day, entry.stride)
                case .next: clock.calendar.firstDay(steppingForwardTo: day, entry.stride)..<(day + 1)
                case .notLast: clock.calendar.firstDay(steppingBackPast: day, entry.stride)..<Int.max
                }
            if days.contains(today) != entry.isInverted { append(entry.numbers) }
            if days.lowerBound > today { next = min(next, days.lowerBound) }
            if days.upperBound > today { next = min(next, days.upperBound) }
        }
        clock.bringForward(&edge, toDay: next)
    }
}
