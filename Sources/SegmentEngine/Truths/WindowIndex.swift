/// Fixed windows by the stretches of time between their bounds: which of many windows an instant lies in, at one search.
///
/// Between two bounds next to each other all instants lie in the same windows. So per stretch there is a set of bits,
/// one per window. Memory goes with the square of a block's windows; a block has at most `windowsMax`.
struct WindowBlock: BitwiseCopyable, Sendable {
    /// The number of its first window, among all of the table that they stand in.
    let firstWindow: UInt32
    let windowCount: UInt32
    /// Ascending; none if the windows are so few that they are better tried one by one.
    fileprivate let bounds: TableSlice
    fileprivate let sets: UInt32
    /// Words of a set.
    let wordCount: Int

    static let windowsMax = 512
    fileprivate static let windowsMin = 6
    static let wordsMax = windowsMax / 64

    var isIndexed: Bool { !bounds.isEmpty }
}

/// A fixed window, both ends included; or with `isInverted` all that lies outside.
struct FixedWindow: BitwiseCopyable, Sendable {
    let low: Int64
    let high: Int64
    var isInverted = false

    func contains(_ t: Int64) -> Bool { (low <= t && t <= high) != isInverted }
}

/// The indexes of windows while they are being made.
struct WindowIndexCompiler {
    private var bounds: [Int64] = []
    private var sets: [UInt64] = []
    private var blocks: [WindowBlock] = []

    /// Makes the blocks of windows that stand side by side from a place on.
    mutating func index(_ windows: [FixedWindow], from first: Int) -> TableSlice {
        let start = blocks.count
        for lower in stride(from: 0, to: windows.count, by: WindowBlock.windowsMax) {
            let upper = min(windows.count, lower + WindowBlock.windowsMax)
            blocks.append(block(windows[lower..<upper], from: first + lower))
        }
        return TableSlice(start: UInt32(start), count: UInt32(blocks.count - start))
    }

    private mutating func block(_ windows: ArraySlice<FixedWindow>, from first: Int) -> WindowBlock {
        let wordCount = (windows.count + 63) / 64
        var block = (bounds: TableSlice(), sets: UInt32(sets.count))
        if windows.count >= WindowBlock.windowsMin {
            var distinct: Set<Int64> = []
            for window in windows {
                distinct.insert(window.low)
                if window.high != .max { distinct.insert(window.high + 1) }
            }
            let sorted = distinct.sorted()
            block.bounds = TableSlice(sorted, in: &bounds)
            for stretch in [Int64.min] + sorted { append(windows, at: stretch, wordCount) }
        }
        return WindowBlock(
            firstWindow: UInt32(first), windowCount: UInt32(windows.count), bounds: block.bounds, sets: block.sets,
            wordCount: wordCount)
    }

    /// Adds the set of a stretch by its first instant.
    private mutating func append(_ windows: ArraySlice<FixedWindow>, at t: Int64, _ wordCount: Int) {
        let start = sets.count
        sets.append(contentsOf: repeatElement(0, count: wordCount))
        for (bit, window) in windows.enumerated() where window.contains(t) {
            sets[start + bit / 64] |= 1 << UInt64(bit % 64)
        }
    }

    func tables(_ builder: inout TableBuilder) -> WindowTables {
        WindowTables(bounds: builder.table(bounds), sets: builder.table(sets), blocks: builder.table(blocks))
    }
}

/// The indexes of a program's windows.
struct WindowTables: BitwiseCopyable, Sendable {
    fileprivate let bounds: PlainTable<Int64>
    fileprivate let sets: PlainTable<UInt64>
    let blocks: PlainTable<WindowBlock>

    /// The set of windows that an instant lies in: `wordCount` words.
    @inline(__always)
    func set(_ block: WindowBlock, at t: Int64) -> UnsafePointer<UInt64> {
        let bounds = bounds.pointer(block.bounds.start)
        var base = 0
        var count = Int(block.bounds.count)
        while count > 1 {
            let half = count &>> 1
            base = bounds[base &+ half &- 1] <= t ? base &+ half : base
            count &-= half
        }
        if bounds[base] <= t { base &+= 1 }
        return sets.start + (Int(block.sets) &+ base &* block.wordCount)
    }
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
