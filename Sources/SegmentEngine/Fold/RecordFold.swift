internal import SegmentModel

/// All contacts as the visible events leave them, kept current one event at a time.
///
/// Comes in: events in log order, as stored bytes. Goes out: the records, and which of them each event changed.
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
            self.refunds.note(orderHash: orderHash(store: vocabulary.intern(order.store.text), key: order))
        }
        contactCount = slots.reduce(0) { $0 + $1.contacts.count }
        contacts.fill(slots.map(\.contacts), on: pool)
        orders = HashIndex(slots: slots.map(\.orders), on: pool)
    }

    /// Memory of the indexes, in bytes.
    var indexByteCount: Int { contacts.byteCount + orders.byteCount }

    /// Applies the next visible event. The store's journal says which contacts it changed.
    mutating func apply(_ event: EventBytes) {
        switch event.code {
        case .contactChanged: change(event)
        case .contactErased: erase(event)
        case .orderPlaced, .orderChanged: placeOrder(event)
        case .orderCancelled: cancelOrder(event)
        case .orderRefunded: refund(event)
        case .campaignSent: append(.sent, event)
        case .campaignOpened: append(.opened, event)
        case .campaignClicked: append(.clicked, event)
        case .campaignBounced: append(.bounced, event)
        case .activityRecorded: record(event)
        case .integrationConnected, .integrationDisconnected: break
        }
    }

    // MARK: Contacts

    /// The ordinal of a contact that exists.
    func ordinal(of id: UnsafeRawBufferPointer) -> Ordinal? {
        contacts.ordinal(of: id) { store.id(of: $0) }
    }

    /// The contact an event names, begun if this is its first.
    mutating func ensure(_ id: UnsafeRawBufferPointer, seenIn event: EventBytes) -> Ordinal {
        if let known = ordinal(of: id) { return known }
        head.reset(firstSeenAt: event.occurredAt)
        writeRecord(id: id, items: UnsafeRawBufferPointer(start: nil, count: 0))
        let ordinal = store.add(record.bytes)
        contacts.insert(ordinal, id: id)
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

    private mutating func change(_ event: EventBytes) {
        var fact = event.fact
        let ordinal = ensure(event.bytes.slice(fact.text()), seenIn: event)
        let old = store.record(ordinal).bytes
        let reader = RecordReader(old)
        var cursor = reader.cursor
        cursor.seek(reader.head.lowerBound)
        head.read(&cursor, of: old)
        for _ in 0..<fact.count() { readAttribute(&fact, event) }
        readTags(&fact, event)
        writeRecord(id: reader.id, items: old.slice(reader.head.upperBound..<old.count))
        store.put(record.bytes, for: ordinal, .head)
    }

    private mutating func readAttribute(_ fact: inout ByteCursor, _ event: EventBytes) {
        let code = fact.byte()
        let name = code == 0 ? vocabulary.intern(event.bytes.slice(fact.text())) : .none
        let slot = AttributeSlot(rawValue: code == 0 ? AttributeSlot.customFirst + name.rawValue : UInt32(code))
        let start = fact.offset
        fact.skipValue()
        let raw = event.bytes.slice(start..<fact.offset)
        var value = ContactHead.Value.raw(raw)
        if slot.hasVocabulary, raw[0] == RecordFormat.ValueCode.text.rawValue {
            var cursor = ByteCursor(raw)
            _ = cursor.byte()
            value = .symbol(vocabulary.intern(raw.slice(cursor.text())))
        }
        head.set(slot, to: value, stamp: event.stamp)
    }

    private mutating func readTags(_ fact: inout ByteCursor, _ event: EventBytes) {
        switch TagCode(rawValue: fact.byte()) {
        case .unchanged: break
        case .edit:
            readTags(&fact, event, isPresent: true, counts: true)
            readTags(&fact, event, isPresent: false, counts: true)
        case .set:
            readTags(&fact, event, isPresent: true, counts: head.beginAllTags(stamp: event.stamp))
        case nil: preconditionFailure("an event changes tags in a way that this program does not know")
        }
    }

    private mutating func readTags(_ fact: inout ByteCursor, _ event: EventBytes, isPresent: Bool, counts: Bool) {
        for _ in 0..<fact.count() {
            let text = event.bytes.slice(fact.text())
            guard counts else { continue }
            let spelling = vocabulary.intern(text)
            head.setTag(
                folded: vocabulary.folded(spelling), spelling: spelling, isPresent: isPresent, stamp: event.stamp)
        }
    }

    // MARK: Activities

    private mutating func append(_ kind: ActivityKind, _ event: EventBytes) {
        var fact = event.fact
        let hasURL = fact.byte() != 0
        let ordinal = ensure(event.bytes.slice(fact.text()), seenIn: event)
        let campaign = vocabulary.intern(event.bytes.slice(fact.text()))
        let url = hasURL ? event.bytes.slice(fact.text()) : nil
        append(
            ActivityItem(
                kind: kind, subject: campaign, url: url, occurredAt: event.occurredAt, sequence: event.sequence),
            to: ordinal)
    }

    private mutating func record(_ event: EventBytes) {
        var fact = event.fact
        let ordinal = ensure(event.bytes.slice(fact.text()), seenIn: event)
        var activity = ActivityItem(
            kind: .recorded, subject: vocabulary.intern(event.bytes.slice(fact.text())), url: nil,
            occurredAt: event.occurredAt, sequence: event.sequence)
        activity.propertyCount = fact.count()
        part.removeAll()
        for _ in 0..<activity.propertyCount {
            part.symbol(vocabulary.intern(event.bytes.slice(fact.text())))
            let start = fact.offset
            fact.skipValue()
            part.raw(event.bytes.slice(start..<fact.offset))
        }
        activity.properties = part.bytes
        item.removeAll()
        activity.write(to: item)
        appendItem(to: ordinal)
    }

    private mutating func append(_ activity: ActivityItem, to ordinal: Ordinal) {
        item.removeAll()
        activity.write(to: item)
        appendItem(to: ordinal)
    }

    /// Adds what was written to `item`.
    mutating func appendItem(to ordinal: Ordinal) {
        store.append(item.bytes, to: ordinal)
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
    private mutating func erase(_ event: EventBytes) {
        var fact = event.fact
        let id = event.bytes.slice(fact.text())
        guard let ordinal = ordinal(of: id) else { return }
        var reader = RecordReader(store.record(ordinal).bytes)
        while let (item, _) = reader.next() {
            guard case .order(let order) = item else { continue }
            let hash = orderHash(store: order.store, order: order.order)
            _ = orders.remove(hash: hash, number: ordinal)
            refunds.eraseOrder(key(of: order))
        }
        var refunds = refunds
        refunds.erase(Identifier(String(decoding: id, as: UTF8.self))) { holder(of: $0) != nil }
        self.refunds = refunds
        contacts.remove(ordinal, id: id)
        store.remove(ordinal)
        contactCount -= 1
    }

    // MARK: Orders by key

    func orderHash(store: Symbol, order: UnsafeRawBufferPointer) -> UInt64 {
        Self.orderHash(store: store, order: order)
    }

    static func orderHash(store: Symbol, order: UnsafeRawBufferPointer) -> UInt64 {
        ByteHash.hash(order, seed: seed ^ (UInt64(store.rawValue) &* 0x9E37_79B9_7F4A_7C15))
    }

    /// The contact whose record holds the order.
    func holder(store symbol: Symbol, order: UnsafeRawBufferPointer) -> Ordinal? {
        orders.first(hash: orderHash(store: symbol, order: order)) { ordinal in
            var reader = RecordReader(store.record(ordinal).bytes)
            return reader.find(store: symbol, order: order) != nil
        }
    }

    mutating func noteOrder(store: Symbol, order: UnsafeRawBufferPointer, heldBy ordinal: Ordinal) {
        orders.insert(hash: orderHash(store: store, order: order), number: ordinal)
    }

    mutating func forgetOrder(store: Symbol, order: UnsafeRawBufferPointer, heldBy ordinal: Ordinal) {
        _ = orders.remove(hash: orderHash(store: store, order: order), number: ordinal)
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
