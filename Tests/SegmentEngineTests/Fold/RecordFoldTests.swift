import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// The incremental fold of stored bytes against the plain fold of events, after every single event.
@Suite struct RecordFoldTests {
    @Test(arguments: 0..<60) func `after every event it equals the plain fold of the whole prefix`(seed: UInt64) throws
    {
        var world = LoggedWorld(seed: seed)
        var fold = RecordFold()
        fold.store.keepsJournal = true
        var before: [Identifier: Contact] = [:]
        for _ in 1...120 {
            let logged = world.next()
            fold.apply(logged)
            let after = fold.contacts()
            let expected = ReferenceFold.contacts(from: world.log)
            #expect(Set(after.keys) == Set(expected.keys), "seed \(seed), event \(logged.sequence)")
            for (id, contact) in expected {
                try #require(after[id] == contact, "seed \(seed), event \(logged.sequence): \(logged.event.json.text)")
            }
            let named = Set(fold.store.journal.map(\.ordinal))
            for (id, contact) in after where before[id] != contact {
                let ordinal = try #require(fold.ordinal(of: id))
                #expect(named.contains(ordinal), "seed \(seed), event \(logged.sequence) names too few")
            }
            #expect(fold.contactCount == expected.count)
            fold.store.clearJournal()
            if seed % 2 == 0 { fold.store.reclaim() }
            before = after
        }
    }

    @Test(arguments: 0..<3 as Range<UInt64>) func `windows of any size leave the same bytes`(seed: UInt64) {
        var world = LoggedWorld(seed: seed)
        for _ in 0..<800 { _ = world.next() }
        var single = RecordFold()
        for logged in world.log { single.apply(logged) }
        for size in [1, 2, 7, 63, 64, 65, 200, 1_000] {
            var fold = RecordFold()
            var window = FoldWindow()
            for (number, logged) in world.log.enumerated() {
                window.append(logged, fold.vocabulary)
                if number % size == size - 1 { window.flush(into: &fold) }
            }
            window.flush(into: &fold)
            #expect(fold.dump == single.dump, "seed \(seed), windows of \(size)")
            #expect(fold.contactCount == single.contactCount)
            #expect(fold.refunds.rows == single.refunds.rows)
        }
    }

    @Test func `a snapshot shows what was there, whatever is folded afterwards`() {
        var world = LoggedWorld(seed: 7)
        var fold = RecordFold()
        var snapshots: [(records: RecordSnapshot, contacts: [Identifier: Contact])] = []
        for number in 1...400 {
            fold.apply(world.next())
            if number % 50 == 0 { snapshots.append((fold.store.snapshot(), fold.contacts())) }
            fold.store.reclaim()
        }
        for (records, contacts) in snapshots {
            let shown = (0..<records.count).compactMap { ordinal in
                records.withRecord(Ordinal(ordinal)) {
                    $0.isEmpty ? nil : Contact(record: $0, vocabulary: fold.vocabulary)
                }
            }
            #expect(Dictionary(uniqueKeysWithValues: shown.map { ($0.id, $0) }) == contacts)
        }
    }
}

/// Random events with their places in a log, one a minute.
struct LoggedWorld {
    private var events: RandomEvents
    private(set) var log: [LoggedEvent] = []
    private static let start = Instant(microseconds: 1_717_200_000_000_000)

    init(seed: UInt64) {
        events = RandomEvents(seed: seed)
    }

    mutating func next() -> LoggedEvent {
        let sequence = log.count + 1
        let instant = Self.start.advanced(byMicroseconds: Int64(sequence) * 60_000_000)
        let logged = LoggedEvent(
            sequence: UInt64(sequence), recordedAt: instant, visibleAt: instant, event: events.next())
        log.append(logged)
        return logged
    }
}

extension RecordFold {
    mutating func apply(_ logged: LoggedEvent) {
        var window = FoldWindow()
        window.append(logged, vocabulary)
        window.flush(into: &self) { _, _ in }
    }

    func contacts() -> [Identifier: Contact] {
        let present = (0..<Ordinal(store.count)).map { store.record($0) }.filter { !$0.isNone }
        let contacts = present.map { Contact(record: $0.bytes, vocabulary: vocabulary) }
        return Dictionary(uniqueKeysWithValues: contacts.map { ($0.id, $0) })
    }
}

extension FoldWindow {
    mutating func append(_ logged: LoggedEvent, _ vocabulary: Vocabulary) {
        logged.event.encoded.withUnsafeBytes { bytes in
            append(
                EventBytes(
                    bytes, sequence: logged.sequence, recordedAt: logged.recordedAt.microseconds,
                    visibleAt: logged.visibleAt.microseconds), vocabulary)
        }
    }
}
