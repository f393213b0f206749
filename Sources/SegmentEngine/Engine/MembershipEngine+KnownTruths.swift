internal import EventLog
public import SegmentModel

/// A time in which events are only folded.
struct CatchUp {
    /// Contacts whose records changed since truths were known for all; nil if they are not known.
    var touched: Bitmap?
}

// Catching up: events are folded first, contacts evaluated once at the end. Where truths are known from before, as the
// columns' or from a checkpoint, only contacts that were touched or had a wake in the meantime are.
extension MembershipEngine {
    var isCatchingUp: Bool { catchUp != nil }

    /// The instant of what the engine knows from an earlier process about its contacts' truths; nil if it knows nothing.
    public var checkpointInstant: Instant? { checkpoint?.instant }

    /// From here on events are only folded; nothing is evaluated and no changes come out until `endCatchUp`.
    public func beginCatchUp() {
        guard !isCatchingUp else { return }
        finishBatch()
        let areTruthsKnown = checkpoint != nil || isEvaluated && fold.contactCount > 0
        catchUp = CatchUp(touched: areTruthsKnown ? Bitmap() : nil)
        // Histories kept for heavy contacts do not follow what is only folded, and lanes hold them.
        (heavy, lanes) = (nil, nil)
        fold.store.keepsJournal = areTruthsKnown
    }

    /// Brings all contacts to `instant`, or to the frontier if that is later. Shared by the pool's threads.
    ///
    /// Every event visible by then must have been folded, and none after it.
    public func endCatchUp(at instant: Instant) {
        flushWindow()
        frontier.advance(to: instant)
        let touched = catchUp?.touched
        catchUp = nil
        fold.store.keepsJournal = true
        if let touched, let known = knownTruths() {
            evaluate(known, touched: touched)
        } else {
            evaluateAll()
            // Whom looks at all records that are under way would have to make up for is not known.
            scans.removeAll()
        }
        giveBackMemory()
    }

    /// Notes whose records the events folded while catching up changed; to be called now and then.
    func noteTouched() {
        guard catchUp?.touched != nil else { return }
        for edit in fold.store.journal { catchUp?.touched?.insert(edit.ordinal) }
        fold.store.clearJournal()
    }

    /// What was known when catching up began; nil if too little to begin from.
    private func knownTruths() -> KnownTruths? {
        defer { checkpoint = nil }
        if isEvaluated { return KnownTruths(columns: columns, wakes: wakes.instants) }
        guard let known = checkpoint?.truths(of: catalog, fieldTypes: context.fieldTypes, on: pool),
            known.wakes.count <= fold.store.count, known.unknown.count * 2 <= catalog.figures.leafCount
        else { return nil }
        return known
    }

    private func evaluate(_ known: KnownTruths, touched: Bitmap) {
        fold.store.reclaim()
        let records = fold.store.snapshot()
        let instant = frontier.instant.microseconds
        var found = LateScan(
            program: currentProgram(), vocabulary: fold.vocabulary, leafIDLimit: catalog.leafIDLimit, records: records,
            instant: instant, columns: known.columns, wakes: known.wakes, touched: touched
        ).run(on: pool)
        if !known.unknown.isEmpty {
            let scan = LeafScan(
                leaves: known.unknown.map(\.leaf), context: context, vocabulary: fold.vocabulary, records: records,
                instant: instant)
            scan.run(on: pool)?.add(to: &found, as: known.unknown.map(\.id))
        }
        columns = found.columns
        wakes = WakeCalendar(instants: found.wakes)
        for scan in scans.keys { for ordinal in found.late { scans[scan]?.insert(ordinal) } }
        countAll()
        isEvaluated = true
    }
}

extension LeafScan.Findings {
    /// Adds the columns of leaves that were not known to those of the others.
    fileprivate func add(to found: inout LateScan.Findings, as leaves: [LeafID]) {
        for (leaf, column) in zip(leaves, columns) { found.columns.add(column, for: leaf) }
        for contact in edges.indices { found.wakes[contact] = min(found.wakes[contact], edges[contact]) }
    }
}
