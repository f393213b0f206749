/// The truths of all leaves for all contacts: a bitmap per leaf, and the bitmap of the contacts that exist.
///
/// In: columns built by scans, and the toggles of each batch. Out: words for the algebra. A copy costs two references
/// and is a snapshot for readers. While one is held, a batch copies what it touches: the table of columns and each
/// chunk that changes; once it is dropped, changes are made in place again.
struct LeafColumns: ColumnSource, Sendable {
    /// The contacts that exist: seen by a visible event and not removed.
    var exists = Bitmap()
    private var columns: [Bitmap] = []

    init() {}

    /// Leaves with a number from here on have no column.
    var columnCount: Int { columns.count }

    /// Bytes of memory behind the columns. Costs a step per chunk of each column.
    var byteCount: Int {
        columns.reduce(exists.byteCount + columns.capacity * MemoryLayout<Bitmap>.stride) { $0 + $1.byteCount }
    }

    /// The contacts for whom the leaf is true; empty for a leaf without a column.
    subscript(leaf: LeafID) -> Bitmap {
        let index = Int(leaf.rawValue)
        return index < columns.count ? columns[index] : Bitmap()
    }

    /// Gives the leaf a column in place of the one it may have.
    mutating func add(_ column: Bitmap, for leaf: LeafID) {
        let index = Int(leaf.rawValue)
        if columns.count <= index {
            columns.append(contentsOf: repeatElement(Bitmap(), count: index + 1 - columns.count))
        }
        columns[index] = column
    }

    /// Takes the leaf's column away, so that its number can be given to another leaf.
    mutating func remove(_ leaf: LeafID) {
        let index = Int(leaf.rawValue)
        if index < columns.count { columns[index] = Bitmap() }
    }

    /// Applies the toggles of a batch, in whatever lists; their leaves must have columns.
    ///
    /// Sorts the toggles by leaf and contact, then visits every chunk that changes once: some tens of nanoseconds per
    /// toggle, shared by the pool's threads.
    mutating func apply(_ lists: inout [LeafFlips], on pool: WorkerPool) {
        let count = lists.reduce(0) { $0 + $1.count }
        guard count >= Self.sharedMin else {
            for index in lists.indices {
                lists[index].sort()
                lists[index].forEachLeaf(in: 0..<lists[index].count) { columns[Int($0.rawValue)].apply(flips: $1) }
            }
            return
        }
        lists.withUnsafeMutableBufferPointer { lists in
            // Each piece sorts a list of its own.
            nonisolated(unsafe) let lists = lists
            pool.forEach(count: lists.count) { lists[$0].sort() }
        }
        let bounds = bounds(of: lists, pieceCount: pool.width)
        let lists = lists
        columns.withUnsafeMutableBufferPointer { columns in
            // Each piece changes the columns of its own leaves.
            nonisolated(unsafe) let columns = columns
            pool.forEach(count: pool.width) { piece in
                for list in lists {
                    let places = list.place(of: bounds[piece])..<list.place(of: bounds[piece + 1])
                    list.forEachLeaf(in: places) { leaf, ordinals in
                        precondition(Int(leaf.rawValue) < columns.count, "leaf \(leaf.rawValue) has no column")
                        columns[Int(leaf.rawValue)].apply(flips: ordinals)
                    }
                }
            }
        }
    }

    /// Fewer toggles are not worth waking a thread.
    private static let sharedMin = 1_024

    /// Where the leaves of each piece begin: each gets about as many toggles of the longest list.
    private func bounds(of lists: [LeafFlips], pieceCount: Int) -> [LeafID] {
        guard let longest = lists.max(by: { $0.count < $1.count }) else { return [] }
        let inner = (1..<max(1, pieceCount)).map { longest.leaf(at: longest.count * $0 / pieceCount) }
        return [LeafID(rawValue: 0)] + inner + [LeafID(rawValue: .max)]
    }

    /// Lends a chunk of a leaf's column as 1,024 words, nil if the leaf is true for nobody there.
    ///
    /// `scratch` must have room for 1,024 words.
    func withWords<Result>(
        of leaf: LeafID, chunk: Int, scratch: UnsafeMutablePointer<UInt64>,
        _ body: (UnsafePointer<UInt64>?) -> Result
    ) -> Result {
        let index = Int(leaf.rawValue)
        guard index < columns.count else { return body(nil) }
        return columns[index].withWords(chunk: chunk, scratch: scratch, body)
    }
}
