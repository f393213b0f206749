/// The meaning of events: what contacts a list of visible events leaves, recomputed from the beginning.
///
/// In: events in log order. Out: every contact they leave, independent of the instant. The incremental fold of the
/// engine must leave the same. Holds everything that was said and not yet superseded or erased.
public struct ReferenceFold: Sendable {
    private var people: [Identifier: Person] = [:]
    private var orders: [OrderKey: KnownOrder] = [:]
    /// Cancellations whose order has not come yet: the latest occurredAt of each.
    private var waitingCancellations: [OrderKey: Instant] = [:]
    private var refunds: [RefundKey: KnownRefund] = [:]

    /// A refund's number is its source's own.
    private struct RefundKey: Hashable {
        var source: Identifier
        var refund: Identifier
    }

    private struct KnownRefund {
        var refund: Refund
        var stamp: Stamp
    }

    /// A fold that has seen nothing yet.
    public init() {}

    /// The contacts after these events, by their ids. Cost: linear in the events, plus sorting per contact.
    public static func contacts(from events: [LoggedEvent]) -> [Identifier: Contact] {
        var fold = ReferenceFold()
        for event in events { fold.apply(event) }
        return fold.contacts()
    }

    /// Takes the next event in log order.
    public mutating func apply(_ logged: LoggedEvent) {
        let fact = logged.event.fact
        if case .contactErased(let contact) = fact { return erase(contact) }
        let stamp = Stamp(logged)
        if let contact = fact.contact, people[contact] == nil {
            people[contact] = Person(firstSeenAt: stamp.occurredAt)
        }
        switch fact {
        case .contactChanged(let change): people[change.contact]?.apply(change, at: stamp)
        case .orderPlaced(let state), .orderChanged(let state): apply(state, at: stamp)
        case .orderCancelled(let key): cancel(key, at: stamp)
        case .orderRefunded(let refund): apply(refund, from: logged.event.source, at: stamp)
        case .campaignActivity(let activity): people[activity.contact]?.append(activity, at: stamp)
        case .activityRecorded(let activity): people[activity.contact]?.append(activity, at: stamp)
        case .contactErased, .integrationConnected, .integrationDisconnected, .hole: break
        }
    }

    /// Whether a cancellation of the order waits for it.
    public func isCancellationWaiting(for order: OrderKey) -> Bool { waitingCancellations[order] != nil }

    /// The contacts after the events taken so far, by their ids. Cost: linear in what they have.
    public func contacts() -> [Identifier: Contact] {
        var contacts: [Identifier: Contact] = [:]
        for (id, person) in people { contacts[id] = person.contact(id: id) }
        let refundsByOrder = Dictionary(grouping: refunds.values.map(\.refund), by: \.orderKey)
        for (key, order) in orders {
            contacts[order.state.contact]?.orders.append(order.order(lessRefunds: refundsByOrder[key] ?? []))
        }
        for known in refunds.values where order(namedBy: known.refund) == nil {
            contacts[known.refund.contact]?.unlinkedRefunds.append(
                UnlinkedRefund(
                    currency: known.refund.currency, amount: known.refund.amount,
                    occurredAt: known.stamp.occurredAt, sequence: known.stamp.sequence))
        }
        for id in contacts.keys {
            contacts[id]?.orders.sort { $0.key < $1.key }
            contacts[id]?.unlinkedRefunds.sort { $0.sequence < $1.sequence }
        }
        return contacts
    }

    private mutating func apply(_ state: OrderState, at stamp: Stamp) {
        if orders[state.key] != nil {
            orders[state.key]?.apply(state, at: stamp)
            return
        }
        var order = KnownOrder(first: state, at: stamp)
        if let cancelledAt = waitingCancellations.removeValue(forKey: state.key) {
            order.cancel(at: max(cancelledAt, stamp.occurredAt))
        }
        orders[state.key] = order
    }

    private mutating func cancel(_ key: OrderKey, at stamp: Stamp) {
        if orders[key] != nil {
            orders[key]?.cancel(at: stamp.occurredAt)
        } else {
            waitingCancellations[key] = max(waitingCancellations[key] ?? stamp.occurredAt, stamp.occurredAt)
        }
    }

    private mutating func apply(_ refund: Refund, from source: Identifier, at stamp: Stamp) {
        let key = RefundKey(source: source, refund: refund.refund)
        if let known = refunds[key], known.stamp > stamp { return }
        refunds[key] = KnownRefund(refund: refund, stamp: stamp)
    }

    private func order(namedBy refund: Refund) -> KnownOrder? {
        refund.orderKey.flatMap { orders[$0] }
    }

    /// Takes away the contact with all it has: its orders with the refunds that name them, and its refunds that name
    /// no known order. What it gave to the order of another contact stays with that order.
    private mutating func erase(_ contact: Identifier) {
        people[contact] = nil
        refunds = refunds.filter { (order(namedBy: $1.refund)?.state.contact ?? $1.refund.contact) != contact }
        orders = orders.filter { $1.state.contact != contact }
    }
}

/// When something was said to hold: later occurredAt wins, at equal times the later sequence.
struct Stamp: Comparable {
    var occurredAt: Instant
    var sequence: UInt64

    init(_ event: LoggedEvent) {
        occurredAt = event.occurredAt
        sequence = event.sequence
    }

    static func < (left: Stamp, right: Stamp) -> Bool {
        (left.occurredAt, left.sequence) < (right.occurredAt, right.sequence)
    }
}

/// An order on its way through states and cancellations, which come in log order.
private struct KnownOrder {
    private(set) var state: OrderState
    private var status: OrderStatus
    private var placedAt: Instant
    private var sequence: UInt64
    /// occurredAt of the state or cancellation that holds; an older one changes nothing.
    private var effectiveAt: Instant

    init(first state: OrderState, at stamp: Stamp) {
        self.state = state
        status = state.status
        placedAt = state.placedAt ?? stamp.occurredAt
        sequence = stamp.sequence
        effectiveAt = stamp.occurredAt
    }

    mutating func apply(_ state: OrderState, at stamp: Stamp) {
        guard stamp.occurredAt >= effectiveAt else { return }
        self.state = state
        status = state.status
        placedAt = state.placedAt ?? placedAt
        sequence = stamp.sequence
        effectiveAt = stamp.occurredAt
    }

    mutating func cancel(at instant: Instant) {
        guard instant >= effectiveAt else { return }
        status = .cancelled
        effectiveAt = instant
    }

    /// The order with its total less the refunds in its currency; a refund in another currency changes nothing.
    func order(lessRefunds refunds: [Refund]) -> Order {
        let isInCurrency = TextTest.is(TextOperand(state.currency))
        let amounts = refunds.filter { isInCurrency.holds(for: $0.currency) }.map(\.amount)
        let left = amounts.reduce(Number(state.total)) { $0 - Number($1) }
        // Less than the total and not below zero, so it fits an amount again.
        let amount = left < .zero ? Amount.zero : Amount(tenThousandths: Int64(left.billionths / 100_000))
        return Order(
            key: state.key, currency: state.currency, amount: amount, status: status, isTest: state.isTest,
            placedAt: placedAt, lines: state.lines, sequence: sequence)
    }
}
