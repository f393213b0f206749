import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// The incremental fold against the plain one, after every single event.
@Suite struct AudienceFoldTests {
    @Test(arguments: 0..<60) func `after every event it equals the plain fold of the whole prefix`(seed: UInt64) throws
    {
        var events = RandomEvents(seed: seed)
        var log: [LoggedEvent] = []
        var fold = AudienceFold()
        let start = try Instant(rfc3339: "2024-06-01T00:00:00Z")
        for sequence in 1...120 {
            let instant = start.advanced(byMicroseconds: Int64(sequence) * 60_000_000)
            let logged = LoggedEvent(
                sequence: UInt64(sequence), recordedAt: instant, visibleAt: instant, event: events.next())
            log.append(logged)
            let before = Dictionary(
                uniqueKeysWithValues: fold.existing.compactMap { fold.contact($0) }.map { ($0.id, $0) })
            var touched: Set<ContactOrdinal> = []
            fold.apply(logged, touched: &touched)
            let after = Dictionary(
                uniqueKeysWithValues: fold.existing.compactMap { fold.contact($0) }.map { ($0.id, $0) })
            let expected = ReferenceFold.contacts(from: log)
            #expect(Set(after.keys) == Set(expected.keys), "seed \(seed), event \(sequence)")
            for (id, contact) in expected {
                try #require(after[id] == contact, "seed \(seed), event \(sequence): \(logged.event.json.text)")
            }
            let changed = after.filter { before[$0.key] != $0.value }.keys
            let named = Set(touched.compactMap { fold.contact($0)?.id })
            #expect(named.isSuperset(of: changed), "seed \(seed), event \(sequence) touched too few")
        }
    }
}
