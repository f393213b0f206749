internal import SegmentModel

/// All contacts as the visible events leave them, kept current one event at a time.
///
/// Comes in: events in log order, translated by a window. Goes out: the records, and which of them each event changed.
/// Invariant: every record reads as `ReferenceFold` over the same events would leave its contact. Nothing is allocated
/// per event in the steady state.
struct RecordFold {
    let vocabulary: Vocabulary
    var store: RecordStore
    var refunds = RefundBook()
    let contacts = ContactIndex()
    /// Hash of an order's key to the contact whose record holds it.
    private var orders = HashIndex()
    /// Contacts that exist.
    private(set) var contactCount = 0

    // Memory used again from event to event.
    var head = ContactHead()
    let record = ByteBuffer()
    let part = ByteBuffer()
    let item = ByteBuffer()

    private static let seed = UInt64.random(in: .min ... .max)

    /// A fold of no events.
    init() {
        vocabulary = Vocabulary()
        store = RecordStore()
    }

    /// A fold that goes on from records; `slots` are those of all of them.
    init(vocabulary: Vocabulary, store: RecordStore, refunds: RefundBook, slots: [RecordSlots], on pool: WorkerPool) {
        self.vocabulary = vocabulary
        self.store = store
        self.refunds = refunds
        for order in refunds.orders {
            self.refunds.note(orderHash: Self.orderHash(store: vocabulary.intern(order.store.text), key: order))
        }
        contactCount = slots.reduce(0) { $0 + $1.contacts.count }
        contacts.fill(slots.map(\.contacts), on: pool)
        orders = HashIndex(slots: slots.map(\.orders), on: pool)
    }

    /// Applies the next visible event, whose id and body lie in `bytes`. The store's journal says which contacts it changed.
    mutating func apply(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) {
        switch step.code {
        case .contactChanged: change(step, bytes)
        case .contactErased: erase(step, bytes)
        case .orderPlaced, .orderChanged: placeOrder(step, bytes)
        case .orderCancelled: cancelOrder(step, bytes)
        case .orderRefunded: refund(step, bytes)
        case .campaignSent, .campaignOpened, .campaignClicked, .campaignBounced, .activityRecorded:
            store.append(step.body(in: bytes), to: ensure(step, bytes))
        case .integrationConnected, .integrationDisconnected, .hole: break
        }
    }

    /// Finds the contacts of steps side by side, and has what will be read for them brought into the cache.
    mutating func find(_ steps: UnsafeMutableBufferPointer<FoldStep>, _ bytes: UnsafeRawBufferPointer) {
        orders.withProbe { orders in for step in steps { orders.prefetch(hash: step.orderHash) } }
        contacts.withProbe { contacts in
            for step in steps { contacts.prefetch(hash: step.contactHash) }
            for place in steps.indices {
                steps[place].ordinal = contacts.probable(hash: steps[place].contactHash) ?? FoldStep.unknown
            }
        }
        for step in steps where step.ordinal != FoldStep.unknown { store.prefetch(step.ordinal) }
        for place in steps.indices where steps[place].ordinal != FoldStep.unknown {
            let id = steps[place].contact(in: bytes)
            if !store.id(of: steps[place].ordinal).isSame(as: id) { steps[place].ordinal = FoldStep.unknown }
        }
    }

    // MARK: Contacts

    /// The ordinal of a contact that exists.
    func ordinal(of id: UnsafeRawBufferPointer) -> Ordinal? {
        contacts.ordinal(of: id) { store.id(of: $0) }
    }

    // What looks with a closure is mutating, although it changes nothing: a closure would otherwise get a copy of all this.

    /// The contact that the event names, if it exists.
    private mutating func known(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) -> Ordinal? {
        if step.ordinal != FoldStep.unknown, !store.record(step.ordinal).isNone { return step.ordinal }
        return contacts.ordinal(of: step.contact(in: bytes), hash: step.contactHash) { store.id(of: $0) }
    }

    /// The contact that the event names, begun if this is its first.
    @discardableResult
    mutating func ensure(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) -> Ordinal {
        if let known = known(step, bytes) { return known }
        head.reset(firstSeenAt: step.occurredAt)
        return begin(step, bytes)
    }

    /// Begins the contact that the event names with what `head` says.
    private mutating func begin(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) -> Ordinal {
        writeRecord(id: step.contact(in: bytes), items: UnsafeRawBufferPointer(start: nil, count: 0))
        let ordinal = store.add(record.bytes)
        contacts.insert(ordinal, hash: step.contactHash)
        contactCount += 1
        return ordinal
    }

