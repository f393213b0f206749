internal import SegmentModel

/// All tests of one number as a sorted chain of thresholds; where its tables lie in `ChainTables`.
///
/// How many thresholds a value has reached is its rank; every test's truth depends on the rank alone. So one binary
/// search tells all truths, and as long as the rank stays the same nothing changes.
struct NumberChain: BitwiseCopyable, Sendable {
    fileprivate(set) var thresholdCount: UInt32 = 0
    /// Where its thresholds begin.
    fileprivate var thresholds: UInt32 = 0
    /// Whether there is no test at all.
    fileprivate(set) var isEmpty = true
    /// Whether all tests hold from some threshold on.
    fileprivate(set) var isRising = true
    /// What holds for a blank.
    fileprivate(set) var onBlank = TableSlice()
    /// What holds from a threshold on, by threshold: at a rank, so many as `fromCounts` says.
    fileprivate var from: UInt32 = 0
    fileprivate var fromCounts: UInt32 = 0
    /// What holds until a threshold, from the last on: at a rank, so many as `untilCounts` says.
    fileprivate var until: UInt32 = 0
    fileprivate var untilCounts: UInt32 = 0
    /// What holds at one rank alone: between two places of `atEnds`.
    fileprivate var at: UInt32 = 0
    fileprivate var atEnds: UInt32 = 0
    /// Hold at ranks of a range, or outside of it.
    fileprivate var ranges = TableSlice()
    /// Hold everywhere but at one of some ranks.
    fileprivate var exceptions = TableSlice()
}

/// A test that holds at the ranks of a range, or outside of it.
private struct RankRange: BitwiseCopyable, Sendable {
    let first: UInt32
    let end: UInt32
    let isInverted: Bool
    let number: UInt32
}

/// A test that holds everywhere but at some ranks.
private struct RankException: BitwiseCopyable, Sendable {
    let ranks: TableSlice
    let number: UInt32
}

/// A threshold as it was written, in billionths.
private struct Operand: BitwiseCopyable, Sendable {
    let value: Int128
    let isStrict: Bool
}

/// The chains of a program while they are being made.
///
/// A chain is about values in some unit: a multiple of a billionth, such that all values are whole.
struct ChainCompiler {
    fileprivate var numbers: [UInt32] = []
    fileprivate var counts: [UInt32] = []
    fileprivate var leasts: [Int64] = []
    fileprivate var wideLeasts: [Int128] = []
    fileprivate var operands: [Operand] = []
    fileprivate var ranges: [RankRange] = []
    fileprivate var exceptions: [RankException] = []

    /// Sorts the thresholds and lays out what holds at each rank.
    ///
    /// - Parameter unit: billionths in the unit of the values that will be asked for.
    mutating func chain(_ tests: NumberTests, unit: Int128 = 1) -> NumberChain {
        let sorted = Set(tests.forms.flatMap { NumberTests.thresholds(of: $0.form) }).sorted {
            ($0.operand, $0.isStrict ? 1 : 0) < ($1.operand, $1.isStrict ? 1 : 0)
        }
        let layout = RankLayout(tests.forms, sorted)
        var chain = NumberChain()
        chain.thresholdCount = UInt32(sorted.count)
        chain.thresholds = UInt32(leasts.count)
        for threshold in sorted { append(threshold, unit: unit) }
        chain.isEmpty = tests.isEmpty
        chain.onBlank = TableSlice(tests.onBlank, in: &numbers)
        (chain.from, chain.fromCounts) = lay([tests.always] + layout.from)
        // At the highest rank nothing holds until a threshold any more.
        (chain.until, chain.untilCounts) = lay([[]] + layout.until.reversed(), isReversed: true)
        (chain.at, chain.atEnds) = lay([[]] + layout.at)
        chain.ranges = TableSlice(layout.ranges, in: &ranges)
        let exceptions = layout.exceptions.map { entry in
            RankException(ranks: TableSlice(entry.ranks.map { UInt32($0) }, in: &numbers), number: entry.number)
        }
        chain.exceptions = TableSlice(exceptions, in: &self.exceptions)
        chain.isRising =
            layout.until.allSatisfy(\.isEmpty) && layout.at.allSatisfy(\.isEmpty) && layout.ranges.isEmpty
            && layout.exceptions.isEmpty
        return chain
    }

