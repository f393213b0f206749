internal import EventLog
public import SegmentModel
internal import Synchronization

// Definitions. Leaves that some segment has already need nothing but algebra over their columns; for new ones all
// records are looked at once, here or, by way of a `SegmentBuild`, beside the events that go on.
extension MembershipEngine {
    /// Saves or replaces a segment at the frontier, together with those that refer to it.
    public func define(_ id: String, as condition: Condition) {
        finishBatch()
        guard fold.contactCount > 0, !isCatchingUp, let build = prepare(condition) else {
            return install(id, condition, leaves: [], findings: nil)
        }
        install(build, findings: build.run(), as: id)
    }

    /// Removes a segment that no other refers to.
    public func remove(_ id: String) {
        finishBatch()
        settleChanges()
        guard let number = catalog.number(of: id) else { return }
        if keepsChanges { emit(leaving: members(of: currentPlan().program(of: number)), number) }
        let change = catalog.remove(id)
        apply(change, leaves: [], findings: nil)
        counts[Int(number.rawValue)] = 0
    }

    /// Takes what conditions depend on besides contacts, such as the time zone, and all conditions as they read with
    /// it; evaluates everything anew.
    public func reconfigure(_ context: EvaluationContext, conditions: [String: Condition]) {
        finishBatch()
        settleChanges()
        let before = keepsChanges ? memberships() : [:]
        self.context = context
        // Looks at all records that are under way mean what conditions meant before.
        scans.removeAll()
        catalog = Catalog(context: context)
        columns = LeafColumns()
        counts = []
        // Not left to `install`: there may be nothing to install.
        (plan, program, lanes) = (nil, nil, nil)
        // Changes are told once, of all together; to keep track of each definition would copy the catalog for each.
        let keepsChanges = keepsChanges
        self.keepsChanges = false
        for (id, condition) in conditions.sorted(by: { $0.key < $1.key }) {
            install(id, condition, leaves: [], findings: nil)
        }
        self.keepsChanges = keepsChanges
        evaluateAll()
        emit(from: before)
    }

    /// What has to be looked at before the condition can be saved; nil if all its leaves are known.
    ///
    /// Must be handed to `install` or `abandon`.
    public func prepare(_ condition: Condition) -> SegmentBuild? {
        finishBatch()
        let leaves = catalog.unknownLeaves(of: condition)
        guard !leaves.isEmpty else { return nil }
        scanNumber += 1
        scans[scanNumber] = Bitmap()
        let records = fold.store.snapshot()
        return SegmentBuild(
            number: scanNumber, condition: condition, leaves: leaves,
            scan: LeafScan(
                leaves: leaves, context: context, vocabulary: fold.vocabulary, records: records,
                instant: frontier.instant.microseconds),
            values: ValueScan(
                leaves: leaves, context: context, vocabulary: fold.vocabulary, records: records,
                instant: frontier.instant, cache: values),
            pool: pool)
    }

    /// Gives up a build that was prepared.
    public func abandon(_ build: SegmentBuild) {
        scans[build.number] = nil
    }

    /// Saves a segment whose new leaves were looked at in the meantime; what happened since is made up for.
    public func install(_ build: SegmentBuild, findings: SegmentBuild.Findings, as id: String) {
        finishBatch()
        // What the conditions of a build depend on may have been changed meanwhile, and leaves that were known then may
        // have gone with the last segment that used them.
        guard let touched = scans.removeValue(forKey: build.number),
            catalog.unknownLeaves(of: build.condition).allSatisfy(build.leaves.contains)
        else { return define(id, as: build.condition) }
        var found = findings.found
        catchUp(&found, build, touched)
        install(id, build.condition, leaves: build.leaves, findings: found)
    }

    /// Evaluates again whoever was touched since the snapshot, or has passed an edge of the new leaves since.
    private func catchUp(_ found: inout LeafScan.Findings, _ build: SegmentBuild, _ touched: Bitmap) {
        let now = frontier.instant.microseconds
        var late = touched
        for (ordinal, edge) in found.edges.enumerated() where edge <= now { _ = late.insert(Ordinal(ordinal)) }
        if found.edges.count < fold.store.count {
            found.edges.append(
                contentsOf: repeatElement(Wake.never, count: fold.store.count - found.edges.count))
        }
        var evaluator = TruthEvaluator(program: build.scan.program, texts: fold.vocabulary)
        var contact = DecodedContact()
        var truths: [UInt32] = []
        for ordinal in late {
            truths.removeAll(keepingCapacity: true)
            let record = fold.store.record(ordinal)
            found.edges[Int(ordinal)] = Wake.never
            if !record.isNone {
                contact.decode(record.bytes)
                found.edges[Int(ordinal)] = evaluator.evaluate(
                    contact, bytes: record.bytes, at: now, truths: &truths)
            }
            for leaf in found.columns.indices
            where found.columns[leaf].contains(ordinal) != truths.contains(UInt32(leaf)) {
                _ = found.columns[leaf].flip(ordinal)
            }
        }
    }

