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
    fileprivate func append(_ kernel: UnsafeMutablePointer<TruthKernel>) {
        kernel.pointee.gathering.forEachActive { number in
            series[place(of: number)].append(kernel.pointee.layHistory(of: number))
        }
    }

    /// The place of a series, given to it now if it is new.
    fileprivate func place(of number: Int) -> Int {
        if let known = places[number] { return known }
        places[number] = series.count
        numbers.append(number)
        series.append(HeavySeries(columns: program.tables.activities.series[number].columns))
        return series.count - 1
    }
}

extension TruthEvaluator {
    /// Makes the history anew from a contact unpacked in full. Cost: linear in its activities, and sorting them.
    mutating func rebuild(_ history: HeavyHistory, _ contact: borrowing DecodedContact, bytes: UnsafeRawBufferPointer) {
        precondition(history.isMade(for: program), "a history answers for the program it was made for")
        history.removeAll()
        kernel.pointee.gathering.reset()
        kernel.pointee.gatherOrders(contact)
        kernel.pointee.gatherActivities(contact, bytes)
        history.append(kernel)
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
        guard !order.isTest, program.tables.isCounted[Int(order.status)] else { return true }
        kernel.pointee.gathering.reset()
        guard program.tables.activities.filters.groups[FilterPrograms.orders].isUsed else { return true }
        withUnsafePointer(to: order) { order in
            lines.withUnsafeBufferPointer { kernel.pointee.gather(order, $0) }
        }
        history.append(kernel)
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
        kernel.pointee.gathering.reset()
        withUnsafePointer(to: activity) { activity in
            let group = kernel.pointee.group(of: activity)
            guard group >= 0 else { return }
            properties.withUnsafeBufferPointer { kernel.pointee.gather(activity, group, $0, bytes) }
        }
        history.append(kernel)
        return true
    }

    /// As `evaluate`, with the orders and activities of the history instead of the contact's: of the contact only
    /// attributes, tags, refunds and `firstSeenAt` are read.
    mutating func evaluate(
        _ contact: borrowing DecodedContact, _ history: HeavyHistory, bytes: UnsafeRawBufferPointer, at now: Int64,
        truths: inout [UInt32]
    ) -> Int64 {
        precondition(history.isMade(for: program), "a history answers for the program it was made for")
        kernel.pointee.begin(at: now)
        kernel.pointee.evaluateFields(contact, bytes)
        kernel.pointee.evaluateTags(contact)
        kernel.pointee.gathering.reset()
        let refunded = kernel.pointee.refunded(contact)
        // Series that refunds alone concern.
        kernel.pointee.gathering.forEachActive { _ = history.place(of: $0) }
        for place in history.series.indices { history.evaluate(place, kernel, refunded: refunded) }
        truths.append(contentsOf: kernel.pointee.sink.numbers())
        return kernel.pointee.edge
    }
}

extension HeavyHistory {
    /// Appends what holds of a series, and brings the edge forward; does the work only if it has to be done again.
    fileprivate func evaluate(_ place: Int, _ kernel: UnsafeMutablePointer<TruthKernel>, refunded: Int128) {
        let now = kernel.pointee.clock.now
        // Refunds are not part of the history.
        let isKept = !program.tables.activities.series[numbers[place]].isNet
        if isKept, series[place].validity.contains(now) {
            series[place].truths.withUnsafeBufferPointer { truths in
                if let start = truths.baseAddress { kernel.pointee.sink.append(start, count: truths.count) }
            }
            kernel.pointee.edge = min(kernel.pointee.edge, series[place].validity.upperBound)
            return
        }
        let (edge, first) = (kernel.pointee.edge, kernel.pointee.sink.count)
        kernel.pointee.edge = .max
        kernel.pointee.evaluate(numbers[place], series[place], refunded: refunded)
        series[place].truths.removeAll(keepingCapacity: true)
        series[place].truths.append(contentsOf: kernel.pointee.sink.numbers(from: first))
        series[place].validity = now..<kernel.pointee.edge
        kernel.pointee.edge = min(kernel.pointee.edge, edge)
    }
}
