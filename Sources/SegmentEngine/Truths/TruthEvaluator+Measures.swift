internal import SegmentModel

// One measure over one window. Each appends what holds and notes the first occurrence by whose passing a truth can
// change. A measure's truths depend on its rank in the chain alone, so nothing changes as long as that stays.
extension TruthEvaluator {
    /// Occurrences tried one after the other for measures without a quicker way; past them the edge comes early.
    private static let trialsMax = 32
    private static let wholeScale: Int128 = 1_000_000_000

    mutating func evaluate(
        _ index: Int, _ history: some SeriesHistory, _ state: inout WindowState, edge: inout Int64,
        into truths: inout [UInt32]
    ) {
        let measure = program.activities.measures[index].measure
        switch measure {
        case .count: count(index, history, &state, into: &truths)
        case .total, .netTotal: sum(index, history, &state, scale: 100_000, into: &truths) { $0.amountSum($1) }
        case .quantity: sum(index, history, &state, scale: 100_000, into: &truths) { $0.quantitySum($1) }
        case .lineTotal: sum(index, history, &state, scale: 10, into: &truths) { $0.lineTotalSum($1) }
        case .products: products(index, history, &state, into: &truths)
        case .average, .averageQuantity, .largest, .smallest, .first, .last, .daysSinceFirst, .daysSinceLast:
            guard !state.range.isEmpty else {
                // Blank, until something comes in.
                if state.motion == .growing { state.note(state.range.upperBound) }
                return
            }
            evaluatePresent(measure, index, history, &state, edge: &edge, into: &truths)
        }
    }

    /// Measures that are blank over nothing, over something.
    private mutating func evaluatePresent(
        _ measure: Measure, _ index: Int, _ history: some SeriesHistory, _ state: inout WindowState,
        edge: inout Int64, into truths: inout [UInt32]
    ) {
        switch measure {
        case .average: average(index, history, &state, into: &truths) { $0.amountSum($1) }
        case .averageQuantity: average(index, history, &state, into: &truths) { $0.quantitySum($1) }
        case .largest: extreme(index, history, &state, into: &truths) { $0.largest($1) }
        case .smallest: extreme(index, history, &state, into: &truths) { $0.smallest($1) }
        case .first, .daysSinceFirst:
            if state.motion == .shrinking { state.note(state.range.lowerBound) }
            instant(measure, index, history.time(state.range.lowerBound), edge: &edge, into: &truths)
        case .last, .daysSinceLast:
            switch state.motion {
            case .still: break
            case .shrinking: state.note(state.range.upperBound - 1)
            case .growing: state.note(state.range.upperBound)
            }
            instant(measure, index, history.time(state.range.upperBound - 1), edge: &edge, into: &truths)
        case .count, .total, .netTotal, .quantity, .lineTotal, .products: break
        }
    }

    private func count(
        _ index: Int, _ history: some SeriesHistory, _ state: inout WindowState, into truths: inout [UInt32]
    ) {
        let chain = program.activities.measures[index].chain
        let count = state.range.count
        let rank = chain.rank(of: Int128(count) * Self.wholeScale)
        chain.match(rank: rank, into: &truths)
        switch state.motion {
        case .still: break
        case .shrinking:
            guard let least = chain.least(ofRank: rank) else { return }
            let needed = Self.whole(least)
            if needed >= 1, needed <= count { state.note(state.range.upperBound - needed) }
        case .growing:
            guard let least = chain.least(aboveRank: rank) else { return }
            let needed = Self.whole(least)
            if needed > count, needed <= history.count { state.note(needed - 1) }
        }
    }

    /// Sums of what is never negative: they fall as occurrences leave and rise as they come in.
    private func sum<History: SeriesHistory>(
        _ index: Int, _ history: History, _ state: inout WindowState, scale: Int128, into truths: inout [UInt32],
        _ sum: (History, Int) -> Int128
    ) {
        let chain = program.activities.measures[index].chain
        let isNet = program.activities.measures[index].measure == .netTotal
        let base = isNet ? state.refunded : 0
        func value(_ lower: Int, _ upper: Int) -> Int128 {
            (sum(history, upper) - sum(history, lower) - base) * scale
        }
        let (lower, upper) = (state.range.lowerBound, state.range.upperBound)
        let rank = chain.rank(of: value(lower, upper))
        chain.match(rank: rank, into: &truths)
        switch state.motion {
        case .still: break
        case .shrinking:
            guard let least = chain.least(ofRank: rank) else { return }
            let first = Self.first(in: state.range) { value($0 + 1, upper) < least }
            if first < upper { state.note(first) }
        case .growing:
            guard let least = chain.least(aboveRank: rank) else { return }
            let first = Self.first(in: upper..<history.count) { value(lower, $0 + 1) >= least }
            if first < history.count { state.note(first) }
        }
    }

