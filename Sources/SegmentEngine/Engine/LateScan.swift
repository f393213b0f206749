internal import Synchronization

/// The truths of all contacts at a later instant, found by evaluating those alone that may have changed: contacts that were
/// touched since, and contacts with a wake since.
///
/// All others keep what is known of them. Shared by the threads of a pool; the same evaluation as for live events.
struct LateScan: Sendable {
    let program: LeafProgram
    let vocabulary: Vocabulary
    let leafIDLimit: Int
    let records: RecordSnapshot
    /// Microseconds since 1970.
    let instant: Int64
    /// What was known of the contacts when the first of them was touched.
    let columns: LeafColumns
    let wakes: [Int64]
    let touched: Bitmap

    /// What a scan finds.
    struct Findings: Sendable {
        var columns = LeafColumns()
        var wakes: [Int64] = []
        /// The contacts that were evaluated.
        var late = Bitmap()
    }

    private struct Piece: Sendable {
        var columns: [BitmapChunk]
        var exists: BitmapChunk
        var wakes: [Int64]
        var late: BitmapChunk
    }

    func run(on pool: WorkerPool) -> Findings {
        let chunkSize = ColumnChunk.contactCount
        let chunkCount = (records.count + chunkSize - 1) / chunkSize
        let pieces = Mutex<[Piece?]>(Array(repeating: nil, count: chunkCount))
        pool.forEach(count: chunkCount) { chunk in
            let piece = scan(chunk)
            pieces.withLock { $0[chunk] = piece }
        }
        return assemble(pieces.withLock { $0.compactMap { $0 } })
    }

    private func assemble(_ pieces: [Piece]) -> Findings {
        var found = Findings()
        found.columns.exists = Bitmap(chunks: pieces.map(\.exists))
        for leaf in 0..<leafIDLimit {
            found.columns.add(Bitmap(chunks: pieces.map { $0.columns[leaf] }), for: LeafID(rawValue: UInt32(leaf)))
        }
        found.wakes = pieces.flatMap(\.wakes)
        found.late = Bitmap(chunks: pieces.map(\.late))
        return found
    }

    private func scan(_ chunk: Int) -> Piece {
        let first = chunk * ColumnChunk.contactCount
        let count = min(ColumnChunk.contactCount, records.count - first)
        var wakes = Array(wakes[min(first, wakes.count)..<min(first + count, wakes.count)])
        wakes.append(contentsOf: repeatElement(Wake.never, count: count - wakes.count))
        let late = late(chunk, wakes)
        var new = ChunkTruths(leafIDLimit: leafIDLimit)
        var evaluator = TruthEvaluator(program: program, texts: vocabulary)
        var contact = DecodedContact()
        var truths: [UInt32] = []
        late.forEach { low in
            wakes[low] = records.withRecord(Ordinal(first + low)) { record in
                guard !record.isEmpty else { return Wake.never }
                contact.decode(record, for: program)
                truths.removeAll(keepingCapacity: true)
                let wake = evaluator.evaluate(contact, bytes: record, at: instant, truths: &truths)
                new.insert(truths, contact: low)
                return wake
            }
        }
        return Piece(
            columns: (0..<leafIDLimit).map { leaf in
                new.withWords(of: leaf) { words in
                    late.replaced(in: columns[LeafID(rawValue: UInt32(leaf))].chunk(chunk), by: words)
                }
            },
            exists: late.replaced(in: columns.exists.chunk(chunk), by: new.existing), wakes: wakes,
            late: BitmapChunk(words: late.words))
    }

    private func late(_ chunk: Int, _ wakes: [Int64]) -> LateContacts {
        var late = LateContacts()
        for low in touched.chunk(chunk).members { late.insert(low) }
        for low in wakes.indices where wakes[low] <= instant { late.insert(low) }
        return late
    }
}

/// The contacts of one chunk that are evaluated.
private struct LateContacts {
    private(set) var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
    private(set) var isEmpty = true

    mutating func insert(_ low: Int) {
        words[low &>> 6] |= 1 &<< UInt64(low & 63)
        isEmpty = false
    }

    func forEach(_ body: (Int) -> Void) {
        for (index, var word) in words.enumerated() {
            while word != 0 {
                body(index << 6 | word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }

    /// A chunk with the new members in the place of those among these contacts; it stays as it is if they are the same.
    func replaced(in chunk: BitmapChunk, by new: UnsafePointer<UInt64>?) -> BitmapChunk {
        guard !isEmpty, chunk.count > 0 || new != nil else { return chunk }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * ColumnChunk.wordCount) { memory in
            guard let base = memory.baseAddress else { return chunk }
            let result = base + ColumnChunk.wordCount
            memory.initialize(repeating: 0)
            let hasChanged = chunk.withWords(scratch: base) { old in
                words.withUnsafeBufferPointer { words in
                    Self.replace(words, in: old ?? UnsafePointer(base), by: new, into: result)
                }
            }
            return hasChanged ? BitmapChunk(words: result) : chunk
        }
    }

    /// Plain loops, for vectors. Returns whether anything is different.
    private static func replace(
        _ places: UnsafeBufferPointer<UInt64>, in old: UnsafePointer<UInt64>, by new: UnsafePointer<UInt64>?,
        into result: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        var difference: UInt64 = 0
        for index in places.indices { result[index] = old[index] & ~places[index] }
        if let new { for index in places.indices { result[index] |= new[index] } }
        for index in places.indices { difference |= result[index] ^ old[index] }
        return difference != 0
    }
}

extension BitmapChunk {
    /// The members in ascending order.
    fileprivate var members: [Int] {
        var cursor = Cursor()
        var members: [Int] = []
        members.reserveCapacity(count)
        while let low = next(&cursor) { members.append(Int(low)) }
        return members
    }
}
