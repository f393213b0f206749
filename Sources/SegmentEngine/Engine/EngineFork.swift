internal import EventLog
public import SegmentModel

/// What a second engine can be made from, which goes on from where this one stands and leaves it alone: to see what lies
/// ahead.
///
/// Taken in microseconds where the engine lives; as long as it is kept, the engine copies what it changes.
public struct EngineFork: Sendable {
    /// The instant it stands at.
    public var frontier: Instant { snapshot.frontier }

    let snapshot: EngineSnapshot
    let refunds: RefundBook
    let wakes: WakeCalendar
    let recordedAt: Instant

    /// An engine at the same frontier with the same contacts and segments, for any thread.
    ///
    /// It reads the records where they lie and keeps for itself what it changes. Costs a look at every record, for the
    /// indexes of contacts and orders, and their memory.
    public func makeEngine(threads: Int) -> MembershipEngine {
        MembershipEngine(self, threads: threads)
    }
}

extension MembershipEngine {
    /// What a second engine can be made from that goes on from here. Not while catching up.
    public func fork() -> EngineFork {
        EngineFork(snapshot: snapshot(), refunds: fold.refunds, wakes: wakes, recordedAt: recordedAt)
    }

    /// An engine that goes on from another's state.
    convenience init(_ fork: EngineFork, threads: Int) {
        let snapshot = fork.snapshot
        self.init(context: snapshot.context, frontier: Frontier(at: snapshot.frontier), threads: threads)
        let records = snapshot.records
        var slots = RecordSlots()
        var references: [RecordReference] = []
        references.reserveCapacity(records.count)
        for ordinal in 0..<Ordinal(records.count) {
            records.withRecord(ordinal) { record in
                // As if they lay in a view: they are another's to release.
                references.append(record.isEmpty ? .none : RecordReference(record, isMapped: true))
                if !record.isEmpty { slots.add(record, of: ordinal) }
            }
        }
        fold = RecordFold(
            vocabulary: Vocabulary(copying: snapshot.vocabulary), store: RecordStore(references, map: records),
            refunds: fork.refunds, slots: [slots], on: pool)
        fold.store.keepsJournal = true
        take(sequence: snapshot.sequence, recordedAt: fork.recordedAt)
        catalog = snapshot.catalog
        columns = snapshot.columns
        counts = snapshot.counts
        wakes = fork.wakes
    }
}
