internal import SegmentModel
internal import Synchronization

/// The truths of leaves that no segment has, for all contacts at one instant: from columns of values where those can
/// tell, from the records where they cannot.
///
/// Equal to a `LeafScan` of the same leaves, and quicker by two orders of magnitude once the values are there; knows
/// nothing of edges.
struct ValueScan: Sendable {
    let leaves: [Leaf]
    let context: EvaluationContext
    let vocabulary: Vocabulary
    let records: RecordSnapshot
    let instant: Instant
    let cache: ValueCache

    /// The column of each leaf.
    func run(on pool: WorkerPool) -> [Bitmap] {
        let moment = ValueMoment(context, at: instant, texts: vocabulary)
        guard leaves.contains(where: { ValueLeaf($0.condition, moment) != nil }) else { return scanRecords(on: pool) }
        let entries = cache.entries(for: records, at: instant.microseconds, on: pool)
        let chunks = Mutex(Array(repeating: Array(repeating: BitmapChunk(), count: entries.count), count: leaves.count))
        let next = Atomic<Int>(0)
        pool.forEach(count: min(pool.width, entries.count)) { _ in
            let worker = Worker(self)
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < entries.count else { break }
                let found = worker.evaluate(entries[chunk], ordinals: records.ordinals(ofChunk: chunk))
                chunks.withLock { chunks in
                    for leaf in found.indices { chunks[leaf][chunk] = found[leaf] }
                }
            }
        }
        return chunks.withLock { $0.map { Bitmap(chunks: $0) } }
    }

    fileprivate var recordScan: LeafScan {
        LeafScan(
            leaves: leaves, context: context, vocabulary: vocabulary, records: records,
            instant: instant.microseconds)
    }

    private func scanRecords(on pool: WorkerPool) -> [Bitmap] {
        guard let found = recordScan.run(on: pool) else { preconditionFailure("a scan that nobody cancels ends") }
        return found.columns
    }
}

/// What one thread needs for a scan.
private final class Worker {
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
        words = ScratchTable(repeating: 0, count: scan.leaves.count * BitmapChunk.wordCount)
    }

    deinit { words.deallocate() }

    /// The truths of one chunk's contacts, leaf by leaf.
    func evaluate(_ entry: ValueCache.Entry, ordinals: Range<Int>) -> [BitmapChunk] {
        var unanswered: [Int] = []
        for leaf in scan.leaves.indices {
            if let chunk = entry.chunk, values.evaluate(leaf, in: chunk, into: start(of: leaf)) { continue }
            unanswered.append(leaf)
        }
        let all = Array(scan.leaves.indices)
        for place in entry.changed { look(at: ordinals.lowerBound + place, place: place, leaves: all) }
        if !unanswered.isEmpty {
            for place in 0..<ordinals.count { look(at: ordinals.lowerBound + place, place: place, leaves: unanswered) }
        }
        return scan.leaves.indices.map { BitmapChunk(words: start(of: $0)) }
    }

    private func start(of leaf: Int) -> UnsafeMutablePointer<UInt64> {
        words.start + leaf * BitmapChunk.wordCount
    }

    /// Puts what the contact's record says in the place of what the columns say.
    private func look(at ordinal: Int, place: Int, leaves: [Int]) {
        truths.removeAll(keepingCapacity: true)
        scan.records.withRecord(Ordinal(ordinal)) { record in
            guard !record.isEmpty else { return }
            contact.decode(record, for: rows.program)
            _ = rows.evaluate(contact, bytes: record, at: scan.instant.microseconds, truths: &truths)
        }
        let bit: UInt64 = 1 << UInt64(place & 63)
        for leaf in leaves { start(of: leaf)[place >> 6] &= ~bit }
        for leaf in truths where leaves.contains(Int(leaf)) { start(of: Int(leaf))[place >> 6] |= bit }
    }
}
