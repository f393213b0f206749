internal import SegmentModel

/// One contact's activities sorted into series and kept between events, for contacts with so many that unpacking and
/// sorting them for every event would take too long.
///
/// What comes at the end in time is added in logarithmic time per series it belongs to; whatever else changes (a late,
/// changed, cancelled or moved order, another program) takes `rebuild`. An evaluation costs one step per series that
/// has occurrences, and the work of those alone that got something new or reached their edge.
final class HeavyHistory {
    fileprivate let program: LeafProgram
    fileprivate var series: [HeavySeries] = []
    /// Per entry of `series`, its number.
    fileprivate var numbers: [Int] = []
    private var places: [Int: Int] = [:]
    /// No order and no activity may be added before these.
    fileprivate var lastOrderAt = Int64.min
    fileprivate var lastActivityAt = Int64.min

    /// An empty history; it answers for one program.
    init(program: LeafProgram) {
        self.program = program
    }

    /// Whether it was made for this program.
    func isMade(for program: LeafProgram) -> Bool { self.program === program }

    fileprivate func removeAll() {
        series.removeAll()
        numbers.removeAll()
        places.removeAll()
        (lastOrderAt, lastActivityAt) = (.min, .min)
    }

    /// Adds what was gathered, which is not before anything that is here.
    fileprivate func append(_ gathering: borrowing ActivityGathering) {
        for index in gathering.hits.indices {
            let hit = gathering.hits[index]
            series[place(of: hit.series)].append(hit, products: gathering.products(of: hit))
        }
    }

    /// The place of a series, given to it now if it is new.
    fileprivate func place(of number: Int) -> Int {
        if let known = places[number] { return known }
        places[number] = series.count
        numbers.append(number)
        series.append(HeavySeries(columns: program.activities.series[number].columns))
        return series.count - 1
    }
}

extension TruthEvaluator {
    /// Makes the history anew from a contact unpacked in full. Cost: linear in its activities, and sorting them.
    mutating func rebuild(_ history: HeavyHistory, _ contact: borrowing DecodedContact, bytes: UnsafeRawBufferPointer) {
        precondition(history.isMade(for: program), "a history answers for the program it was made for")
        history.removeAll()
        gathering.reset()
        gatherOrders(contact)
        gatherActivities(contact, bytes)
        history.append(gathering)
        for index in contact.orders.indices {
            history.lastOrderAt = max(history.lastOrderAt, contact.orders[index].placedAt)
        }
        for index in contact.activities.indices {
            history.lastActivityAt = max(history.lastActivityAt, contact.activities[index].occurredAt)
        }
    }

    /// Adds an order that the history does not know in any state; false if it lies before one that it knows: then
    /// nothing was added, and `rebuild` is due.
    mutating func append(_ order: DecodedOrder, _ lines: borrowing [DecodedLine], to history: HeavyHistory) -> Bool {
        guard history.isMade(for: program), order.placedAt >= history.lastOrderAt else { return false }
        history.lastOrderAt = order.placedAt
        guard !order.isTest, program.isCounted[Int(order.status)] else { return true }
        gathering.reset()
        gather(order, lines: lines)
        history.append(gathering)
        return true
    }

    /// Adds an activity; false if it lies before one that the history knows: then nothing was added, and `rebuild` is
    /// due.
    mutating func append(
        _ activity: DecodedActivity, _ properties: borrowing [(name: Symbol, value: DecodedValue)],
        bytes: UnsafeRawBufferPointer, to history: HeavyHistory
    ) -> Bool {
        guard history.isMade(for: program), activity.occurredAt >= history.lastActivityAt else { return false }
        history.lastActivityAt = activity.occurredAt
        gathering.reset()
        gather(activity, properties, bytes)
        history.append(gathering)
        return true
    }

    /// As `evaluate`, with the orders and activities of the history instead of the contact's: of the contact only
    /// attributes, tags, refunds and `firstSeenAt` are read.
    mutating func evaluate(
        _ contact: borrowing DecodedContact, _ history: HeavyHistory, bytes: UnsafeRawBufferPointer, at now: Int64,
        truths: inout [UInt32]
    ) -> Int64 {
        precondition(history.isMade(for: program), "a history answers for the program it was made for")
        clock.move(to: now)
        var edge = Int64.max
        evaluateFields(contact, bytes, edge: &edge, into: &truths)
        evaluateTags(contact, into: &truths)
        gathering.reset()
        let refunded = refunded(contact, edge: &edge)
        // Series that refunds alone concern.
        for index in gathering.active.indices { _ = history.place(of: gathering.active[index]) }
        for place in history.series.indices {
            evaluate(history, place, refunded: refunded, edge: &edge, into: &truths)
        }
        return edge
    }

    private mutating func evaluate(
        _ history: HeavyHistory, _ place: Int, refunded: Int128, edge: inout Int64, into truths: inout [UInt32]
    ) {
        let number = history.numbers[place]
        // Refunds are not part of the history.
        let isKept = !program.activities.netTotals.contains(number)
        if !isKept || !history.series[place].validity.contains(clock.now) {
            var until = Int64.max
            payloads.removeAll(keepingCapacity: true)
            var held = payloads
            evaluate(number, history.series[place], refunded: refunded, edge: &until, into: &held)
            history.series[place].truths = held
            history.series[place].validity = clock.now..<until
        }
        truths.append(contentsOf: history.series[place].truths)
        edge = min(edge, history.series[place].validity.upperBound)
    }
}
