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
        try LedgerCheck(ledger: ledger(second: second), events: try log([1, 2, 3, 4])).run()
    }

    @Test(arguments: [Outcome.doubtful, .unsent]) func `what was not acknowledged may be missing`(second: Outcome)
        throws
    {
        try LedgerCheck(ledger: ledger(second: second), events: try log([1, 2])).run()
    }

    @Test(arguments: [
        ([1, 2], Outcome.acknowledged), ([3, 4], .acknowledged), ([], .doubtful), ([1, 2, 3], .doubtful),
        ([1, 2, 4, 3], .doubtful), ([1, 1, 2], .unsent), ([1, 2, 1, 2], .doubtful), ([1, 2, 3, 4], .unsent),
        ([2, 1], .unsent), ([1, 2, 3, 4, 3, 4], .acknowledged),
    ]) func `what is lost, twice, halved, out of order or never sent is a violation`(
        stored: [Int], second: Outcome
    ) throws {
        let events = try log(stored)
        #expect(throws: Violation.self) { try LedgerCheck(ledger: ledger(second: second), events: events).run() }
    }
}
