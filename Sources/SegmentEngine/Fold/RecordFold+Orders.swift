internal import SegmentModel

// Orders are the audience's, not a contact's: a cancellation names no contact, and an order may move to another one.
extension RecordFold {
    /// Takes a state of an order.
    mutating func placeOrder(_ event: EventBytes) {
        var fact = event.fact
        let bits = fact.byte()
        let status = fact.byte()
        let symbol = vocabulary.intern(event.bytes.slice(fact.text()))
        let number = event.bytes.slice(fact.text())
        let contact = ensure(event.bytes.slice(fact.text()), seenIn: event)
        let currency = vocabulary.intern(event.bytes.slice(fact.text()))
        let total = fact.zigzag()
        let placedAt = bits & EventFormat.orderHasPlacedAt != 0 ? fact.zigzag() : nil
        let lineCount = readLines(&fact, event)
        let state = OrderItem(
            store: symbol, order: number, currency: currency, total: total, amount: total, status: status,
            isTest: bits & EventFormat.orderIsTest != 0, placedAt: placedAt ?? event.occurredAt,
            effectiveAt: event.occurredAt, sequence: event.sequence, lineCount: lineCount, lines: part.bytes)
        if let holder = holder(store: symbol, order: number) {
            replaceOrder(with: state, statesPlacedAt: placedAt != nil, in: holder, for: contact)
        } else {
            addOrder(state, to: contact)
        }
    }

    /// Translates the event's lines into `part`.
    private mutating func readLines(_ fact: inout ByteCursor, _ event: EventBytes) -> Int {
        part.removeAll()
        let count = fact.count()
        for _ in 0..<count {
            let flags = fact.byte()
            part.byte(flags)
            part.symbol(vocabulary.intern(event.bytes.slice(fact.text())))
            // Variant, title, vendor, category: as many texts as flags.
            for _ in 0..<flags.nonzeroBitCount { part.symbol(vocabulary.intern(event.bytes.slice(fact.text()))) }
            part.amount(fact.zigzag())
            part.amount(fact.zigzag())
        }
        return count
    }

    /// The first state of an order; cancellations and refunds may have come before it.
    private mutating func addOrder(_ state: OrderItem, to contact: Ordinal) {
        var order = state
        noteOrder(store: order.store, order: order.order, heldBy: contact)
        if refunds.concerns(orderHash(store: order.store, order: order.order)) {
            let key = key(of: order)
            if let cancelledAt = refunds.takeCancellation(of: key) {
                order.status = OrderStatus.cancelled.code
                order.effectiveAt = max(order.effectiveAt, cancelledAt)
            }
            for waiting in refunds.refunds(of: key) { removeUnlinked(waiting) }
            settle(&order)
        }
        item.removeAll()
        order.write(to: item, scratch: record)
        store.append(item.bytes, to: contact)
    }

    /// A further state: the latest occurredAt wins, and may move the order to another contact.
    private mutating func replaceOrder(
        with state: OrderItem, statesPlacedAt: Bool, in holder: Ordinal, for contact: Ordinal
    ) {
        var reader = RecordReader(store.record(holder).bytes)
        guard let (current, range) = reader.find(store: state.store, order: state.order),
            state.effectiveAt >= current.effectiveAt
        else { return }
        var order = state
        if !statesPlacedAt { order.placedAt = current.placedAt }
        settle(&order)
        item.removeAll()
        order.write(to: item, scratch: record)
        if holder == contact {
            replace(range, of: holder, with: item.bytes)
        } else {
            replace(range, of: holder, with: UnsafeRawBufferPointer(start: nil, count: 0))
            forgetOrder(store: order.store, order: order.order, heldBy: holder)
            noteOrder(store: order.store, order: order.order, heldBy: contact)
            store.append(item.bytes, to: contact)
        }
    }

