/// A test over a fixed window, with the window's ends as numbers of bounds.
struct FixedTest: BitwiseCopyable, Sendable {
    /// As in `WindowTest`.
    let threshold: Int64
    let number: UInt32
    /// The bound at which the window begins, and the one at which it is over.
    let low: UInt16
    let high: UInt16
}

/// Tests of one measure over the fixed windows of a series.
struct FixedBlock: BitwiseCopyable, Sendable {
    /// As in `WindowTest`.
    let form: MeasureForm?
    let tests: TableSlice
}

/// Tests over fixed windows of a series, and the bounds of those windows.
///
/// However many windows there are, occurrences are compared with bounds only once: how many have happened before each
/// bound says for every window which occurrences are inside, at two looks.
struct FixedGroup: BitwiseCopyable, Sendable {
    /// Ascending.
    let bounds: TableSlice
    let blocks: TableSlice

    static let windowsMax = 4_096
    /// More bounds than these a group does not have.
    static let boundsMax = windowsMax * 2
}

/// The tests over fixed windows of a program while it is being compiled.
struct FixedCompiler {
    private var bounds: [Int64] = []
    private var groups: [FixedGroup] = []
    private var blocks: [FixedBlock] = []
    private var tests: [FixedTest] = []

    /// Makes the groups of a series.
    mutating func groups(_ fixed: [(window: FixedWindow, test: WindowTest)]) -> TableSlice {
        let start = groups.count
        // Tests that are alike stand together, so that it is decided once what to do.
        let sorted = fixed.sorted {
            ($0.test.form?.rawValue ?? .max, $0.test.threshold, $0.window.low)
                < ($1.test.form?.rawValue ?? .max, $1.test.threshold, $1.window.low)
        }
        for lower in stride(from: 0, to: sorted.count, by: FixedGroup.windowsMax) {
            add(sorted[lower..<min(sorted.count, lower + FixedGroup.windowsMax)])
        }
        return TableSlice(start: UInt32(start), count: UInt32(groups.count - start))
    }

    private mutating func add(_ fixed: ArraySlice<(window: FixedWindow, test: WindowTest)>) {
        let all = WindowBounds(fixed.lazy.map(\.window)).all
        let numbers = Dictionary(uniqueKeysWithValues: zip(all, all.indices.lazy.map { UInt16($0) }))
        let firstBlock = blocks.count
        var rest = fixed
        while let first = rest.first {
            let block = rest.prefix { $0.test.form == first.test.form }
            rest = rest.dropFirst(block.count)
            let tests = block.map { entry in
                FixedTest(
                    threshold: entry.test.threshold, number: entry.test.number, low: numbers[entry.window.low] ?? 0,
                    high: entry.window.high == .max ? UInt16(all.count) : numbers[entry.window.high + 1] ?? 0)
            }
            blocks.append(FixedBlock(form: first.test.form, tests: TableSlice(tests, in: &self.tests)))
        }
        groups.append(
            FixedGroup(
                bounds: TableSlice(all, in: &bounds),
                blocks: TableSlice(start: UInt32(firstBlock), count: UInt32(blocks.count - firstBlock))))
    }

    func tables(_ builder: inout TableBuilder) -> FixedTables {
        FixedTables(
            bounds: builder.table(bounds), groups: builder.table(groups), blocks: builder.table(blocks),
            tests: builder.table(tests))
    }
}

/// The tests over fixed windows of a program.
struct FixedTables: BitwiseCopyable, Sendable {
    let bounds: PlainTable<Int64>
    let groups: PlainTable<FixedGroup>
    let blocks: PlainTable<FixedBlock>
    let tests: PlainTable<FixedTest>
}

/// How many of a series' occurrences came before each bound of a group; good until the next are counted.
struct BoundCounts: BitwiseCopyable {
    private let counts = ScratchTable<UInt32>(capacity: FixedGroup.boundsMax + 1)
    /// The greatest amounts of all ranges of occurrences; the least possible for none.
    private let largest = ScratchTable<Int64>(capacity: BoundCounts.largestMax * BoundCounts.largestMax)
    private static let largestMax = 9

    func deallocate() {
        counts.deallocate()
        largest.deallocate()
    }

    /// Counts those that have happened.
    @inline(__always)
    func count(_ history: some SeriesHistory, _ happened: Int, _ bounds: UnsafePointer<Int64>, boundCount: Int) {
        guard happened <= boundCount else { return countMany(history, happened, bounds, boundCount) }
        var place = 0
        for index in 0..<happened {
            let reached = countBounds(bounds, count: boundCount, through: history.time(index))
            while place < reached {
                counts.start[place] = UInt32(truncatingIfNeeded: index)
                place &+= 1
            }
        }
        while place <= boundCount {
            counts.start[place] = UInt32(truncatingIfNeeded: happened)
            place &+= 1
        }
    }

    /// The same of more occurrences than bounds: those are looked up in these.
    @inline(never)
    private func countMany(
        _ history: some SeriesHistory, _ happened: Int, _ bounds: UnsafePointer<Int64>, _ boundCount: Int
    ) {
        for place in 0..<boundCount {
            let bound = bounds[place]
            let count = bound == .min ? 0 : history.count(through: bound - 1)
            counts.start[place] = UInt32(truncatingIfNeeded: min(happened, count))
        }
        counts.start[boundCount] = UInt32(truncatingIfNeeded: happened)
    }

    /// The first occurrence inside of a window.
    @inline(__always)
    func lower(_ test: UnsafePointer<FixedTest>) -> Int { Int(counts.start[Int(test.pointee.low)]) }

    /// The first occurrence after a window; not above `lower` if none is inside.
    @inline(__always)
    func upper(_ test: UnsafePointer<FixedTest>) -> Int { Int(counts.start[Int(test.pointee.high)]) }

    /// Whether `largest` can be asked about so many.
    static func canRank(_ happened: Int) -> Bool { happened < largestMax }

    /// Finds the greatest amounts of all ranges.
    func rank(_ history: some SeriesHistory, _ happened: Int) {
        for lower in 0...happened {
            var best = Int64.min
            for upper in 0...happened {
                if upper > lower { best = max(best, history.largest(upper - 1..<upper).amount) }
                largest[lower * BoundCounts.largestMax + upper] = best
            }
        }
    }

    @inline(__always)
    func largest(_ lower: Int, _ upper: Int) -> Int64 { largest.start[lower &* BoundCounts.largestMax &+ upper] }
}
