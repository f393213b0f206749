internal import SegmentModel

extension TruthKernel {
    mutating func evaluateActivities(_ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer) {
        guard tables.activities.series.count > 0 else { return }
        gathering.reset()
        gatherOrders(contact)
        gatherActivities(contact, bytes)
        let refunded = refunded(contact)
        for index in 0..<gathering.activeCount {
            let series = gathering.activeSeries(index)
            evaluate(series, layHistory(of: series), refunded: refunded)
        }
    }

    /// The history of a series that has been gathered; good until the next is laid.
    @inline(__always)
    mutating func layHistory(of series: Int) -> LightHistory {
        columns.lay(
            gathering.states[series], tables.activities.series.pointer(series).pointee.columns, gathering.tables)
    }

    /// The refunds without an order that have happened, in ten-thousandths; the next one ahead is an edge.
    mutating func refunded(_ contact: borrowing DecodedContact) -> Int128 {
        guard !contact.refunds.isEmpty, tables.activities.netTotals.count > 0 else { return 0 }
        for index in 0..<tables.activities.netTotals.count {
            gathering.activate(Int(tables.activities.netTotals[index]))
        }
        var sum: Int128 = 0
        for index in contact.refunds.indices {
            let refund = contact.refunds[index]
            guard isAudienceCurrency(refund.currency) else { continue }
            if refund.occurredAt <= clock.now {
                sum += Int128(refund.amount)
            } else {
                edge = min(edge, refund.occurredAt)
            }
        }
        return sum
    }

    private mutating func isAudienceCurrency(_ symbol: Symbol) -> Bool {
        if let known = memos.find(questions.currency, symbol) { return known[0] != 0 }
        gathering.holding.removeAll()
        let workspace = workspace
        workspace.withText(of: symbol) {
            tables.matchers.match(tables.currency.pointer(0), text: $0, workspace.folding, into: &gathering.holding)
        }
        let isAudienceCurrency = gathering.holding.count > 0
        memos.insert(CollectionOfOne(isAudienceCurrency ? 1 : 0), questions.currency, symbol)
        return isAudienceCurrency
    }

    /// Appends what holds of all measures of a series, and brings the edge forward.
    @inline(__always)
    mutating func evaluate(_ number: Int, _ history: some SeriesHistory, refunded: Int128) {
        let series = tables.activities.series.pointer(number)
        let count = history.count
        var happened = count
        if count > 0, history.time(count - 1) > clock.now {
            happened = history.count(through: clock.now)
            edge = min(edge, history.time(happened))
        }
        // Nothing holds over nothing, but for refunds; only what comes in later matters.
        if happened > 0 || refunded != 0 {
            for place in series.pointee.always.places {
                evaluate(tables.activities.tests.pointer(place), history, 0, happened, refunded: refunded)
            }
        }
        guard happened > 0 else { return }
        for place in series.pointee.fixed.places {
            evaluate(tables.windows.blocks.pointer(place), history, happened)
        }
        for place in series.pointee.moving.places {
            evaluate(tables.activities.moving.pointer(place), history, happened)
        }
    }
}

// Windows that stand still.
extension TruthKernel {
    /// Occurrences up to which a window index is asked about each of them.
    private static let indexedOccurrencesMax = 24

    @inline(__always)
    private mutating func evaluate(
        _ block: UnsafePointer<WindowBlock>, _ history: some SeriesHistory, _ happened: Int
    ) {
        if block.pointee.isIndexed, happened <= Self.indexedOccurrencesMax {
            evaluateIndexed(block, history, happened)
            return
        }
        let (first, last) = (history.time(0), history.time(happened &- 1))
        let start = Int(block.pointee.firstWindow)
        for number in start..<start &+ Int(block.pointee.windowCount) {
            let window = tables.activities.windows.pointer(number)
            if window.pointee.high >= first, window.pointee.low <= last { evaluate(fixed: number, history, happened) }
        }
    }

    /// Only the windows in which something happened are looked at.
    private mutating func evaluateIndexed(
        _ block: UnsafePointer<WindowBlock>, _ history: some SeriesHistory, _ happened: Int
    ) {
        let windows = tables.windows
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        let wordCount = block.pointee.wordCount
        withUnsafeMutablePointer(to: &words) { words in
            let words = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt64.self)
            for index in 0..<happened {
                let set = windows.set(block.pointee, at: history.time(index))
                for word in 0..<wordCount { words[word] |= set[word] }
            }
            let start = Int(block.pointee.firstWindow)
            forEachBit(of: words, count: wordCount) { evaluate(fixed: start &+ $0, history, happened) }
        }
    }

    @inline(__always)
    private mutating func evaluate(fixed number: Int, _ history: some SeriesHistory, _ happened: Int) {
        let window = tables.activities.windows.pointer(number)
        let (low, high) = (window.pointee.low, window.pointee.high)
        var lower = 0
        var upper = happened
        if happened <= 8 {
            while lower < happened, history.time(lower) < low { lower &+= 1 }
            while upper > lower, history.time(upper &- 1) > high { upper &-= 1 }
        } else {
            if history.time(0) < low { lower = min(happened, history.count(through: low - 1)) }
            if history.time(happened - 1) > high { upper = min(happened, history.count(through: high)) }
        }
        guard lower < upper else { return }
        evaluate(tables.activities.fixedTests.pointer(number), history, lower, upper, refunded: 0)
    }

    /// Appends the leaf of a test if it holds over a range of occurrences.
    @inline(__always)
    private mutating func evaluate(
        _ test: UnsafePointer<WindowTest>, _ history: some SeriesHistory, _ lower: Int, _ upper: Int,
        refunded: Int128
    ) {
        let threshold = test.pointee.threshold
        let holds: Bool
        switch test.pointee.form {
        case .count: holds = upper &- lower >= threshold
        case .total: holds = history.amountSum(upper) &- history.amountSum(lower) >= Int128(threshold)
        case .quantity: holds = history.quantitySum(upper) &- history.quantitySum(lower) >= Int128(threshold)
        case .lineTotal: holds = history.lineTotalSum(upper) &- history.lineTotalSum(lower) >= Int128(threshold)
        case .average where lower < upper:
            let sum = history.amountSum(upper) &- history.amountSum(lower)
            holds = sum >= Int128(threshold) &* Int128(upper &- lower)
        case .averageQuantity where lower < upper:
            let sum = history.quantitySum(upper) &- history.quantitySum(lower)
            holds = sum >= Int128(threshold) &* Int128(upper &- lower)
        case .largest where lower < upper: holds = history.largest(lower..<upper).amount >= threshold
        case .smallest where lower < upper: holds = history.smallest(lower..<upper).amount >= threshold
        case nil:
            var state = WindowState(range: lower..<upper, refunded: refunded)
            return evaluate(measure: Int(test.pointee.number), history, &state)
        default: holds = false
        }
        if holds { sink.append(test.pointee.number) }
    }
}