    private func average<History: SeriesHistory>(
        _ index: Int, _ history: History, _ state: inout WindowState, into truths: inout [UInt32],
        _ sum: (History, Int) -> Int128
    ) {
        let chain = program.activities.measures[index].chain
        let (lower, upper) = (state.range.lowerBound, state.range.upperBound)
        let total = sum(history, upper)
        func rank(from first: Int) -> Int {
            chain.rank(
                of: (total - sum(history, first)) * 100_000, dividedBy: upper - first)
        }
        let now = rank(from: lower)
        chain.match(rank: now, into: &truths)
        switch state.motion {
        case .still: break
        case .growing: state.note(upper)
        case .shrinking:
            var index = lower
            while index + 1 < upper, index - lower < Self.trialsMax, rank(from: index + 1) == now { index += 1 }
            state.note(index)
        }
    }

    private func extreme<History: SeriesHistory>(
        _ index: Int, _ history: History, _ state: inout WindowState, into truths: inout [UInt32],
        _ extreme: (History, Range<Int>) -> (amount: Int64, index: Int)
    ) {
        let chain = program.activities.measures[index].chain
        let upper = state.range.upperBound
        var (amount, place) = extreme(history, state.range)
        let rank = chain.rank(of: Int128(amount) * 100_000)
        chain.match(rank: rank, into: &truths)
        switch state.motion {
        case .still: break
        case .growing: state.note(upper)
        case .shrinking:
            // As long as the last place of the extreme is inside, nothing changes.
            for _ in 0..<8 where place + 1 < upper {
                let next = extreme(history, (place + 1)..<upper)
                guard chain.rank(of: Int128(next.amount) * 100_000) == rank else {
                    break
                }
                (amount, place) = next
            }
            state.note(place)
        }
    }

    private func products(
        _ index: Int, _ history: some SeriesHistory, _ state: inout WindowState, into truths: inout [UInt32]
    ) {
        let chain = program.activities.measures[index].chain
        let count = history.productCount(state.range)
        let rank = chain.rank(of: Int128(count) * Self.wholeScale)
        chain.match(rank: rank, into: &truths)
        switch state.motion {
        case .still: break
        case .growing: state.note(state.range.upperBound)
        case .shrinking:
            guard let least = chain.least(ofRank: rank) else { return }
            let needed = Self.whole(least)
            guard needed >= 1, let last = history.lastIndex(of: state.range, withProducts: needed) else { return }
            state.note(last)
        }
    }

    /// The instant of an occurrence, or whole days since.
    private mutating func instant(
        _ measure: Measure, _ index: Int, _ t: Int64, edge: inout Int64, into truths: inout [UInt32]
    ) {
        let chain = program.activities.measures[index].chain
        guard measure == .daysSinceFirst || measure == .daysSinceLast else {
            return program.activities.measures[index].dates.match(instant: t, &clock, edge: &edge, into: &truths)
        }
        let days = (clock.now - t) / ZoneTable.day
        let rank = chain.rank(of: Int128(days) * Self.wholeScale)
        chain.match(rank: rank, into: &truths)
        guard let least = chain.least(aboveRank: rank) else { return }
        let (passed, isOver) = Int64(Self.whole(least)).multipliedReportingOverflow(by: ZoneTable.day)
        let (next, isOverToo) = t.addingReportingOverflow(passed)
        if !isOver, !isOverToo { edge = min(edge, next) }
    }

    /// The least whole number that is not below so many billionths.
    private static func whole(_ billionths: Int128) -> Int {
        let (quotient, remainder) = billionths.quotientAndRemainder(dividingBy: wholeScale)
        return Int(clamping: remainder > 0 ? quotient + 1 : quotient)
    }

    /// The first index that passes, where all after it do; the end of the range if none does.
    private static func first(in range: Range<Int>, where passes: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if passes(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
