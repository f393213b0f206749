import Admission
import EventLog
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// Catching up from a log against folding its events one after the other.
@Suite struct CatchUpTests {
    private let directory: TemporaryDirectory
    private let context: EvaluationContext
    private static let start = Instant(microseconds: 1_717_200_000_000_000)
    private static let mapSizeBytes = 64 << 20

    /// A log of some thousand events in several blocks, recorded in batches that are a minute apart.
    init() async throws {
        directory = try TemporaryDirectory()
        context = EvaluationContext(zone: try TimeZoneRules.installed("Europe/London"), currency: "EUR")
        var events = RandomEvents(seed: 5, contacts: 60)
        let log = try open()
        for batch in 0..<25 {
            let admitted = (0..<200).map { AdmittedEvent(line: $0 + 1, event: events.next()) }
            _ = try await log.append(
                AppendRequest(
                    events: AdmittedEvents(admitted), recording: .at(Self.instant(batch)), delayMicroseconds: 0))
        }
        try log.close()
    }

    private static func instant(_ batch: Int) -> Instant {
        start.advanced(byMicroseconds: Int64(batch) * 60_000_000)
    }

    private func open() throws -> EventLog {
        try EventLog(directory: directory.path, mapSizeBytes: Self.mapSizeBytes)
    }

    /// What the events leave behind when each is folded for itself.
    private func dump(_ events: some Sequence<LoggedEvent>) -> [[UInt8]] {
        var fold = RecordFold()
        for event in events { fold.apply(event) }
        return fold.dump
    }

    @Test(arguments: [(threads: 1, slice: 700), (2, 97), (2, 2_500), (2, 100_000), (3, 1_111)] as [(Int, UInt64)])
    func `records and symbols are byte by byte those of events folded one by one`(
        threads: Int, slice: UInt64
    ) throws {
        let log = try open()
        let events = try log.read(from: 1, countMax: .max)
        let engine = MembershipEngine(context: context, threads: threads)
        engine.beginCatchUp()
        while try engine.catchUp(from: log, through: engine.sequence + slice, visibleBy: .latest) != nil {}
        engine.endCatchUp(at: Self.instant(25))
        #expect(engine.sequence == events.last?.sequence)
        #expect(engine.recordedAt == events.last?.recordedAt)
        #expect(engine.fold.dump == dump(events))
        try log.close()
    }

    @Test func `events that come afterwards find the contacts and orders that were caught up`() throws {
        let log = try open()
        let events = try log.read(from: 1, countMax: .max)
        let engine = MembershipEngine(context: context, threads: 2)
        engine.beginCatchUp()
        _ = try engine.catchUp(from: log, through: 3_500, visibleBy: .latest)
        engine.endCatchUp(at: try #require(events.first { $0.sequence == 3_500 }).visibleAt)
        for event in events where event.sequence > 3_500 { engine.fold(event) }
        engine.finishBatch()
        #expect(engine.fold.dump == dump(events))
        try log.close()
    }

    @Test func `it stops before the first event that is not visible, and says when it will be`() throws {
        let log = try open()
        let events = try log.read(from: 1, countMax: .max)
        let engine = MembershipEngine(context: context, threads: 2)
        engine.beginCatchUp()
        for batch in [0, 3, 3, 17] {
            let next = try engine.catchUp(from: log, visibleBy: Self.instant(batch))
            #expect(next == Self.instant(batch + 1))
            let folded = events.prefix { $0.visibleAt <= Self.instant(batch) }
            #expect(engine.sequence == folded.last?.sequence)
            #expect(engine.fold.dump == dump(folded))
        }
        #expect(try engine.catchUp(from: log, visibleBy: .latest) == nil)
        #expect(try engine.catchUp(from: log, visibleBy: .latest) == nil)
        #expect(engine.sequence == events.last?.sequence)
        try log.close()
    }

    @Test func `what lies before a damaged block is folded, then the damage is told`() throws {
        let key = try damage(row: 2)
        let log = try open()
        let engine = MembershipEngine(context: context, threads: 2)
        engine.beginCatchUp()
        let error = #expect(throws: LogError.self) { _ = try engine.catchUp(from: log, visibleBy: .latest) }
        #expect(error?.kind == .damaged(sequence: key))
        #expect(engine.sequence == key - 1)
        #expect(engine.fold.dump == dump(try log.read(from: 1, countMax: Int(key) - 1)))
        try log.close()
    }

    /// Changes a byte of a row of the log's table and says what its first event is.
    private func damage(row: Int) throws -> UInt64 {
        let environment = try Environment(
            directory: directory.path + "/log", options: EnvironmentOptions(mapSizeBytes: Self.mapSizeBytes))
        defer { environment.close() }
        let table = try environment.openTable("events", key: UInt64Key.self, value: BytesValue.self)
        return try environment.withWriteTransaction { transaction in
            var rows: [(key: UInt64, record: [UInt8])] = []
            try table.forEach(in: transaction) { key, bytes in
                rows.append((key, [UInt8](bytes)))
                return .next
            }
            var (key, record) = try #require(rows.dropFirst(row).first)
            record[record.count / 2] ^= 1
            try table.put(record, forKey: key, in: transaction)
            return key
        }
    }
}

extension RecordFold {
    /// All that the fold of a log leaves behind, as bytes: each contact's record, then each text.
    var dump: [[UInt8]] {
        var dump = (0..<Ordinal(store.count)).map { [UInt8](store.record($0).bytes) }
        vocabulary.forEach { _, text in dump.append([UInt8](text)) }
        return dump
    }
}