    private mutating func append(_ threshold: NumberTests.Threshold, unit: Int128) {
        let (quotient, remainder) = threshold.operand.quotientAndRemainder(dividingBy: unit)
        let isWhole = remainder == 0
        let floor = remainder < 0 ? quotient - 1 : quotient
        let least = isWhole && !threshold.isStrict ? floor : floor + 1
        leasts.append(Int64(clamping: least))
        wideLeasts.append(least)
        operands.append(Operand(value: threshold.operand, isStrict: threshold.isStrict))
    }

    /// Lists one after the other, and how many elements there are at the end of each.
    private mutating func lay(_ lists: [[UInt32]], isReversed: Bool = false) -> (numbers: UInt32, counts: UInt32) {
        let start = numbers.count
        var ends: [UInt32] = []
        for list in lists {
            numbers += list
            ends.append(UInt32(numbers.count - start))
        }
        defer { counts += isReversed ? ends.reversed() : ends }
        return (UInt32(start), UInt32(counts.count))
    }

    func tables(_ builder: inout TableBuilder) -> ChainTables { ChainTables(self, &builder) }
}

/// What holds where, by threshold or rank.
private struct RankLayout {
    var from: [[UInt32]]
    var until: [[UInt32]]
    var at: [[UInt32]]
    var ranges: [RankRange] = []
    var exceptions: [(ranks: [Int], number: UInt32)] = []

    init(_ forms: [(form: NumberTests.Form, payload: UInt32)], _ sorted: [NumberTests.Threshold]) {
        let place = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
        from = Array(repeating: [], count: sorted.count)
        until = from
        at = Array(repeating: [], count: sorted.count + 1)
        for (form, number) in forms {
            switch form {
            case .from(let threshold): if let index = place[threshold] { from[index].append(number) }
            case .until(let threshold): if let index = place[threshold] { until[index].append(number) }
            case .at(let operands, let isInverted):
                // The rank of an operand itself ends where the next value begins.
                let ranks = Set(operands.compactMap { place[.init(operand: $0, isStrict: true)] })
                if isInverted { exceptions.append((Array(ranks), number)) }
                for rank in isInverted ? [] : ranks { at[rank].append(number) }
            case .between(let low, let high, let isInverted):
                guard let first = place[.init(operand: low, isStrict: false)],
                    let last = place[.init(operand: high, isStrict: true)]
                else { continue }
                ranges.append(
                    RankRange(
                        first: UInt32(first + 1), end: UInt32(max(first, last) + 1), isInverted: isInverted,
                        number: number))
            }
        }
    }
}

/// The tables of all chains of a program.
struct ChainTables: BitwiseCopyable, Sendable {
    private let numbers: PlainTable<UInt32>
    private let counts: PlainTable<UInt32>
    /// The least value that reaches each threshold, ascending, in the unit of the chain; those that an `Int64` cannot
    /// hold stand at its ends.
    private let leasts: PlainTable<Int64>
    private let wideLeasts: PlainTable<Int128>
    private let operands: PlainTable<Operand>
    private let ranges: PlainTable<RankRange>
    private let exceptions: PlainTable<RankException>

    fileprivate init(_ compiler: ChainCompiler, _ builder: inout TableBuilder) {
        numbers = builder.table(compiler.numbers)
        counts = builder.table(compiler.counts)
        leasts = builder.table(compiler.leasts)
        wideLeasts = builder.table(compiler.wideLeasts)
        operands = builder.table(compiler.operands)
        ranges = builder.table(compiler.ranges)
        exceptions = builder.table(compiler.exceptions)
    }

    /// How many thresholds a value has reached.
    @inline(__always)
    func rank(_ chain: NumberChain, of value: Int128) -> Int {
        let narrow = Int64(truncatingIfNeeded: value)
        // The greatest value may stand for thresholds beyond it.
        if Int128(narrow) == value, narrow != .max { return rank(chain, of: narrow) }
        return wideRank(chain, of: value)
    }

