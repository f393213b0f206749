internal import SegmentModel

/// The orders and refunds of an audience: which state of each order holds, and what was given back on it.
///
/// Orders are the audience's, not a contact's: a cancellation names no contact, and an order may move to another one.
struct OrderBook: Sendable {
    /// What a contact has to be told.
    struct Change {
        var contact: Identifier
        var what: What

        enum What {
            case order(Order)
            case orderGone(OrderKey)
            case unlinkedRefund(UnlinkedRefund)
            case unlinkedRefundGone(sequence: UInt64)
        }
    }

    private struct Entry: Sendable {
        /// The state that holds, nil while only cancellations or refunds of the order are known.
        var current: Current?
        /// occurredAt of the latest cancellation that came before any state.
        var waitingCancellation: Instant?
        /// The refunds that name the order, in order of arrival.
        var refunds: [RefundKey] = []
    }

    private struct Current: Sendable {
        var order: Order
        var contact: Identifier
        var total: Amount
        /// occurredAt of the state or cancellation that holds; older ones change nothing.
        var effectiveAt: Instant
    }

    private struct RefundKey: Hashable {
        var source: Identifier
        var refund: Identifier
    }

    private struct RefundEntry {
        var refund: Refund
        var stamp: Stamp
    }

    private var entries: [OrderKey: Entry] = [:]
    private var refunds: [RefundKey: RefundEntry] = [:]

    /// Takes a state of an order.
    mutating func apply(_ state: OrderState, stamp: Stamp) -> [Change] {
        var entry = entries[state.key] ?? Entry()
        guard entry.current.map({ stamp.occurredAt >= $0.effectiveAt }) ?? true else { return [] }
        var changes: [Change] = []
        let isFirst = entry.current == nil
        if let previous = entry.current, previous.contact != state.contact {
            changes.append(Change(contact: previous.contact, what: .orderGone(state.key)))
        }
        var effectiveAt = stamp.occurredAt
        var status = state.status
        if isFirst, let cancelledAt = entry.waitingCancellation {
            status = .cancelled
            effectiveAt = max(effectiveAt, cancelledAt)
            entry.waitingCancellation = nil
        }
        let order = Order(
            key: state.key, currency: state.currency, amount: state.total, status: status, isTest: state.isTest,
            placedAt: state.placedAt ?? entry.current?.order.placedAt ?? stamp.occurredAt, lines: state.lines,
            sequence: stamp.sequence)
        if isFirst { changes += unlinkedRefundsGone(of: entry) }
        entry.current = Current(order: order, contact: state.contact, total: state.total, effectiveAt: effectiveAt)
        changes.append(settle(&entry, contact: state.contact, order: order, total: state.total))
        entries[state.key] = entry
        return changes
    }

    /// Takes a cancellation; one that comes before its order waits for it.
    mutating func cancel(_ key: OrderKey, stamp: Stamp) -> [Change] {
        var entry = entries[key] ?? Entry()
        defer { entries[key] = entry }
        guard var current = entry.current else {
            entry.waitingCancellation = max(entry.waitingCancellation ?? stamp.occurredAt, stamp.occurredAt)
            return []
        }
        guard stamp.occurredAt >= current.effectiveAt else { return [] }
        current.order.status = .cancelled
        current.effectiveAt = stamp.occurredAt
        entry.current = current
        return [Change(contact: current.contact, what: .order(current.order))]
    }

    /// Takes a refund; a later statement about the same refund of the same source replaces an earlier one.
    mutating func apply(_ refund: Refund, source: Identifier, stamp: Stamp) -> [Change] {
        let key = RefundKey(source: source, refund: refund.refund)
        var changes: [Change] = []
        if let known = refunds[key] {
            guard stamp > known.stamp else { return [] }
            changes += remove(key, known)
        }
        refunds[key] = RefundEntry(refund: refund, stamp: stamp)
        guard let orderKey = refund.orderKey else { return changes + [unlinked(refund, stamp: stamp)] }
        var entry = entries[orderKey] ?? Entry()
        entry.refunds.append(key)
        if let current = entry.current {
            changes.append(settle(&entry, contact: current.contact, order: current.order, total: current.total))
        } else {
            changes.append(unlinked(refund, stamp: stamp))
        }
        entries[orderKey] = entry
        return changes
    }

    /// Forgets the contact's orders with the refunds that name them, and its refunds that name no known order. What it
    /// gave to the order of another contact stays with that order.
    mutating func erase(_ contact: Identifier, orders: [OrderKey]) {
        for key in orders {
            for refund in entries[key]?.refunds ?? [] { refunds[refund] = nil }
            entries[key] = nil
        }
        for (key, known) in refunds where known.refund.contact == contact {
            if let orderKey = known.refund.orderKey {
                guard entries[orderKey]?.current == nil else { continue }
                entries[orderKey]?.refunds.removeAll { $0 == key }
            }
            refunds[key] = nil
        }
    }

    /// Computes the order's amount anew and says what its contact has to be told.
    private func settle(_ entry: inout Entry, contact: Identifier, order: Order, total: Amount) -> Change {
        var settled = order
        var left = Number(total)
        for key in entry.refunds {
            guard let refund = refunds[key]?.refund,
                TextFolding.folded(refund.currency) == TextFolding.folded(order.currency)
            else { continue }
            left = left - Number(refund.amount)
        }
        settled.amount = left > .zero ? Amount(tenThousandths: Int64(left.billionths / 100_000)) : .zero
        entry.current?.order = settled
        return Change(contact: contact, what: .order(settled))
    }

    /// Takes a refund out of wherever it counts.
    private mutating func remove(_ key: RefundKey, _ known: RefundEntry) -> [Change] {
        let gone = Change(
            contact: known.refund.contact, what: .unlinkedRefundGone(sequence: known.stamp.sequence))
        guard let orderKey = known.refund.orderKey, var entry = entries[orderKey] else { return [gone] }
        entry.refunds.removeAll { $0 == key }
        defer { entries[orderKey] = entry }
        guard let current = entry.current else { return [gone] }
        return [settle(&entry, contact: current.contact, order: current.order, total: current.total)]
    }

    private func unlinked(_ refund: Refund, stamp: Stamp) -> Change {
        Change(
            contact: refund.contact,
            what: .unlinkedRefund(
                UnlinkedRefund(
                    currency: refund.currency, amount: refund.amount, occurredAt: stamp.occurredAt,
                    sequence: stamp.sequence)))
    }

    /// The refunds that waited for this order no longer stand alone.
    private func unlinkedRefundsGone(of entry: Entry) -> [Change] {
        entry.refunds.compactMap { refunds[$0] }.map { known in
            Change(contact: known.refund.contact, what: .unlinkedRefundGone(sequence: known.stamp.sequence))
        }
    }
}
