internal import SegmentModel

/// What is known about orders besides their states: refunds that name them, and cancellations that wait for them.
///
/// Both are rare beside orders, so this is kept in plain dictionaries.
struct RefundBook: Sendable {
    /// A refund's number is its source's own.
    struct Key: Hashable {
        var source: Identifier
        var refund: Identifier
    }

    /// The latest statement about a refund.
    struct Entry {
        var key: Key
        var refund: Refund
        var stamp: Stamp
    }

    /// What became of a statement.
    enum Taking {
        /// A later one is known.
        case stale
        /// It counts, instead of an earlier one if there was one.
        case taken(replacing: Entry?)
    }

    private(set) var entries: [Key: Entry] = [:]
    private var byContact: [Identifier: Set<Key>] = [:]
    private var byOrder: [OrderKey: Set<Key>] = [:]
    /// occurredAt of the latest cancellation of each order that has not come yet.
    private(set) var cancellations: [OrderKey: Int64] = [:]
    /// Hashes of the orders that anything here may be about; they stay when it is gone.
    private var hashes: Set<UInt64> = []

    /// Whether anything here may be about an order of that hash: nearly always no.
    func concerns(_ orderHash: UInt64) -> Bool {
        !hashes.isEmpty && hashes.contains(orderHash)
    }

    /// The orders that anything here is about.
    var orders: [OrderKey] { Array(byOrder.keys) + Array(cancellations.keys) }

    /// Takes the hash of an order that something here is about.
    mutating func note(orderHash: UInt64) {
        hashes.insert(orderHash)
    }

    // MARK: Refunds

    mutating func take(_ entry: Entry, orderHash: UInt64?) -> Taking {
        let known = entries[entry.key]
        if let known {
            guard entry.stamp > known.stamp else { return .stale }
            forget(known)
        }
        entries[entry.key] = entry
        byContact[entry.refund.contact, default: []].insert(entry.key)
        if let key = entry.refund.orderKey {
            byOrder[key, default: []].insert(entry.key)
            if let orderHash { hashes.insert(orderHash) }
        }
        return .taken(replacing: known)
    }

    /// The refunds that name the order.
    func refunds(of order: OrderKey) -> [Entry] {
        (byOrder[order] ?? []).compactMap { entries[$0] }
    }

    /// What refunds in the order's currency leave of its total, not below zero.
    func amount(of order: OrderKey, total: Int64, currency: String) -> Int64 {
        let isInCurrency = TextTest.is(TextOperand(currency))
        let refunded = refunds(of: order).filter { isInCurrency.holds(for: $0.refund.currency) }
            .reduce(Int128(0)) { $0 + Int128($1.refund.amount.tenThousandths) }
        // Refunds are not negative, so what is left fits.
        return max(0, Int64(clamping: Int128(total) - refunded))
    }

    private mutating func forget(_ entry: Entry) {
        entries[entry.key] = nil
        byContact[entry.refund.contact]?.remove(entry.key)
        if byContact[entry.refund.contact]?.isEmpty == true { byContact[entry.refund.contact] = nil }
        guard let order = entry.refund.orderKey else { return }
        byOrder[order]?.remove(entry.key)
        if byOrder[order]?.isEmpty == true { byOrder[order] = nil }
    }

    // MARK: Cancellations

    mutating func wait(cancellation: Int64, of order: OrderKey, hash: UInt64?) {
        cancellations[order] = max(cancellations[order] ?? cancellation, cancellation)
        if let hash { hashes.insert(hash) }
    }

    mutating func takeCancellation(of order: OrderKey) -> Int64? {
        cancellations.removeValue(forKey: order)
    }

    // MARK: Erasing

    /// Forgets the refunds that name an order which is being erased.
    mutating func eraseOrder(_ order: OrderKey) {
        for entry in refunds(of: order) { forget(entry) }
    }

    /// Forgets a contact's refunds but those that count in another contact's order.
    mutating func erase(_ contact: Identifier, isOrderKnown: (OrderKey) -> Bool) {
        for key in byContact[contact] ?? [] {
            guard let entry = entries[key] else { continue }
            if let order = entry.refund.orderKey, isOrderKnown(order) { continue }
            forget(entry)
        }
    }
}
