internal import SegmentModel

// One measure over one window, whatever its tests. Each appends what holds and notes the first occurrence by whose
// passing a truth can change. A measure's truths depend on its rank in the chain alone, so nothing changes as long as
// that stays.
extension TruthKernel {
    /// Occurrences tried one after the other for measures without a quicker way; past them the edge comes early.
    private static let trialsMax = 32

    mutating func evaluate(measure number: Int, _ history: some SeriesHistory, _ state: inout WindowState) {
        let chain = tables.activities.measures[number].chain
        let form = tables.activities.measures[number].form
        switch form {
        case .count: count(chain, history, &state)
        case .total: sum(chain, history, &state) { $0.amountSum($1) }
        case .netTotal: sum(chain, history, &state, less: state.refunded) { $0.amountSum($1) }
        case .quantity: sum(chain, history, &state) { $0.quantitySum($1) }
        case .lineTotal: sum(chain, history, &state) { $0.lineTotalSum($1) }
        case .products: products(chain, history, &state)
        case .average, .averageQuantity, .largest, .smallest, .first, .last, .daysSinceFirst, .daysSinceLast:
            guard !state.range.isEmpty else {
                // Blank, until something comes in.
                if state.motion == .growing { state.note(state.range.upperBound) }
                return
            }
            evaluatePresent(form, number, chain, history, &state)
        }
    }

    /// Measures that are blank over nothing, over something.
    private mutating func evaluatePresent(
        _ form: MeasureForm, _ number: Int, _ chain: NumberChain, _ history: some SeriesHistory,
        _ state: inout WindowState
    ) {
        switch form {
        case .average: average(chain, form.unit, history, &state) { $0.amountSum($1) }
        case .averageQuantity: average(chain, form.unit, history, &state) { $0.quantitySum($1) }
        case .largest: extreme(chain, history, &state) { $0.largest($1) }
        case .smallest: extreme(chain, history, &state) { $0.smallest($1) }
        case .first, .daysSinceFirst:
            if state.motion == .shrinking { state.note(state.range.lowerBound) }
            instant(form, number, history.time(state.range.lowerBound))
        case .last, .daysSinceLast:
            switch state.motion {
            case .still: break
            case .shrinking: state.note(state.range.upperBound - 1)
            case .growing: state.note(state.range.upperBound)
            }
            instant(form, number, history.time(state.range.upperBound - 1))
        case .count, .total, .netTotal, .quantity, .lineTotal, .products: break
        }
    }

    /// Appends what holds for a value; returns its rank.
    @inline(__always)
    private mutating func match(_ chain: NumberChain, _ value: Int128) -> Int {
        let rank = tables.matchers.chains.rank(chain, of: value)
        tables.matchers.chains.match(chain, rank: rank, into: &sink)
        return rank
    }

    private mutating func count(_ chain: NumberChain, _ history: some SeriesHistory, _ state: inout WindowState) {
        let count = state.range.count
        let rank = match(chain, Int128(count))
        switch state.motion {
        case .still: break
        case .shrinking:
            guard let least = tables.matchers.chains.least(chain, ofRank: rank) else { return }
            let needed = Int(clamping: least)
            if needed >= 1, needed <= count { state.note(state.range.upperBound - needed) }
        case .growing:
            guard let least = tables.matchers.chains.least(chain, aboveRank: rank) else { return }
            let needed = Int(clamping: least)
            if needed > count, needed <= history.count { state.note(needed - 1) }
        }
    }

    /// Sums of what is never negative: they fall as occurrences leave and rise as they come in.
    private mutating func sum<History: SeriesHistory>(
        _ chain: NumberChain, _ history: History, _ state: inout WindowState, less base: Int128 = 0,
        _ sum: (History, Int) -> Int128
    ) {
        let (lower, upper) = (state.range.lowerBound, state.range.upperBound)
        let rank = match(chain, sum(history, upper) - sum(history, lower) - base)
        switch state.motion {
        case .still: break
        case .shrinking:
            guard let least = tables.matchers.chains.least(chain, ofRank: rank) else { return }
            let first = firstIndex(in: state.range) { sum(history, upper) - sum(history, $0 + 1) - base < least }
            if first < upper { state.note(first) }
        case .growing:
            guard let least = tables.matchers.chains.least(chain, aboveRank: rank) else { return }
            let first = firstIndex(in: upper..<history.count) {
                sum(history, $0 + 1) - sum(history, lower) - base >= least
            }
            if first < history.count { state.note(first) }
        }
    }

    private mutating func average<History: SeriesHistory>(
        _ chain: NumberChain, _ unit: Int128, _ history: History, _ state: inout WindowState,
        _ sum: (History, Int) -> Int128
    ) {
        let chains = tables.matchers.chains
        let (lower, upper) = (state.range.lowerBound, state.range.upperBound)
        let total = sum(history, upper)
        func rank(from first: Int) -> Int {
            chains.rank(chain, of: total - sum(history, first), unit: unit, dividedBy: upper - first)
        }
        let now = rank(from: lower)
        chains.match(chain, rank: now, into: &sink)
        switch state.motion {
        case .still: break
        case .growing: state.note(upper)
        case .shrinking:
            var index = lower
            while index + 1 < upper, index - lower < Self.trialsMax, rank(from: index + 1) == now { index += 1 }
            state.note(index)
        }
    }

    private mutating func extreme<History: SeriesHistory>(
        _ chain: NumberChain, _ history: History, _ state: inout WindowState,
        _ extreme: (History, Range<Int>) -> (amount: Int64, index: Int)
    ) {
        let upper = state.range.upperBound
        var (amount, place) = extreme(history, state.range)
        let rank = match(chain, Int128(amount))
        switch state.motion {
        case .still: break
        case .growing: state.note(upper)
        case .shrinking:
            // As long as the last place of the extreme is inside, nothing changes.
            for _ in 0..<8 where place + 1 < upper {
                let next = extreme(history, (place + 1)..<upper)
                guard tables.matchers.chains.rank(chain, of: Int128(next.amount)) == rank else { break }
                (amount, place) = next
            }
            state.note(place)
        }
    }

    private mutating func products(_ chain: NumberChain, _ history: some SeriesHistory, _ state: inout WindowState) {
        let rank = match(chain, Int128(history.productCount(state.range)))
        switch state.motion {
        case .still: break
        case .growing: state.note(state.range.upperBound)
        case .shrinking:
            guard let least = tables.matchers.chains.least(chain, ofRank: rank) else { return }
            let needed = Int(clamping: least)
            guard needed >= 1, let last = history.lastIndex(of: state.range, withProducts: needed) else { return }
            state.note(last)
        }
    }

    /// The instant of an occurrence, or whole days since.
    private mutating func instant(_ form: MeasureForm, _ number: Int, _ t: Int64) {
        guard form == .daysSinceFirst || form == .daysSinceLast else {
            return match(tables.activities.dates.pointer(number), instant: t)
        }
        let chain = tables.activities.measures[number].chain
        let rank = match(chain, Int128((clock.now - t) / ZoneTable.day))
        guard let least = tables.matchers.chains.least(chain, aboveRank: rank) else { return }
        let (passed, isOver) = Int64(clamping: least).multipliedReportingOverflow(by: ZoneTable.day)
        let (next, isOverToo) = t.addingReportingOverflow(passed)
        if !isOver, !isOverToo { edge = min(edge, next) }
    }
}
