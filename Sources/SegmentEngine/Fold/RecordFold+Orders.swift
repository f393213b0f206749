internal import SegmentModel

// Orders are the audience's, not a contact's: a cancellation names no contact, and an order may move to another one.
extension RecordFold {
    /// Takes a state of an order.
    mutating func placeOrder(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) {
        let contact = ensure(step, bytes)
        let body = step.body(in: bytes)
        if isUnheardOf(orderHash: step.orderHash) {
            noteOrder(hash: step.orderHash, heldBy: contact)
            store.append(body, to: contact)
            return
        }
        var cursor = ByteCursor(body)
        let flags = cursor.byte()
        let state = OrderItem(flags: flags, from: &cursor, of: body)
        if let current = holding(store: state.store, order: state.order, hash: step.orderHash) {
            replaceOrder(current, with: state, step, for: contact)
        } else {
            addOrder(state, hash: step.orderHash, to: contact)
        }
    }

    /// The first state of an order; cancellations and refunds may have come before it.
    private mutating func addOrder(_ state: OrderItem, hash: UInt64, to contact: Ordinal) {
        var order = state
        noteOrder(hash: hash, heldBy: contact)
        if refunds.concerns(hash) {
            let key = key(of: order)
            if let cancelledAt = refunds.takeCancellation(of: key) {
                order.status = OrderStatus.cancelled.code
                order.effectiveAt = max(order.effectiveAt, cancelledAt)
            }
            for waiting in refunds.refunds(of: key) { removeUnlinked(waiting) }
            settle(&order, hash: hash)
        }
        item.removeAll()
        order.write(to: item, scratch: record)
        store.append(item.bytes, to: contact)
    }

    /// A further state: the latest occurredAt wins, and may move the order to another contact.
    private mutating func replaceOrder(
        _ current: Holding, with state: OrderItem, _ step: FoldStep, for contact: Ordinal
    ) {
        guard state.effectiveAt >= current.order.effectiveAt else { return }
        var order = state
        if !step.statesPlacedAt { order.placedAt = current.order.placedAt }
        settle(&order, hash: step.orderHash)
        item.removeAll()
        order.write(to: item, scratch: record)
        if current.holder == contact {
            replace(current.bytes, of: contact, with: item.bytes)
        } else {
            replace(current.bytes, of: current.holder, with: UnsafeRawBufferPointer(start: nil, count: 0))
            forgetOrder(hash: step.orderHash, heldBy: current.holder)
            noteOrder(hash: step.orderHash, heldBy: contact)
            store.append(item.bytes, to: contact)
        }
    }

    /// Takes a cancellation; one that comes before its order waits for it.
    mutating func cancelOrder(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) {
        let body = step.body(in: bytes)
        var cursor = ByteCursor(body)
        let symbol = cursor.symbol()
        let number = body.slice(cursor.text())
        guard let current = holding(store: symbol, order: number, hash: step.orderHash) else {
            let key = OrderKey(
                store: Identifier(vocabulary.text(of: symbol)),
                order: Identifier(String(decoding: number, as: UTF8.self)))
            refunds.wait(cancellation: step.occurredAt, of: key, hash: step.orderHash)
            return
        }
        guard step.occurredAt >= current.order.effectiveAt else { return }
        var order = current.order
        order.status = OrderStatus.cancelled.code
        order.effectiveAt = step.occurredAt
        rewrite(current, as: order)
    }

    /// Writes an order where it stands.
    private mutating func rewrite(_ current: Holding, as order: OrderItem) {
        item.removeAll()
        order.write(to: item, scratch: record)
        replace(current.bytes, of: current.holder, with: item.bytes)
    }

    // MARK: Refunds