// Windows that move.
extension TruthKernel {
    @inline(__always)
    private mutating func evaluate(
        _ window: UnsafePointer<MovingWindow>, _ history: some SeriesHistory, _ happened: Int
    ) {
        let stride = window.pointee.stride
        let passed = passed(clock.back(stride), history, happened)
        var state: WindowState
        if window.pointee.form == .last {
            state = WindowState(range: passed..<happened, refunded: 0)
            state.motion = .shrinking
        } else {
            state = WindowState(range: 0..<passed, refunded: 0)
            state.motion = .growing
        }
        // Over nothing only what comes in later matters.
        if !state.range.isEmpty || state.motion == .growing {
            for place in window.pointee.tests.places {
                evaluate(tables.activities.tests.pointer(place), history, &state)
            }
        }
        if passed > 0 { clock.bringForward(&edge, leaving: history.time(passed &- 1), stride) }
        if state.critical < history.count {
            clock.bringForward(&edge, leaving: history.time(state.critical), stride)
        }
    }

    /// How many of the occurrences that have happened the moving bound has passed.
    @inline(__always)
    private func passed(_ bound: Int64, _ history: some SeriesHistory, _ happened: Int) -> Int {
        if history.time(0) > bound { return 0 }
        if history.time(happened &- 1) <= bound { return happened }
        return min(happened, history.count(through: bound))
    }

    /// Appends the leaf of a test if it holds, and notes the first occurrence by whose passing that can change.
    @inline(__always)
    private mutating func evaluate(
        _ test: UnsafePointer<WindowTest>, _ history: some SeriesHistory, _ state: inout WindowState
    ) {
        let number = test.pointee.number
        switch test.pointee.form {
        case .count: count(test, history, &state)
        case .total: sum(test, history, &state) { $0.amountSum($1) }
        case .quantity: sum(test, history, &state) { $0.quantitySum($1) }
        case .lineTotal: sum(test, history, &state) { $0.lineTotalSum($1) }
        default: evaluate(measure: Int(number), history, &state)
        }
    }

    @inline(__always)
    private mutating func count(
        _ test: UnsafePointer<WindowTest>, _ history: some SeriesHistory, _ state: inout WindowState
    ) {
        let needed = Int(test.pointee.threshold)
        if state.range.count >= needed {
            sink.append(test.pointee.number)
            if state.motion == .shrinking { state.note(state.range.upperBound &- needed) }
        } else if state.motion == .growing, needed <= history.count {
            state.note(needed &- 1)
        }
    }

    /// Sums of what is never negative: they fall as occurrences leave and rise as they come in.
    private mutating func sum<History: SeriesHistory>(
        _ test: UnsafePointer<WindowTest>, _ history: History, _ state: inout WindowState,
        _ sum: (History, Int) -> Int128
    ) {
        let (lower, upper) = (state.range.lowerBound, state.range.upperBound)
        let least = Int128(test.pointee.threshold)
        let isReached = sum(history, upper) &- sum(history, lower) >= least
        if isReached { sink.append(test.pointee.number) }
        if isReached, state.motion == .shrinking {
            let first = firstIndex(in: state.range) { sum(history, upper) &- sum(history, $0 + 1) < least }
            if first < upper { state.note(first) }
        } else if !isReached, state.motion == .growing {
            let first = firstIndex(in: upper..<history.count) { sum(history, $0 + 1) &- sum(history, lower) >= least }
            if first < history.count { state.note(first) }
        }
    }

    /// The first index that passes, where all after it do; the end of the range if none does.
    @inline(__always)
    func firstIndex(in range: Range<Int>, where passes: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if passes(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A window of a series at one instant.
struct WindowState {
    enum Motion {
        /// Nothing leaves, and nothing comes in but what lies ahead.
        case still
        /// The earliest leaves first.
        case shrinking
        /// The earliest beyond the range comes in next.
        case growing
    }

    /// The occurrences inside.
    let range: Range<Int>
    var motion = Motion.still
    /// Refunds that lower the net total, in ten-thousandths.
    let refunded: Int128
    /// The earliest occurrence whose passing of the moving bound changes a truth.
    private(set) var critical = Int.max

    init(range: Range<Int>, refunded: Int128) {
        self.range = range
        self.refunded = refunded
    }

    mutating func note(_ index: Int) {
        critical = min(critical, index)
    }
}