    /// Takes a cancellation; one that comes before its order waits for it.
    mutating func cancelOrder(_ event: EventBytes) {
        var fact = event.fact
        let symbol = vocabulary.intern(event.bytes.slice(fact.text()))
        let number = event.bytes.slice(fact.text())
        guard let holder = holder(store: symbol, order: number) else {
            let key = OrderKey(
                store: Identifier(vocabulary.text(of: symbol)),
                order: Identifier(String(decoding: number, as: UTF8.self)))
            refunds.wait(cancellation: event.occurredAt, of: key, hash: orderHash(store: symbol, order: number))
            return
        }
        changeOrder(store: symbol, order: number, of: holder) { order in
            guard event.occurredAt >= order.effectiveAt else { return false }
            order.status = OrderStatus.cancelled.code
            order.effectiveAt = event.occurredAt
            return true
        }
    }

    /// Rewrites an order where it stands, if the body says so.
    private mutating func changeOrder(
        store symbol: Symbol, order number: UnsafeRawBufferPointer, of holder: Ordinal,
        _ body: (inout OrderItem) -> Bool
    ) {
        var reader = RecordReader(store.record(holder).bytes)
        guard let (found, range) = reader.find(store: symbol, order: number) else { return }
        var order = found
        guard body(&order) else { return }
        item.removeAll()
        order.write(to: item, scratch: record)
        replace(range, of: holder, with: item.bytes)
    }

    // MARK: Refunds

    /// Takes a refund; a later statement about the same refund of the same source replaces an earlier one.
    mutating func refund(_ event: EventBytes) {
        guard case .orderRefunded(let refund)? = try? Event(decoding: event.bytes).fact else {
            preconditionFailure("a refund cannot be read although its checksum is right")
        }
        var contact = refund.contact.text
        _ = contact.withUTF8 { ensure(UnsafeRawBufferPointer($0), seenIn: event) }
        let source = Identifier(String(decoding: event.source, as: UTF8.self))
        let hash = refund.orderKey.map { orderHash(store: vocabulary.intern($0.store.text), key: $0) }
        let stated = RefundBook.Entry(
            key: RefundBook.Key(source: source, refund: refund.refund), refund: refund, stamp: event.stamp)
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
        if let key = entry.refund.orderKey, let holder = holder(of: key) {
            resettle(key, of: holder)
            return
        }
        guard let ordinal = ordinal(of: entry.refund.contact) else { return }
        item.removeAll()
        RefundItem(
            currency: vocabulary.intern(entry.refund.currency), amount: entry.refund.amount.tenThousandths,
            occurredAt: entry.stamp.occurredAt, sequence: entry.stamp.sequence
        ).write(to: item)
        appendItem(to: ordinal)
    }

    /// Takes a refund that was replaced out of wherever it counted.
    private mutating func uncount(_ entry: RefundBook.Entry) {
        if let key = entry.refund.orderKey, let holder = holder(of: key) {
            resettle(key, of: holder)
        } else {
            removeUnlinked(entry)
        }
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

    private mutating func resettle(_ key: OrderKey, of holder: Ordinal) {
        let symbol = vocabulary.intern(key.store.text)
        let refunds = refunds
        let vocabulary = vocabulary
        let number = Array(key.order.text.utf8)
        number.withUnsafeBytes { number in
            changeOrder(store: symbol, order: number, of: holder) { order in
                order.amount = refunds.amount(
                    of: key, total: order.total, currency: vocabulary.text(of: order.currency))
                return true
            }
        }
    }

    /// Computes what refunds leave of an order's total.
    private func settle(_ order: inout OrderItem) {
        guard refunds.concerns(orderHash(store: order.store, order: order.order)) else { return }
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
    func holder(of key: OrderKey) -> Ordinal? {
        guard let symbol = vocabulary.symbol(of: key.store.text) else { return nil }
        var number = key.order.text
        return number.withUTF8 { holder(store: symbol, order: UnsafeRawBufferPointer($0)) }
    }

    func ordinal(of id: Identifier) -> Ordinal? {
        var text = id.text
        return text.withUTF8 { ordinal(of: UnsafeRawBufferPointer($0)) }
    }

    func orderHash(store: Symbol, key: OrderKey) -> UInt64 {
        var number = key.order.text
        return number.withUTF8 { orderHash(store: store, order: UnsafeRawBufferPointer($0)) }
    }
}