    /// Puts id, `head` and items together in `record`.
    private mutating func writeRecord(id: UnsafeRawBufferPointer, items: UnsafeRawBufferPointer) {
        part.removeAll()
        head.write(to: part)
        record.removeAll()
        record.text(id)
        record.count(part.count)
        record.raw(part)
        record.raw(items)
    }

    private mutating func change(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) {
        let body = step.body(in: bytes)
        guard let ordinal = known(step, bytes) else {
            head.reset(firstSeenAt: step.occurredAt)
            head.take(body, stamp: step.stamp)
            _ = begin(step, bytes)
            return
        }
        let old = store.record(ordinal).bytes
        let reader = RecordReader(old)
        var cursor = reader.cursor
        cursor.seek(reader.head.lowerBound)
        head.read(&cursor, of: old)
        head.take(body, stamp: step.stamp)
        writeRecord(id: reader.id, items: old.slice(reader.head.upperBound..<old.count))
        store.put(record.bytes, for: ordinal, .head)
    }

    /// Puts other bytes, or none, in the place of some of a contact's record.
    mutating func replace(_ range: Range<Int>, of ordinal: Ordinal, with bytes: UnsafeRawBufferPointer) {
        let old = store.record(ordinal).bytes
        record.removeAll()
        record.raw(old.slice(0..<range.lowerBound))
        record.raw(bytes)
        record.raw(old.slice(range.upperBound..<old.count))
        store.put(record.bytes, for: ordinal)
    }

    // MARK: Erasing

    /// Removes the contact with everything it had; a later event of the same id starts a new contact.
    private mutating func erase(_ step: FoldStep, _ bytes: UnsafeRawBufferPointer) {
        guard let ordinal = known(step, bytes) else { return }
        var reader = RecordReader(store.record(ordinal).bytes)
        while let (item, _) = reader.next() {
            guard case .order(let order) = item else { continue }
            let hash = Self.orderHash(store: order.store, order: order.order)
            _ = orders.remove(hash: hash, number: ordinal)
            refunds.eraseOrder(key(of: order))
        }
        let id = Identifier(String(decoding: step.contact(in: bytes), as: UTF8.self))
        var refunds = refunds
        refunds.erase(id) { holder(of: $0) != nil }
        self.refunds = refunds
        contacts.remove(ordinal, hash: step.contactHash)
        store.remove(ordinal)
        contactCount -= 1
    }

    // MARK: Orders by key

    /// The hash that an order is found by.
    static func orderHash(store: Symbol, order: UnsafeRawBufferPointer) -> UInt64 {
        ByteHash.hash(order, seed: seed ^ (UInt64(store.rawValue) &* 0x9E37_79B9_7F4A_7C15))
    }

    /// An order, the contact whose record holds it, and where it lies in it.
    typealias Holding = (holder: Ordinal, order: OrderItem, bytes: Range<Int>)

    /// The order of that key, if there is one.
    mutating func holding(store symbol: Symbol, order: UnsafeRawBufferPointer, hash: UInt64) -> Holding? {
        var found: Holding?
        _ = orders.first(hash: hash) { ordinal in
            var reader = RecordReader(store.record(ordinal).bytes)
            guard let (item, bytes) = reader.find(store: symbol, order: order) else { return false }
            found = (ordinal, item, bytes)
            return true
        }
        return found
    }

    /// Whether no order of that hash was placed and nothing else is known about one: nearly always so for a new order.
    mutating func isUnheardOf(orderHash: UInt64) -> Bool {
        orders.first(hash: orderHash) { _ in true } == nil && !refunds.concerns(orderHash)
    }

    mutating func noteOrder(hash: UInt64, heldBy ordinal: Ordinal) {
        orders.insert(hash: hash, number: ordinal)
    }

    mutating func forgetOrder(hash: UInt64, heldBy ordinal: Ordinal) {
        _ = orders.remove(hash: hash, number: ordinal)
    }
}

extension RecordStore {
    /// The id of a contact that is there.
    func id(of ordinal: Ordinal) -> UnsafeRawBufferPointer {
        let record = record(ordinal).bytes
        var cursor = ByteCursor(record)
        return record.slice(cursor.text())
    }
}

extension AttributeSlot {
    /// Whether texts of the attribute are shared by many contacts. The others may be personal: they stay in the
    /// contact's own record and go with it.
    var hasVocabulary: Bool {
        guard rawValue < Self.customFirst else { return false }
        switch KnownAttribute(code: UInt8(truncatingIfNeeded: rawValue)) {
        case .status, .language, .country, .region, .city, .signupSource: return true
        default: return false
        }
    }
}
