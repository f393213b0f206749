import SegmentModel
import TestSupport
import Testing

@Suite struct EventSubjectTests {
    private func subject(_ event: Event) throws -> EventSubject {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        return try bytes.withUnsafeBytes { buffer in try EventSubject(of: buffer) }
    }

    @Test func `the subject is the contact of the event, whatever its type`() throws {
        var events = RandomEvents(seed: 7)
        var seen: Set<String> = []
        for _ in 0..<500 {
            let event = events.next()
            let subject = try subject(event)
            #expect(subject.contact == event.fact.contact.map(EventSubject.hash(of:)), "\(event)")
            if case .contactErased = event.fact { #expect(subject.isErasure) } else { #expect(!subject.isErasure) }
            seen.insert(event.fact.type)
        }
        #expect(seen.count >= 10)
    }

    @Test func `states, cancellations and refunds of one order have one hash, other orders another`() throws {
        let key = OrderKey(store: "web", order: "7")
        func event(_ fact: Fact) -> Event { Event(source: "shop", id: "1", time: nil, fact: fact) }
        func refund(_ number: Identifier, store: Identifier?, order: Identifier?) -> Event {
            event(
                .orderRefunded(
                    Refund(
                        refund: number, contact: "ada", currency: "EUR", amount: Amount(tenThousandths: 1),
                        store: store, order: order)))
        }
        let placed = try subject(
            event(
                .orderPlaced(
                    OrderState(key: key, contact: "ada", currency: "EUR", total: Amount(tenThousandths: 10_000)))))
        let order = try #require(placed.order)
        #expect(try subject(event(.orderCancelled(key))).order == order)
        #expect(try subject(event(.orderCancelled(key))).contact == nil)
        #expect(try subject(refund("r1", store: "web", order: "7")).order == order)
        #expect(try subject(refund("r1", store: nil, order: nil)).order == nil)
        #expect(try subject(event(.orderCancelled(OrderKey(store: "we", order: "b7")))).order != order)
        let first = try subject(refund("r1", store: "web", order: "7")).refund
        #expect(try subject(refund("r1", store: nil, order: nil)).refund == first)
        #expect(try subject(refund("r2", store: nil, order: nil)).refund != first)
    }

    @Test func `bytes that are no event are refused`() throws {
        var bytes: [UInt8] = []
        Event(source: "shop", id: "1", time: nil, fact: .contactErased(contact: "ada")).encode(into: &bytes)
        for length in bytes.indices {
            #expect(throws: EventDecodingError.self) {
                try Array(bytes[..<length]).withUnsafeBytes { buffer in _ = try EventSubject(of: buffer) }
            }
        }
    }
}
