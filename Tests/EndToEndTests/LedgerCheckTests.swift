import Admission
import SegmentModel
import Testing

@testable import segment_crash

/// What the campaigns call a violation: they find no more than this.
@Suite struct LedgerCheckTests {
    /// Two batches, the first one acknowledged.
    private func ledger(second: Outcome) -> Ledger {
        var ledger = Ledger([.create, .events(lane: 0, first: 1, count: 2), .events(lane: 0, first: 3, count: 2)])
        ledger.lanes[0][0].outcome = .acknowledged
        ledger.lanes[0][1].outcome = .acknowledged
        ledger.lanes[0][2].outcome = second
        return ledger
    }

    /// A log with the events of these numbers.
    private func log(_ numbers: [Int]) throws -> [LoggedEvent] {
        try numbers.enumerated().map { index, number in
            let instant = Instant(microseconds: Int64(index))
            let sent = try Shop.batch(lane: 0, first: number, count: 1).events.map { try $0.event }
            return LoggedEvent(
                sequence: UInt64(index + 1), recordedAt: instant, visibleAt: instant, event: try #require(sent.first))
        }
    }

    @Test(arguments: [Outcome.acknowledged, .doubtful]) func `all that was asked for may be there`(second: Outcome)
        throws
    {
        _ = try LedgerCheck(ledger: ledger(second: second), events: try log([1, 2, 3, 4])).run()
    }

    @Test(arguments: [Outcome.doubtful, .unsent]) func `what was not acknowledged may be missing`(second: Outcome)
        throws
    {
        _ = try LedgerCheck(ledger: ledger(second: second), events: try log([1, 2])).run()
    }

    @Test(arguments: [
        ([1, 2], Outcome.acknowledged), ([3, 4], .acknowledged), ([], .doubtful), ([1, 2, 3], .doubtful),
        ([1, 2, 4, 3], .doubtful), ([1, 1, 2], .unsent), ([1, 2, 1, 2], .doubtful), ([1, 2, 3, 4], .unsent),
        ([2, 1], .unsent), ([1, 2, 3, 4, 3, 4], .acknowledged),
    ]) func `what is lost, twice, halved, out of order or never sent is a violation`(
        stored: [Int], second: Outcome
    ) throws {
        let events = try log(stored)
        #expect(throws: Violation.self) { _ = try LedgerCheck(ledger: ledger(second: second), events: events).run() }
    }

    // MARK: Erased contacts

    /// The events of two contacts, the first of which is erased, and another lane's.
    private func erasing(_ erasure: Outcome) -> Ledger {
        let count = Shop.eventsOfErasable
        var ledger = Ledger([
            .events(lane: Shop.erasableLane, first: 1, count: count), .events(lane: 0, first: 1, count: 1),
            .events(lane: Shop.erasableLane, first: count + 1, count: count), .erase(contact: 0),
        ])
        for index in ledger.lanes[0].indices { ledger.lanes[0][index].outcome = .acknowledged }
        ledger.lanes[0][3].outcome = erasure
        return ledger
    }

    /// What a log has of that: the erasure too, and holes in these places.
    private func log(holes: Set<Int>) throws -> [LoggedEvent] {
        let count = Shop.eventsOfErasable
        let batches = [(Shop.erasableLane, 1, count), (0, 1, 1), (Shop.erasableLane, count + 1, count)]
        var events = try batches.flatMap { lane, first, count in
            try Shop.batch(lane: lane, first: first, count: count).events.map { try $0.event }
        }
        let erased = Identifier(Shop.erasable(0))
        events.append(Event(source: "segmentd:operator", id: "1", time: nil, fact: .contactErased(contact: erased)))
        return events.enumerated().map { index, event in
            let hole = event.hole(id: ErasedEvent.id(digest: [UInt8(index)]))
            let instant = Instant(microseconds: Int64(index))
            return LoggedEvent(
                sequence: UInt64(index + 1), recordedAt: instant, visibleAt: instant,
                event: holes.contains(index + 1) ? hole : event)
        }
    }

    @Test(arguments: [Outcome.acknowledged, .doubtful]) func `holes stand for what was sent of an erased contact`(
        erasure: Outcome
    ) throws {
        let asSent = try LedgerCheck(ledger: erasing(erasure), events: try log(holes: [1, 2, 3, 4, 10])).run()
        let sent = try log(holes: [])
        #expect(asSent.dropLast() == sent.dropLast())
        #expect(asSent.last?.event.fact == sent.last?.event.fact)
    }

    @Test(arguments: [
        // Something is left of the contact, or of the erasure; a hole too many; one in another lane.
        [1, 2, 3, 10], [], [1, 2, 3, 4], [1, 2, 3, 4, 6, 10], [1, 2, 3, 4, 5, 10],
    ]) func `what is left of an erased contact, and what is gone of another, is a violation`(holes: Set<Int>) throws {
        let events = try log(holes: holes)
        #expect(throws: Violation.self) { _ = try LedgerCheck(ledger: erasing(.acknowledged), events: events).run() }
    }

    @Test func `holes of a later contact are not taken for those of one whose erasure was not answered`() throws {
        let count = Shop.eventsOfErasable
        var ledger = Ledger(
            (0..<3).flatMap {
                [.events(lane: Shop.erasableLane, first: $0 * count + 1, count: count), .erase(contact: $0)] as [Step]
            })
        for index in ledger.lanes[0].indices { ledger.lanes[0][index].outcome = .acknowledged }
        // Of the first and the last it is not known; only the last is there.
        for index in [1, 5] { ledger.lanes[0][index].outcome = .doubtful }
        var events = try Shop.batch(lane: Shop.erasableLane, first: 1, count: count).events.map { try $0.event }
        for number in 0..<2 * (count + 1) {
            events.append(Event(source: "", id: ErasedEvent.id(digest: [UInt8(number)]), time: nil, fact: .hole))
        }
        let logged = events.enumerated().map { index, event in
            let instant = Instant(microseconds: Int64(index))
            return LoggedEvent(
                sequence: UInt64(index + 1), recordedAt: instant, visibleAt: instant, event: event)
        }
        let asSent = try LedgerCheck(ledger: ledger, events: logged).run()
        #expect(Set(asSent.compactMap(\.event.fact.contact?.text)) == Set((0..<3).map(Shop.erasable)))
        #expect(Array(asSent.erasures.keys.map(\.text)).sorted() == [1, 2].map(Shop.erasable))
    }

    @Test func `an erasure that nobody asked for is a violation`() throws {
        let events = try log(holes: [1, 2, 3, 4, 10])
        #expect(throws: Violation.self) { _ = try LedgerCheck(ledger: erasing(.unsent), events: events).run() }
    }

    @Test func `an answered pass has worked off the first erasures, whatever is not known of others`() {
        var ledger = Ledger([.erase(contact: 0), .erase(contact: 1), .pass, .erase(contact: 2), .pass])
        for index in ledger.lanes[0].indices { ledger.lanes[0][index].outcome = .acknowledged }
        ledger.lanes[0][2].workedOff = 1
        #expect(ledger.forgotten == [0])
        // It may not be there; then the second is the first.
        ledger.lanes[0][0].outcome = .doubtful
        #expect(ledger.forgotten == [])
        ledger.lanes[0][4].workedOff = 1
        #expect(ledger.forgotten == [1])
    }
}
