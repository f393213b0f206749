internal import EventLog
internal import SegmentModel

// The stream of changes.
extension MembershipEngine {
    /// Hands out the changes since the last call, in order; kept only while `keepsChanges` is set.
    public func takeChanges() -> [MembershipChange] {
        finishBatch()
        settleChanges()
        defer { settled = [] }
        return settled
    }

    /// Goes on keeping changes, if an engine does that this one takes the place of, with those that it has not handed out.
    public func keepChanges(of former: MembershipEngine) {
        keepsChanges = former.keepsChanges
        if keepsChanges { settled = former.takeChanges() }
    }

    /// Puts ids in the place of numbers, before numbers get another meaning.
    func settleChanges() {
        guard !changes.isEmpty else { return }
        changes.take(into: &settled, segmentID: { catalog.id(of: $0) }) { ordinal in
            let record = fold.store.record(ordinal)
            guard !record.isNone else { return nil }
            return Identifier(String(decoding: RecordReader(record.bytes).id, as: UTF8.self))
        }
    }

    /// Emits what a definition changed in the segments whose roots are others now, by the order of their ids.
    func emit(_ segments: [SegmentNumber], before: Catalog, _ columnsBefore: LeafColumns) {
        let named = segments.compactMap { number in catalog.id(of: number).map { (id: $0, number: number) } }
        for (id, number) in named.sorted(by: { $0.id < $1.id }) {
            let old = before.number(of: id).flatMap { before.condition(of: $0) }.map {
                Bitmap(
                    members: before.program(of: $0), of: columnsBefore, existing: columnsBefore.exists)
            }
            let new = catalog.condition(of: number).map { members(of: catalog.program(of: $0)) }
            emit(number, from: old ?? Bitmap(), to: new ?? Bitmap())
        }
        settleChanges()
    }

    private func emit(_ number: SegmentNumber, from old: Bitmap, to new: Bitmap) {
        guard old != new else { return }
        for ordinal in Ordinal(0)..<Ordinal(fold.store.count) where old.contains(ordinal) != new.contains(ordinal) {
            changes.append(number, ordinal, isEntered: new.contains(ordinal), at: frontier.instant)
        }
    }

    /// The members of every segment, to tell afterwards what a definition changed.
    func memberships() -> [String: Bitmap] {
        let plan = currentPlan()
        var memberships: [String: Bitmap] = [:]
        for number in plan.roots.indices.map({ SegmentNumber(rawValue: UInt32($0)) }) {
            guard let id = catalog.id(of: number) else { continue }
            memberships[id] = members(of: plan.program(of: number))
        }
        return memberships
    }

    /// Emits the difference between what was and what is, segment by segment in the order of their ids.
    func emit(from before: [String: Bitmap]) {
        guard keepsChanges, !isCatchingUp else { return }
        for (id, now) in memberships().sorted(by: { $0.key < $1.key }) {
            guard let number = catalog.number(of: id) else { continue }
            emit(number, from: before[id] ?? Bitmap(), to: now)
        }
        settleChanges()
    }

    /// Emits that all members leave a segment which is being removed.
    func emit(leaving members: Bitmap, _ number: SegmentNumber) {
        guard keepsChanges else { return }
        for ordinal in members { changes.append(number, ordinal, isEntered: false, at: frontier.instant) }
        settleChanges()
    }

    func members(of program: Plan) -> Bitmap {
        Bitmap(members: program, of: columns, existing: columns.exists)
    }
}

extension Bitmap {
    /// The members of a program's only root.
    init(members program: Plan, of columns: some ColumnSource, existing: Bitmap) {
        let algebra = ColumnAlgebra(program: program)
        var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
        self.init(
            chunks: (0..<existing.chunkCount).map { chunk in
                words.withUnsafeMutableBufferPointer { words in
                    guard let base = words.baseAddress else { return BitmapChunk() }
                    _ = algebra.members(chunk: chunk, of: columns, existing: existing, into: base)
                    return BitmapChunk(words: base)
                }
            })
    }
}

extension Bitmap: ChunkSource {}