    private func rank(_ chain: NumberChain, of value: Int64) -> Int {
        let leasts = leasts.pointer(chain.thresholds)
        if chain.thresholdCount <= 4 {
            var rank = 0
            while rank < Int(chain.thresholdCount), leasts[rank] <= value { rank &+= 1 }
            return rank
        }
        return search(chain) { leasts[$0] <= value }
    }

    @inline(never)
    private func wideRank(_ chain: NumberChain, of value: Int128) -> Int {
        let leasts = wideLeasts.pointer(chain.thresholds)
        return search(chain) { leasts[$0] <= value }
    }

    /// How many thresholds `value / divisor` has reached; the divisor is positive. Nothing is divided.
    ///
    /// - Parameter unit: the chain's.
    func rank(_ chain: NumberChain, of value: Int128, unit: Int128, dividedBy divisor: Int) -> Int {
        let operands = operands.pointer(chain.thresholds)
        let value = value * unit
        return search(chain) { index in
            let product = operands[index].value * Int128(divisor)
            return operands[index].isStrict ? value > product : value >= product
        }
    }

    @inline(__always)
    private func search(_ chain: NumberChain, isReached: (Int) -> Bool) -> Int {
        var low = 0
        var high = Int(chain.thresholdCount)
        while low < high {
            let middle = (low + high) / 2
            if isReached(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The least value of a rank; nil for the lowest, which has none.
    func least(_ chain: NumberChain, ofRank rank: Int) -> Int128? {
        rank == 0 ? nil : wideLeasts[Int(chain.thresholds) + rank - 1]
    }

    /// The least value above those of a rank; nil for the highest.
    func least(_ chain: NumberChain, aboveRank rank: Int) -> Int128? {
        rank == Int(chain.thresholdCount) ? nil : wideLeasts[Int(chain.thresholds) + rank]
    }

    /// Appends what holds for values of a rank.
    @inline(__always)
    func match(_ chain: NumberChain, rank: Int, into sink: inout NumberSink) {
        sink.append(numbers.pointer(chain.from), count: Int(counts[Int(chain.fromCounts) + rank]))
        if !chain.isRising { matchOthers(chain, rank: rank, into: &sink) }
    }

    @inline(never)
    private func matchOthers(_ chain: NumberChain, rank: Int, into sink: inout NumberSink) {
        sink.append(numbers.pointer(chain.until), count: Int(counts[Int(chain.untilCounts) + rank]))
        let first = counts[Int(chain.atEnds) + rank]
        sink.append(
            numbers.pointer(chain.at + first), count: Int(counts[Int(chain.atEnds) + rank + 1] - first))
        for place in chain.ranges.places {
            let entry = ranges[place]
            if (entry.first <= rank && rank < entry.end) != entry.isInverted { sink.append(entry.number) }
        }
        for place in chain.exceptions.places
        where !exceptions[place].ranks.places.contains(where: { Int(numbers[$0]) == rank }) {
            sink.append(exceptions[place].number)
        }
    }

    /// Appends what holds for a blank.
    @inline(__always)
    func matchBlank(_ chain: NumberChain, into sink: inout NumberSink) {
        sink.append(numbers.pointer(chain.onBlank.start), count: Int(chain.onBlank.count))
    }
}

extension NumberTests {
    /// The thresholds from which each number holds, if all tests are of that form; in the unit, rounded up.
    ///
    /// - Parameter isQuotient: whether thresholds are multiplied before they are compared, and so may not be rounded.
    func risingThresholds(unit: Int128, isQuotient: Bool) -> [(least: Int64, number: UInt32)]? {
        guard always.isEmpty, onBlank.isEmpty else { return nil }
        var found: [(least: Int64, number: UInt32)] = []
        for (form, number) in forms {
            guard case .from(let threshold) = form,
                threshold.operand > 0 || threshold.operand == 0 && threshold.isStrict
            else { return nil }
            let (quotient, remainder) = threshold.operand.quotientAndRemainder(dividingBy: unit)
            let isWhole = remainder == 0 && !threshold.isStrict
            guard isWhole || !isQuotient, let least = Int64(exactly: isWhole ? quotient : quotient + 1) else {
                return nil
            }
            // Times any count it must fit.
            if isQuotient, least > WindowTest.quotientMax { return nil }
            found.append((least, number))
        }
        return found
    }
}
