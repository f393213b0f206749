internal import SegmentModel

extension TruthKernel {
    mutating func evaluateOrders(_ contact: borrowing DecodedContact) {
        guard tables.activities.filters.groups[FilterPrograms.orders].isUsed else { return }
        gathering.reset()
        gatherOrders(contact)
        evaluateGathered(refunded: refunded(contact))
    }

    mutating func evaluateActivities(_ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer) {
        guard tables.activities.series.count > 0 else { return }
        gathering.reset()
        gatherActivities(contact, bytes)
        evaluateGathered(refunded: 0)
    }

    private mutating func evaluateGathered(refunded: Int128) {
        // Of what lies ahead the quick ways know nothing.
        let isQuick = gathering.lastTime <= clock.now
        if isQuick { evaluateSoleTests() }
        for kind in (isQuick ? Int(SeriesTraits.Kind.any.rawValue) : 0)..<SeriesTraits.kindCount {
            for series in gathering.active(kind) {
                evaluate(Int(series), layHistory(of: Int(series)), refunded: refunded)
            }
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
        workspace.withText(of: symbol) {
            tables.matchers.match(tables.currency.pointer(0), text: $0, &folding, into: &gathering.holding)
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
                evaluate(tables.activities.tests[place], history, 0, happened, refunded: refunded)
            }
        }
        guard happened > 0 else { return }
        for place in series.pointee.fixed.places {
            evaluate(tables.activities.fixed.groups.pointer(place), history, happened)
        }
        for place in series.pointee.moving.places {
            evaluate(tables.activities.moving.pointer(place), history, happened)
        }
    }
}

// Series of which one thing is asked: by far the most. All their occurrences have happened.
extension TruthKernel {
    private mutating func evaluateSoleTests() {
        evaluateSoleTests(.soleAlways) { $0.pointee.hitCount >= $1.pointee.threshold }
        let hits = gathering.tables.hits
        evaluateSoleTests(.soleFixed) { state, test in
            var count: Int32 = 0
            var next = state.pointee.lastHit
            while next >= 0 {
                let time = hits[Int(next)].time
                count &+= test.pointee.low <= time && time <= test.pointee.high ? 1 : 0
                next = hits[Int(next)].previous
            }
            return count >= test.pointee.threshold
        }
        for series in gathering.active(Int(SeriesTraits.Kind.soleLast.rawValue)) { evaluateSoleLast(Int(series)) }
    }

    @inline(__always)
    private mutating func evaluateSoleTests(
        _ kind: SeriesTraits.Kind,
        _ holds: (UnsafePointer<ActivityGathering.SeriesState>, UnsafePointer<SoleTest>) -> Bool
    ) {
        let active = gathering.active(Int(kind.rawValue))
        let states = gathering.states.start
        let tests = tables.activities.soleTests.start
        sink.reserve(active.count)
        for series in active {
            let test = tests + Int(series)
            sink.append(test.pointee.leaf, if: holds(states + Int(series), test))
        }
    }

    /// The window reaches as far as the occurrence from which on there have been enough.
    private mutating func evaluateSoleLast(_ series: Int) {
        let test = tables.activities.soleTests.pointer(series)
        let hits = gathering.tables.hits
        let start = clock.back(test.pointee.stride)
        var next = gathering.states[series].lastHit
        var count: Int32 = 0
        while next >= 0, hits[Int(next)].time > start {
            count &+= 1
            if count == test.pointee.threshold {
                sink.append(test.pointee.leaf)
                clock.bringForward(&edge, leaving: hits[Int(next)].time, test.pointee.stride)
            }
            next = hits[Int(next)].previous
        }
        // At the end of a month the last one that has left may come back.
        if next >= 0 { clock.bringForward(&edge, leaving: hits[Int(next)].time, test.pointee.stride) }
    }
}

// Windows that stand still.
extension TruthKernel {
    @inline(__always)
    private mutating func evaluate(
        _ group: UnsafePointer<FixedGroup>, _ history: some SeriesHistory, _ happened: Int
    ) {
        let fixed = tables.activities.fixed
        counts.count(
            history, happened, fixed.bounds.pointer(group.pointee.bounds.start),
            boundCount: Int(group.pointee.bounds.count))
        for place in group.pointee.blocks.places { evaluate(fixed.blocks.pointer(place), history, happened) }
    }

    /// Evaluates the tests of a block; all ask the same, so that it is decided once.
    @inline(__always)
    private mutating func evaluate(
        _ block: UnsafePointer<FixedBlock>, _ history: some SeriesHistory, _ happened: Int
    ) {
        switch block.pointee.form {
        case .count: forEachTest(block) { $2 &- $1 >= $0.pointee.threshold }
        case .total:
            guard let sums = history.narrowSums else { return evaluateOne(block, history) }
            forEachTest(block) { sums[$2] &- sums[$1] >= $0.pointee.threshold }
        case .average:
            guard let sums = history.narrowSums else { return evaluateOne(block, history) }
            // Over nothing the sum is zero, and so the right side must not be.
            forEachTest(block) { sums[$2] &- sums[$1] >= max(1, $0.pointee.threshold &* Int64($2 &- $1)) }
        case .largest where BoundCounts.canRank(happened):
            counts.rank(history, happened)
            let counts = counts
            forEachTest(block) { counts.largest($1, $2) >= $0.pointee.threshold }
        default: evaluateOne(block, history)
        }
    }

    /// Appends the leaves of the tests that hold; without branches, since nobody foresees which do.
    @inline(__always)
    private mutating func forEachTest(
        _ block: UnsafePointer<FixedBlock>,
        _ holds: (UnsafePointer<FixedTest>, _ lower: Int, _ upper: Int) -> Bool
    ) {
        let count = Int(block.pointee.tests.count)
        let tests = tables.activities.fixed.tests.pointer(block.pointee.tests.start)
        let counts = counts
        sink.reserve(count)
        var sink = sink
        for index in 0..<count {
            let test = tests + index
            sink.append(test.pointee.number, if: holds(test, counts.lower(test), counts.upper(test)))
        }
        self.sink = sink
    }

    /// Evaluates the tests of a block one by one.
    private mutating func evaluateOne(_ block: UnsafePointer<FixedBlock>, _ history: some SeriesHistory) {
        for place in block.pointee.tests.places {
            let test = tables.activities.fixed.tests.pointer(place)
            let (lower, upper) = (counts.lower(test), counts.upper(test))
            guard lower < upper else { continue }
            evaluate(
                WindowTest(
                    threshold: test.pointee.threshold, number: test.pointee.number, form: block.pointee.form), history,
                lower, upper, refunded: 0)
        }
    }

    /// Appends the leaf of a test if it holds over a range of occurrences.
    @inline(__always)
    private mutating func evaluate(
        _ test: WindowTest, _ history: some SeriesHistory, _ lower: Int, _ upper: Int, refunded: Int128
    ) {
        let threshold = test.threshold
        let holds: Bool
        switch test.form {
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
            return evaluate(measure: Int(test.number), history, &state)
        default: holds = false
        }
        if holds { sink.append(test.number) }
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
