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
        var found = ChunkTruths(leafIDLimit: leafIDLimit)
        var edges: [Int64] = []
        edges.reserveCapacity(ordinals.count)
        for ordinal in ordinals {
            let low = ordinal - ordinals.lowerBound
            if low % Self.reportInterval == Self.reportInterval - 1, !report(Self.reportInterval) { return nil }
            let edge = records.withRecord(Ordinal(ordinal)) { record in
                guard !record.isEmpty else { return Wake.never }
                contact.decode(record, for: program)
                truths.removeAll(keepingCapacity: true)
                let edge = evaluator.evaluate(contact, bytes: record, at: instant, truths: &truths)
                found.insert(truths, contact: low)
                return edge
            }
            edges.append(edge)
        }
        _ = report(ordinals.count % Self.reportInterval)
        return Piece(columns: found.columns, exists: BitmapChunk(words: found.existing), edges: edges)
    }

    private static let reportInterval = 4_096
}

extension DecodedContact {
    /// Unpacks what a program looks at: its orders and activities only if there are conditions on them.
    mutating func decode(_ record: UnsafeRawBufferPointer, for program: LeafProgram) {
        if program.activities.series.isEmpty { decodeHead(record) } else { decode(record) }
    }
}
