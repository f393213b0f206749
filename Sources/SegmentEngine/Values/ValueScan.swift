internal import SegmentModel
internal import Synchronization

/// The truths of leaves that no segment has, for all contacts at one instant: from columns of values where those can
/// tell, from the records where they cannot.
///
/// Equal to a `LeafScan` of the same leaves, and quicker by two orders of magnitude once the values are there.
struct ValueScan: Sendable {
    let leaves: [Leaf]
    let context: EvaluationContext
    let vocabulary: Vocabulary
    let records: RecordSnapshot
    let instant: Instant
    let cache: ValueCache

    /// What is found of the contacts of one chunk.
    fileprivate struct Piece: Sendable {
        var columns: [BitmapChunk] = []
        /// The next edges of the contacts that were looked up in their records, by ordinal.
        var edges: [(Int, Int64)] = []
    }

    /// The column of each leaf.
    func columns(on pool: WorkerPool) -> [Bitmap] {
        guard hasAnswerableLeaves else {
            guard let found = recordScan.run(on: pool) else { preconditionFailure("a scan that nobody cancels ends") }
            return found.columns
        }
        return columns(of: pieces(withEdges: false, on: pool))
    }

    /// The columns with the next edge of every contact; nil if nobody has made values or if some leaf moves with time.
    ///
    /// Leaves that stand still change with time for contacts alone of whom something is dated in the future.
    func findings(on pool: WorkerPool) -> LeafScan.Findings? {
        guard !cache.isEmpty, leaves.allSatisfy(\.standsStill), hasAnswerableLeaves else { return nil }
        let pieces = pieces(withEdges: true, on: pool)
        var edges = Array(repeating: Wake.never, count: records.count)
        for (ordinal, edge) in pieces.lazy.flatMap(\.edges) { edges[ordinal] = edge }
        // Who exists, whoever saves a segment knows.
        return LeafScan.Findings(columns: columns(of: pieces), exists: Bitmap(), edges: edges)
    }

    private var hasAnswerableLeaves: Bool {
        let moment = ValueMoment(context, at: instant, texts: vocabulary)
        return leaves.contains { ValueLeaf($0.condition, moment) != nil }
    }

    fileprivate var recordScan: LeafScan {
        LeafScan(
            leaves: leaves, context: context, vocabulary: vocabulary, records: records,
            instant: instant.microseconds)
    }

    private func columns(of pieces: [Piece]) -> [Bitmap] {
        leaves.indices.map { leaf in Bitmap(chunks: pieces.map { $0.columns[leaf] }) }
    }

    private func pieces(withEdges: Bool, on pool: WorkerPool) -> [Piece] {
        let entries = cache.entries(for: records, at: instant.microseconds, on: pool)
        let pieces = Mutex(Array(repeating: Piece(), count: entries.count))
        let next = Atomic<Int>(0)
        pool.forEach(count: min(pool.width, entries.count)) { _ in
            let worker = ValueScanWorker(self)
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < entries.count else { break }
                var entry = entries[chunk]
                if withEdges, let values = entry.chunk {
                    entry.changed += values.contacts(withItemsAfter: instant.microseconds)
                }
                let piece = worker.evaluate(entry, ordinals: records.ordinals(ofChunk: chunk))
                pieces.withLock { $0[chunk] = piece }
            }
        }
        return pieces.withLock { $0 }
    }
}

/// What one thread needs for a scan.
private final class ValueScanWorker {
    private let scan: ValueScan
    private let values: ValueEvaluator
    /// For what the columns cannot tell.
    private lazy var rows = TruthEvaluator(program: scan.recordScan.program, texts: scan.vocabulary)
    private var contact = DecodedContact()
    private var truths: [UInt32] = []
    /// The words of a chunk, leaf after leaf.
    private let words: ScratchTable<UInt64>

    init(_ scan: ValueScan) {
        self.scan = scan
        values = ValueEvaluator(scan.leaves, ValueMoment(scan.context, at: scan.instant, texts: scan.vocabulary))
        words = ScratchTable(repeating: 0, count: scan.leaves.count * ColumnChunk.wordCount)
    }

    deinit { words.deallocate() }

    /// The truths of one chunk's contacts, leaf by leaf.
    func evaluate(_ entry: ValueCache.Entry, ordinals: Range<Int>) -> ValueScan.Piece {
        let all = Array(scan.leaves.indices)
        let unanswered = all.filter { leaf in
            guard let chunk = entry.chunk else { return true }
            return !values.evaluate(leaf, in: chunk, into: start(of: leaf))
        }
        var piece = ValueScan.Piece()
        func look(at place: Int, leaves: [Int]) {
            let ordinal = ordinals.lowerBound + place
            piece.edges.append((ordinal, self.look(at: ordinal, place: place, leaves: leaves)))
        }
        for place in entry.changed { look(at: place, leaves: all) }
        if !unanswered.isEmpty {
            for place in 0..<ordinals.count { look(at: place, leaves: unanswered) }
        }
        piece.columns = all.map { BitmapChunk(words: start(of: $0)) }
        return piece
    }

    private func start(of leaf: Int) -> UnsafeMutablePointer<UInt64> {
        words.start + leaf * ColumnChunk.wordCount
    }

    /// Puts what the contact's record says in the place of what the columns say; returns the contact's next edge.
    private func look(at ordinal: Int, place: Int, leaves: [Int]) -> Int64 {
        truths.removeAll(keepingCapacity: true)
        let edge = scan.records.withRecord(Ordinal(ordinal)) { record in
            guard !record.isEmpty else { return Wake.never }
            contact.decode(record, for: rows.program)
            return rows.evaluate(contact, bytes: record, at: scan.instant.microseconds, truths: &truths)
        }
        let bit: UInt64 = 1 << UInt64(place & 63)
        for leaf in leaves { start(of: leaf)[place >> 6] &= ~bit }
        for leaf in truths where leaves.contains(Int(leaf)) { start(of: Int(leaf))[place >> 6] |= bit }
        return edge
    }
}
