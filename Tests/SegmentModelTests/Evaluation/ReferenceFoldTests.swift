import SegmentModel
import Testing

/// Writes a log, each event visible as soon as it is recorded.
private struct LogWriter {
    var events: [LoggedEvent] = []

    /// Appends a fact that occurred on a day of January 2026.
    mutating func add(_ day: Int, source: Identifier = "shop", _ fact: Fact) {
        let sequence = UInt64(events.count + 1)
        let recordedAt = Sample.instant("2026-03-01T00:00:00Z").advanced(byMicroseconds: Int64(sequence))
        let event = Event(
            source: source, id: Identifier("e\(sequence)"), time: LogWriter.time(day), fact: fact)
        events.append(
            LoggedEvent(sequence: sequence, recordedAt: recordedAt, visibleAt: recordedAt, event: event))
    }

    static func time(_ day: Int) -> Instant {
        Sample.instant("2026-01-01T00:00:00Z").advanced(byMicroseconds: Int64(day - 1) * 86_400_000_000)
    }

    var contacts: [Identifier: Contact] { ReferenceFold.contacts(from: events) }
}

private func state(
    _ order: Identifier = "o1", of contact: Identifier = "ann", total: String = "100", currency: String = "EUR",
    status: OrderStatus = .placed, placedAt: Instant? = nil
) -> OrderState {
    OrderState(
        key: OrderKey(store: "web", order: order), contact: contact, currency: currency, total: Sample.amount(total),
        status: status, placedAt: placedAt)
}

private func refund(
    _ id: Identifier, of contact: Identifier = "ann", _ amount: String, currency: String = "EUR",
    order: Identifier? = nil
) -> Fact {
    .orderRefunded(
        Refund(
            refund: id, contact: contact, currency: currency, amount: Sample.amount(amount),
            store: order == nil ? nil : "web", order: order))
}

private func change(
    _ attributes: [KnownAttribute: AttributeValue] = [:], clearing: [KnownAttribute] = [], tags: TagChange? = nil
) -> Fact {
    let set = attributes.map { AttributeChange(key: .known($0), value: $1) }
    let cleared = clearing.map { AttributeChange(key: .known($0), value: nil) }
    return .contactChanged(ContactChange(contact: "ann", attributes: set + cleared, tags: tags))
}

@Suite("Reference fold: contacts")
struct ReferenceFoldContactTests {
    @Test("A contact exists from its first event in log order, whatever the event")
    func existence() {
        var log = LogWriter()
        log.add(5, .orderCancelled(OrderKey(store: "web", order: "o9")))
        log.add(5, .orderPlaced(state(of: "bob")))
        log.add(2, .activityRecorded(RecordedActivity(contact: "bob", name: "called")))
        log.add(3, refund("r1", of: "eve", "5"))
        #expect(Set(log.contacts.keys) == ["bob", "eve"])
        #expect(log.contacts["bob"]?.firstSeenAt == LogWriter.time(5))
        #expect(log.contacts["bob"]?.activities.map(\.sequence) == [3])
    }

    @Test("Of several changes of an attribute the latest occurredAt wins, then the later sequence; null clears")
    func attributes() {
        var log = LogWriter()
        log.add(5, change([.country: .text("FR"), .city: .text("Lyon")]))
        log.add(3, change([.country: .text("DE"), .zip: .text("10115")]))
        log.add(5, change([.city: .text("Nice")]))
        log.add(6, change(clearing: [.zip]))
        let contact = log.contacts["ann"]
        #expect(
            contact?.attributes == [.known(.country): .text("FR"), .known(.city): .text("Nice")])
    }

    @Test("Clearing is a change like any other: an older value does not come back")
    func clearing() {
        var log = LogWriter()
        log.add(5, change(clearing: [.country]))
        log.add(4, change([.country: .text("FR")]))
        #expect(log.contacts["ann"]?.attributes == [:])
    }

    @Test("Tags are added and removed one by one, whatever their case, as last sent")
    func tags() {
        var log = LogWriter()
        log.add(5, change(tags: .edit(add: ["VIP", "new"], remove: [])))
        log.add(4, change(tags: .edit(add: ["old"], remove: ["vip"])))
        log.add(6, change(tags: .edit(add: ["Vip"], remove: ["NEW"])))
        #expect(log.contacts["ann"]?.tags == ["vip": "Vip", "old": "old"])
    }

    @Test("Tags are told apart scalar by scalar, as conditions do")
    func tagScalars() throws {
        var log = LogWriter()
        // Folded, the first is two scalars and the second one; Swift calls the two texts equal.
        log.add(1, change(tags: .edit(add: ["H\u{331}"], remove: [])))
        log.add(2, change(tags: .edit(add: ["\u{1E96}"], remove: [])))
        #expect(log.contacts["ann"]?.tags.count == 2)
    }

    @Test("Setting all tags removes the others, also those added earlier that arrive later")
    func setTags() {
        var log = LogWriter()
        log.add(5, change(tags: .set(["a", "b"])))
        log.add(4, change(tags: .edit(add: ["c"], remove: ["a"])))
        log.add(6, change(tags: .edit(add: ["d"], remove: ["b"])))
        #expect(log.contacts["ann"]?.tags == ["a": "a", "d": "d"])
    }

    @Test("An erased contact leaves nothing, and a later event starts it anew")
    func erasure() {
        var log = LogWriter()
        log.add(1, change([.country: .text("FR")], tags: .set(["vip"])))
        log.add(2, .orderPlaced(state()))
        log.add(3, .orderPlaced(state("o2", of: "bob")))
        log.add(3, refund("r1", "10"))
        log.add(3, refund("r2", "20", order: "o1"))
        log.add(3, refund("r3", "30", order: "o2"))
        log.add(4, .contactErased(contact: "ann"))
        #expect(Set(log.contacts.keys) == ["bob"])
        #expect(log.contacts["bob"]?.orders.map(\.amount) == [Sample.amount("70")])
        log.add(1, .orderChanged(state(total: "90")))
        let anew = log.contacts["ann"]
        #expect(anew?.firstSeenAt == LogWriter.time(1))
        #expect(anew?.attributes == [:] && anew?.tags == [:])
        #expect(anew?.unlinkedRefunds == [])
        #expect(anew?.orders.map(\.amount) == [Sample.amount("90")])
    }
}

