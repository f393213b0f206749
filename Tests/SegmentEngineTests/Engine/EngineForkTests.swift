import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct EngineForkTests {
    private static let start = Instant(microseconds: 1_710_000_000_000_000)

    private func logged(_ events: inout RandomEvents, _ sequence: Int) -> LoggedEvent {
        var event = events.next()
        event.id = Identifier("e\(sequence)")
        let instant = Self.start.advanced(byMicroseconds: Int64(sequence) * 3_600_000_000)
        return LoggedEvent(sequence: UInt64(sequence), recordedAt: instant, visibleAt: instant, event: event)
    }

    @Test(arguments: 0..<10)
    func `a fork goes on as the engine does, and the engine as if there were none`(seed: UInt64) throws {
        let context = EvaluationContext(zone: .utc, currency: "EUR", fieldTypes: RandomDefinitions.fieldTypes)
        let engine = MembershipEngine(context: context, threads: 2)
        let twin = MembershipEngine(context: context, threads: 1)
        var definitions = RandomDefinitions(seed: seed)
        for number in 0..<12 {
            let condition = try Condition(parsing: definitions.next(), types: RandomDefinitions.fieldTypes)
            for each in [engine, twin] { each.define("s\(number)", as: condition) }
        }
        var random = RandomEvents(seed: seed, contacts: 12)
        let events = (1...400).map { logged(&random, $0) }
        for event in events.prefix(200) { for each in [engine, twin] { each.fold(event) } }
        for each in [engine, twin] { each.advance(to: events[199].visibleAt) }

        let fork = engine.fork().makeEngine(threads: 1)
        for each in [fork, engine, twin] { each.keepsChanges = true }
        // By turns, so that each writes while the other's memory lies beside its own.
        for event in events.suffix(200) {
            fork.fold(event)
            if event.sequence.isMultiple(of: 3) { fork.advance(to: event.visibleAt) }
            engine.fold(event)
            twin.fold(event)
        }
        let end = events[399].visibleAt.advanced(byMicroseconds: 86_400_000_000 * 60)
        for each in [fork, engine, twin] { each.advance(to: end) }
        let expected = twin.takeChanges()
        #expect(!expected.isEmpty)
        #expect(fork.takeChanges() == expected)
        #expect(engine.takeChanges() == expected)
        let everyone = twin.snapshot().page(of: twin.snapshot().everyone)
        #expect(fork.snapshot().page(of: fork.snapshot().everyone) == everyone)
        for contact in everyone {
            #expect(fork.snapshot().contact(contact) == twin.snapshot().contact(contact))
            #expect(engine.snapshot().contact(contact) == twin.snapshot().contact(contact))
        }
    }
}
