internal import SegmentModel

extension TruthEvaluator {
    mutating func evaluateActivities(
        _ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer, edge: inout Int64,
        into truths: inout [UInt32]
    ) {
        guard !program.activities.series.isEmpty else { return }
        gathering.reset()
        gatherOrders(contact)
        gatherActivities(contact, bytes)
        let refunded = refunded(contact, edge: &edge)
        guard !gathering.active.isEmpty else { return }
        columns.lay(gathering)
        for place in gathering.active.indices {
            let series = gathering.active[place]
            evaluate(series, columns.history(of: series), refunded: refunded, edge: &edge, into: &truths)
        }
    }

    /// The refunds without an order that have happened, in ten-thousandths; the next one ahead is an edge.
    mutating func refunded(_ contact: borrowing DecodedContact, edge: inout Int64) -> Int128 {
        guard !contact.refunds.isEmpty, !program.activities.netTotals.isEmpty else { return 0 }
        for series in program.activities.netTotals { gathering.activate(series) }
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
        if let range = currencyMemo.range(of: symbol) { return !range.isEmpty }
        payloads.removeAll(keepingCapacity: true)
        withText(of: symbol) { program.currency.match(text: $0, folding, into: &payloads) }
        return !currencyMemo.insert(payloads, for: symbol).isEmpty
    }

    /// Appends what holds of all measures of a series, and brings the edge forward.
    mutating func evaluate(
        _ series: Int, _ history: some SeriesHistory, refunded: Int128, edge: inout Int64, into truths: inout [UInt32]
    ) {
        let happened = history.count(through: clock.now)
        if happened < history.count { edge = min(edge, history.time(happened)) }
        for window in program.activities.series[series].windows {
            var state = WindowState(range: 0..<happened, refunded: refunded)
            switch program.activities.windows[window].window {
            case nil: break
            case .fixed(let low, let high):
                let start = low == .min ? 0 : history.count(through: low - 1)
                state.range =
                    min(start, happened)..<max(min(start, happened), min(happened, history.count(through: high)))
            case .last(let index):
                state.range = passed(index, history, of: happened)..<happened
                state.motion = .shrinking
            case .notLast(let index):
                state.range = 0..<passed(index, history, of: happened)
                state.motion = .growing
            case .next:
                // What has happened does not lie ahead.
                state.range = 0..<0
            }
            // Nothing holds over nothing, but for refunds; only what comes in later matters.
            if !state.range.isEmpty || state.motion == .growing || refunded != 0 {
                for measure in program.activities.windows[window].measures {
                    evaluate(measure, history, &state, edge: &edge, into: &truths)
                }
            }
            bringForward(&edge, window, history, state)
        }
    }

    /// How many of the occurrences that have happened the moving bound has passed.
    private mutating func passed(_ index: Int, _ history: some SeriesHistory, of happened: Int) -> Int {
        guard happened > 0, clock.hasPassed(history.time(0), index) else { return 0 }
        if clock.hasPassed(history.time(happened - 1), index) { return happened }
        return min(happened, history.count(through: clock.back(index)))
    }

    /// The instants at which an occurrence that matters passes the moving bound of the window, or the last one that
    /// did comes back.
    private func bringForward(_ edge: inout Int64, _ window: Int, _ history: some SeriesHistory, _ state: WindowState) {
        let bound: Int
        let index: Int
        switch program.activities.windows[window].window {
        case .last(let stride): (bound, index) = (state.range.lowerBound, stride)
        case .notLast(let stride): (bound, index) = (state.range.upperBound, stride)
        case .fixed, .next, nil: return
        }
        if bound > 0 { clock.bringForward(&edge, leaving: history.time(bound - 1), index) }
        if state.critical < history.count {
            clock.bringForward(&edge, leaving: history.time(state.critical), index)
        }
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
    var range: Range<Int>
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