    /// Takes a refund; a later statement about the same refund of the same source replaces an earlier one.
    mutating func refund(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) {
        guard let event = try? Event(decoding: step.body(in: bytes)), case .orderRefunded(let refund) = event.fact
        else {
            preconditionFailure("a refund cannot be read although its checksum is right")
        }
        ensure(step, bytes)
        let hash = refund.orderKey.map { Self.orderHash(store: vocabulary.intern($0.store.text), key: $0) }
        let stated = RefundBook.Entry(
            key: RefundBook.Key(source: event.source, refund: refund.refund), refund: refund, stamp: step.stamp)
        let replaced: RefundBook.Entry?
        switch refunds.take(stated, orderHash: hash) {
        case .stale: return
        case .taken(let earlier): replaced = earlier
        }
        if let replaced { uncount(replaced) }
        count(stated)
    }

    /// Lowers the amount of the order that the refund names, or stands alone with its contact.
    private mutating func count(_ entry: RefundBook.Entry) {
        if let key = entry.refund.orderKey, resettle(key) { return }
        guard let ordinal = ordinal(of: entry.refund.contact) else { return }
        item.removeAll()
        RefundItem(
            currency: vocabulary.intern(entry.refund.currency), amount: entry.refund.amount.tenThousandths,
            occurredAt: entry.stamp.occurredAt, sequence: entry.stamp.sequence
        ).write(to: item)
        store.append(item.bytes, to: ordinal)
    }

    /// Takes a refund that was replaced out of wherever it counted.
    private mutating func uncount(_ entry: RefundBook.Entry) {
        if let key = entry.refund.orderKey, resettle(key) { return }
        removeUnlinked(entry)
    }

    private mutating func removeUnlinked(_ entry: RefundBook.Entry) {
        guard let ordinal = ordinal(of: entry.refund.contact) else { return }
        var reader = RecordReader(store.record(ordinal).bytes)
        while let (item, range) = reader.next() {
            if case .refund(let refund) = item, refund.sequence == entry.stamp.sequence {
                replace(range, of: ordinal, with: UnsafeRawBufferPointer(start: nil, count: 0))
                return
            }
        }
    }

    /// Computes an order's amount anew; false if there is no order of that key.
    private mutating func resettle(_ key: OrderKey) -> Bool {
        var number = key.order.text
        return number.withUTF8 { number in
            guard let current = holding(of: key, UnsafeRawBufferPointer(number)) else { return false }
            var order = current.order
            order.amount = refunds.amount(of: key, total: order.total, currency: vocabulary.text(of: order.currency))
            rewrite(current, as: order)
            return true
        }
    }

    /// Computes what refunds leave of an order's total.
    private func settle(_ order: inout OrderItem, hash: UInt64) {
        guard refunds.concerns(hash) else { return }
        order.amount = refunds.amount(
            of: key(of: order), total: order.total, currency: vocabulary.text(of: order.currency))
    }

    // MARK: Keys

    func key(of order: OrderItem) -> OrderKey {
        OrderKey(
            store: Identifier(vocabulary.text(of: order.store)),
            order: Identifier(String(decoding: order.order, as: UTF8.self)))
    }

    /// The contact whose record holds the order of that key.
    mutating func holder(of key: OrderKey) -> Ordinal? {
        var number = key.order.text
        return number.withUTF8 { holding(of: key, UnsafeRawBufferPointer($0))?.holder }
    }

    private mutating func holding(of key: OrderKey, _ number: UnsafeRawBufferPointer) -> Holding? {
        guard let symbol = vocabulary.symbol(of: key.store.text) else { return nil }
        return holding(store: symbol, order: number, hash: Self.orderHash(store: symbol, order: number))
    }

    func ordinal(of id: Identifier) -> Ordinal? {
        var text = id.text
        return text.withUTF8 { ordinal(of: UnsafeRawBufferPointer($0)) }
    }

    static func orderHash(store: Symbol, key: OrderKey) -> UInt64 {
        var number = key.order.text
        return number.withUTF8 { orderHash(store: store, order: UnsafeRawBufferPointer($0)) }
    }
}