    private func install(_ id: String, _ condition: Condition, leaves: [Leaf], findings: LeafScan.Findings?) {
        settleChanges()
        let before = keepsChanges && !isCatchingUp ? (catalog: catalog, columns: columns) : nil
        let change = catalog.define(id, as: condition)
        apply(change, leaves: leaves, findings: findings)
        if let before { emit(change.changedSegments, before: before.catalog, before.columns) }
    }

    private func apply(_ change: CatalogChange, leaves: [Leaf], findings: LeafScan.Findings?) {
        for leaf in change.removed { columns.remove(leaf) }
        for (id, leaf) in change.added {
            let place = leaves.firstIndex(of: leaf)
            columns.add(place.flatMap { findings?.columns[$0] } ?? Bitmap(), for: id)
        }
        if !change.added.isEmpty, findings == nil, fold.contactCount > 0 { isEvaluated = false }
        if !change.added.isEmpty || !change.removed.isEmpty { program = nil }
        plan = nil
        lanes = nil
        while counts.count < catalog.segmentNumberLimit { counts.append(0) }
        for number in change.changedSegments { counts[Int(number.rawValue)] = count(number) }
        guard let findings else { return }
        for (ordinal, edge) in findings.edges.enumerated()
        where edge != Wake.never && edge < wakes.wake(of: Ordinal(ordinal)) ?? Wake.never {
            wakes.schedule(Ordinal(ordinal), at: edge)
        }
    }

    private func count(_ number: SegmentNumber) -> Int {
        guard columns.exists.count > 0, let condition = catalog.condition(of: number) else { return 0 }
        return ColumnAlgebra(program: catalog.program(of: condition))
            .count(chunks: 0..<columns.exists.chunkCount, of: columns, existing: columns.exists)
    }

    // MARK: Compiling

    func currentPlan() -> Plan {
        if let plan { return plan }
        let compiled = catalog.plan
        plan = compiled
        return compiled
    }

    func currentProgram() -> LeafProgram {
        if let program { return program }
        let leaves = (0..<catalog.leafIDLimit).map { LeafID(rawValue: UInt32($0)) }
        let compiled = LeafProgram(
            leaves: leaves.compactMap { id in catalog.leaf(id).map { (id: id, leaf: $0) } }, context: context)
        program = compiled
        return compiled
    }

    func currentLanes() -> LaneWork {
        if let lanes { return lanes }
        let program = currentProgram()
        let heavy = heavy ?? HeavyContacts(recordBytesMin: heavyRecordBytesMin)
        self.heavy = heavy
        let made = LaneWork(
            plan: currentPlan(), program: program, vocabulary: fold.vocabulary, heavy: heavy, pool: pool)
        lanes = made
        return made
    }

    // MARK: Evaluating everything

    /// Evaluates every leaf for every contact at the frontier.
    func evaluateAll() {
        fold.store.reclaim()
        let scan = LeafScan(
            program: currentProgram(), vocabulary: fold.vocabulary, leafIDLimit: catalog.leafIDLimit,
            records: fold.store.snapshot(), instant: frontier.instant.microseconds)
        guard let found = scan.run(on: pool) else { return }
        columns = LeafColumns()
        columns.exists = found.exists
        for (leaf, column) in found.columns.enumerated() { columns.add(column, for: LeafID(rawValue: UInt32(leaf))) }
        wakes = WakeCalendar(instants: found.edges)
        countAll()
        isEvaluated = true
    }

    func countAll() {
        let plan = currentPlan()
        let chunkCount = columns.exists.chunkCount
        let (columns, existing) = (columns, columns.exists)
        let total = Mutex(Array(repeating: 0, count: catalog.segmentNumberLimit))
        let next = Atomic<Int>(0)
        pool.forEach(count: min(pool.width, chunkCount)) { _ in
            let counter = ColumnCounter(plan: plan)
            var counts = Array(repeating: 0, count: plan.roots.count)
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < chunkCount else { break }
                counter.count(chunks: chunk..<chunk + 1, of: columns, existing: existing, into: &counts)
            }
            total.withLock { total in for segment in counts.indices { total[segment] += counts[segment] } }
        }
        counts = total.withLock { $0 }
    }
}

extension LeafScan {
    /// A scan for leaves that have no numbers yet: they are numbered as they stand.
    init(
        leaves: [Leaf], context: EvaluationContext, vocabulary: Vocabulary, records: RecordSnapshot, instant: Int64
    ) {
        self.init(
            program: LeafProgram(
                leaves: leaves.enumerated().map { (id: LeafID(rawValue: UInt32($0)), leaf: $1) }, context: context),
            vocabulary: vocabulary, leafIDLimit: leaves.count, records: records, instant: instant)
    }
}