@Suite("Reference fold: orders")
struct ReferenceFoldOrderTests {
    private func order(_ log: LogWriter, of contact: Identifier = "ann") -> Order? {
        log.contacts[contact]?.orders.first
    }

    @Test("The state with the latest occurredAt wins, at equal times the later sequence")
    func states() {
        var log = LogWriter()
        log.add(5, .orderPlaced(state(total: "100")))
        log.add(4, .orderChanged(state(total: "1")))
        #expect(order(log)?.amount == Sample.amount("100"))
        #expect(order(log)?.sequence == 1)
        log.add(5, .orderChanged(state(total: "50", status: .paid)))
        #expect(order(log)?.amount == Sample.amount("50"))
        #expect(order(log)?.status == .paid)
        #expect(order(log)?.sequence == 3)
    }

    @Test("An order was placed when its state says, else when an earlier state said, else when that occurred")
    func placedAt() {
        var log = LogWriter()
        log.add(5, .orderPlaced(state()))
        #expect(order(log)?.placedAt == LogWriter.time(5))
        log.add(6, .orderChanged(state()))
        #expect(order(log)?.placedAt == LogWriter.time(5))
        log.add(7, .orderChanged(state(placedAt: LogWriter.time(2))))
        log.add(8, .orderChanged(state()))
        #expect(order(log)?.placedAt == LogWriter.time(2))
    }

    @Test("An order that changes contact leaves the first; an older state moves nothing but its contact exists")
    func changedContact() {
        var log = LogWriter()
        log.add(5, .orderPlaced(state()))
        log.add(6, .orderChanged(state(of: "bob")))
        log.add(1, .orderChanged(state(of: "eve")))
        #expect(log.contacts["ann"]?.orders == [])
        #expect(log.contacts["bob"]?.orders.count == 1)
        #expect(log.contacts["eve"]?.orders == [])
    }

    @Test("A cancellation holds until a later state, an older one changes nothing")
    func cancellation() {
        let key = state().key
        var log = LogWriter()
        log.add(5, .orderPlaced(state()))
        log.add(4, .orderCancelled(key))
        #expect(order(log)?.status == .placed)
        log.add(7, .orderCancelled(key))
        log.add(6, .orderChanged(state(total: "1", status: .paid)))
        #expect(order(log)?.status == .cancelled)
        #expect(order(log)?.amount == Sample.amount("100"))
        log.add(7, .orderChanged(state(status: .paid)))
        #expect(order(log)?.status == .paid)
    }

    @Test("A cancellation before its order waits for it and holds from the later of the two")
    func waitingCancellation() {
        var log = LogWriter()
        log.add(7, .orderCancelled(state().key))
        log.add(3, .orderCancelled(state().key))
        log.add(5, .orderPlaced(state()))
        log.add(6, .orderChanged(state(status: .paid)))
        #expect(order(log)?.status == .cancelled)
        log.add(8, .orderChanged(state(status: .paid)))
        #expect(order(log)?.status == .paid)
    }

    @Test("Refunds lower the order they name, not below zero, whichever came first and whoever got them")
    func refunds() {
        var log = LogWriter()
        log.add(6, refund("r1", "30", order: "o1"))
        #expect(log.contacts["ann"]?.unlinkedRefunds.map(\.sequence) == [1])
        log.add(5, .orderPlaced(state(currency: "EUR")))
        #expect(order(log)?.amount == Sample.amount("70"))
        #expect(log.contacts["ann"]?.unlinkedRefunds == [])
        log.add(7, refund("r2", of: "bob", "20", currency: "eur", order: "o1"))
        #expect(order(log)?.amount == Sample.amount("50"))
        log.add(8, refund("r3", "51", order: "o1"))
        #expect(order(log)?.amount == .zero)
    }

    @Test("A refund in another currency than its order's changes nothing at all")
    func refundInAnotherCurrency() {
        var log = LogWriter()
        log.add(5, .orderPlaced(state()))
        log.add(6, refund("r1", "30", currency: "GBP", order: "o1"))
        #expect(order(log)?.amount == Sample.amount("100"))
        #expect(log.contacts["ann"]?.unlinkedRefunds == [])
    }

    @Test("Of the same refund the latest occurredAt wins; another source's is another refund")
    func refundIdentity() {
        var log = LogWriter()
        log.add(6, refund("r1", "30"))
        log.add(5, refund("r1", "10"))
        #expect(log.contacts["ann"]?.unlinkedRefunds.map(\.amount) == [Sample.amount("30")])
        log.add(6, refund("r1", "40"))
        log.add(6, source: "till", refund("r1", "1"))
        #expect(log.contacts["ann"]?.unlinkedRefunds.map(\.amount) == [Sample.amount("40"), Sample.amount("1")])
        #expect(log.contacts["ann"]?.unlinkedRefunds.map(\.sequence) == [3, 4])
    }
}
