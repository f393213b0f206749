/// Fixed windows by the stretches of time between their bounds: which of many windows an instant lies in, at one search.
///
/// Between two bounds next to each other all instants lie in the same windows. So per stretch there is a set of bits,
/// one per window. Memory goes with the square of a group's windows; a group has at most `windowsMax`.
struct WindowGroup: BitwiseCopyable, Sendable {
    /// Ascending; none if the windows are so few that they are better tried one by one.
    fileprivate let bounds: TableSlice
    fileprivate let sets: UInt32
    /// Words of a set.
    let wordCount: Int
    /// The numbers of its windows, among all of the table that they stand in.
    let windows: TableSlice

    fileprivate static let windowsMax = 512
    fileprivate static let windowsMin = 6

    var isIndexed: Bool { !bounds.isEmpty }
}

/// A fixed window, both ends included; or with `isInverted` all that lies outside.
struct FixedWindow: BitwiseCopyable, Sendable {
    let low: Int64
    let high: Int64
    var isInverted = false

    func contains(_ t: Int64) -> Bool { (low <= t && t <= high) != isInverted }
}

/// The bounds of windows: the first instant of each, and the first after each.
struct WindowBounds {
    /// Ascending, each once.
    let all: [Int64]

    init(_ windows: some Sequence<FixedWindow>) {
        var distinct: Set<Int64> = []
        for window in windows {
            distinct.insert(window.low)
            if window.high != .max { distinct.insert(window.high + 1) }
        }
        all = distinct.sorted()
    }
}

/// The indexes of windows while they are being made.
struct WindowIndexCompiler {
    private var bounds: [Int64] = []
    private var sets: [UInt64] = []
    private var groups: [WindowGroup] = []

    /// Makes the groups of windows that stand side by side from a place on.
    mutating func index(_ windows: [FixedWindow], from first: Int) -> TableSlice {
        let start = groups.count
        for lower in stride(from: 0, to: windows.count, by: WindowGroup.windowsMax) {
            let upper = min(windows.count, lower + WindowGroup.windowsMax)
            add(windows[lower..<upper], from: first + lower)
        }
        return TableSlice(start: UInt32(start), count: UInt32(groups.count - start))
    }

    private mutating func add(_ windows: ArraySlice<FixedWindow>, from first: Int) {
        let sorted = windows.count < WindowGroup.windowsMin ? [] : WindowBounds(windows).all
        groups.append(
            WindowGroup(
                bounds: TableSlice(sorted, in: &bounds), sets: UInt32(sets.count), wordCount: (windows.count + 63) / 64,
                windows: TableSlice(start: UInt32(first), count: UInt32(windows.count))))
        for stretch in sorted.isEmpty ? [] : [Int64.min] + sorted { append(windows, at: stretch) }
    }

    /// Adds the set of a stretch by its first instant.
    private mutating func append(_ windows: ArraySlice<FixedWindow>, at t: Int64) {
        let start = sets.count
        sets.append(contentsOf: repeatElement(0, count: (windows.count + 63) / 64))
        for (bit, window) in windows.enumerated() where window.contains(t) {
            sets[start + bit / 64] |= 1 << UInt64(bit % 64)
        }
    }

    func tables(_ builder: inout TableBuilder) -> WindowTables {
        WindowTables(bounds: builder.table(bounds), sets: builder.table(sets), groups: builder.table(groups))
    }
}

/// The indexes of a program's windows.
struct WindowTables: BitwiseCopyable, Sendable {
    private let bounds: PlainTable<Int64>
    private let sets: PlainTable<UInt64>
    let groups: PlainTable<WindowGroup>

    fileprivate init(bounds: PlainTable<Int64>, sets: PlainTable<UInt64>, groups: PlainTable<WindowGroup>) {
        (self.bounds, self.sets, self.groups) = (bounds, sets, groups)
    }

    /// The windows of a group that an instant lies in: `wordCount` words.
    func set(_ group: UnsafePointer<WindowGroup>, at t: Int64) -> UnsafePointer<UInt64> {
        let stretch = countBounds(
            bounds.pointer(group.pointee.bounds.start), count: Int(group.pointee.bounds.count), through: t)
        return sets.start + (Int(group.pointee.sets) &+ stretch &* group.pointee.wordCount)
    }
}

/// How many of some bounds, ascending and at least one, an instant has reached.
@inline(__always)
func countBounds(_ bounds: UnsafePointer<Int64>, count: Int, through t: Int64) -> Int {
    var base = 0
    var count = count
    while count > 1 {
        let half = count &>> 1
        base = bounds[base &+ half &- 1] <= t ? base &+ half : base
        count &-= half
    }
    return bounds[base] <= t ? base &+ 1 : base
}

/// Calls the body with the place of each bit.
@inline(__always)
func forEachBit(of words: UnsafePointer<UInt64>, count: Int, _ body: (Int) -> Void) {
    for index in 0..<count {
        var word = words[index]
        while word != 0 {
            body(index &* 64 &+ word.trailingZeroBitCount)
            word &= word &- 1
        }
    }
}
