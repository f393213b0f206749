internal import Synchronization

/// The truths of some leaves for all contacts at one instant: at start all leaves, later those that are new.
///
/// Works on a snapshot of the records, so that events go on being folded; shared by the threads of a pool. The same
/// evaluation as for live events.
struct LeafScan: Sendable {
    let program: LeafProgram
    let vocabulary: Vocabulary
    /// The leaves by their numbers in the program.
    let leafIDLimit: Int
    let records: RecordSnapshot
    /// Microseconds since 1970.
    let instant: Int64

    /// What a scan finds.
    struct Findings: Sendable {
        /// The column of each leaf of the program, by number.
        var columns: [Bitmap]
        var exists: Bitmap
        /// The next edge of each contact.
        var edges: [Int64]
    }

    private struct Piece: Sendable {
        var columns: [BitmapChunk] = []
        var exists = BitmapChunk()
        var edges: [Int64] = []
    }

    /// Scans all contacts.
    ///
    /// - Parameters:
    ///   - progress: is told how many contacts are done.
    ///   - isCancelled: asked now and then; the scan ends early with nil.
    func run(
        on pool: WorkerPool, progress: @Sendable (Int) -> Void = { _ in }, isCancelled: @Sendable () -> Bool = { false }
    ) -> Findings? {
        let chunkSize = ColumnChunk.contactCount
        let chunkCount = (records.count + chunkSize - 1) / chunkSize
        let pieces = Mutex<[Piece?]>(Array(repeating: nil, count: chunkCount))
        let done = Atomic<Int>(0)
        pool.forEach(count: chunkCount) { chunk in
            guard !isCancelled() else { return }
            let ordinals = chunk * chunkSize..<min((chunk + 1) * chunkSize, records.count)
            let piece = scan(ordinals) {
                progress(done.wrappingAdd($0, ordering: .relaxed).newValue)
                return !isCancelled()
            }
            pieces.withLock { $0[chunk] = piece }
        }
        return pieces.withLock { pieces in
            let found = pieces.compactMap { $0 }
            return found.count == chunkCount ? assemble(found) : nil
        }
    }

    private func assemble(_ pieces: [Piece]) -> Findings {
        Findings(
            columns: (0..<leafIDLimit).map { leaf in Bitmap(chunks: pieces.map { $0.columns[leaf] }) },
            exists: Bitmap(chunks: pieces.map(\.exists)), edges: pieces.flatMap(\.edges))
    }

    /// Scans one chunk of contacts.
    ///
    /// - Parameter report: is told about contacts done since the last time; false ends the scan.
    private func scan(_ ordinals: Range<Int>, report: (Int) -> Bool) -> Piece? {
        var evaluator = TruthEvaluator(program: program, texts: vocabulary)
        var contact = DecodedContact()
        var truths: [UInt32] = []
        var builder = ChunkBuilder(leafIDLimit: leafIDLimit)
        var edges: [Int64] = []
        edges.reserveCapacity(ordinals.count)
        for ordinal in ordinals {
            let low = ordinal - ordinals.lowerBound
            if low % Self.reportInterval == Self.reportInterval - 1, !report(Self.reportInterval) { return nil }
            let edge = records.withRecord(Ordinal(ordinal)) { record in
                guard !record.isEmpty else { return Wake.never }
                contact.decode(record, for: program)
                truths.removeAll(keepingCapacity: true)
                builder.insert(contact: low)
                return evaluator.evaluate(contact, bytes: record, at: instant, truths: &truths)
            }
            edges.append(edge)
            for leaf in truths { builder.insert(leaf, contact: low) }
            truths.removeAll(keepingCapacity: true)
        }
        _ = report(ordinals.count % Self.reportInterval)
        return Piece(columns: builder.columns(), exists: builder.exists(), edges: edges)
    }

    private static let reportInterval = 4_096
}

extension DecodedContact {
    /// Unpacks what a program looks at: its orders and activities only if there are conditions on them.
    mutating func decode(_ record: UnsafeRawBufferPointer, for program: LeafProgram) {
        if program.activities.series.isEmpty { decodeHead(record) } else { decode(record) }
    }
}

/// The words of one chunk of every leaf, while a scan fills them; memory is taken for leaves that are true for someone.
private struct ChunkBuilder {
    private var words: [UInt64] = []
    /// Where a leaf's words begin, -1 as long as it is true for nobody.
    private var starts: [Int]
    private var existing = [UInt64](repeating: 0, count: ColumnChunk.wordCount)

    init(leafIDLimit: Int) {
        starts = Array(repeating: -1, count: leafIDLimit)
    }

    mutating func insert(contact low: Int) {
        existing[low >> 6] |= 1 << UInt64(low & 63)
    }

    mutating func insert(_ leaf: UInt32, contact low: Int) {
        if starts[Int(leaf)] < 0 {
            starts[Int(leaf)] = words.count
            words.append(contentsOf: repeatElement(0, count: ColumnChunk.wordCount))
        }
        words[starts[Int(leaf)] &+ low &>> 6] |= 1 &<< UInt64(low & 63)
    }

    func columns() -> [BitmapChunk] {
        words.withUnsafeBufferPointer { words in
            starts.map { start in
                guard start >= 0, let base = words.baseAddress else { return BitmapChunk() }
                return BitmapChunk(words: base + start)
            }
        }
    }

    func exists() -> BitmapChunk {
        existing.withUnsafeBufferPointer { words in
            words.baseAddress.map { BitmapChunk(words: $0) } ?? BitmapChunk()
        }
    }
}
