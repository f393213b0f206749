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

    /// Applies the toggles of a batch; their leaves must have columns.
    ///
    /// Sorts the toggles by leaf and contact, then visits every chunk that changes once: some tens of nanoseconds per
    /// toggle.
    mutating func apply(_ flips: inout LeafFlips) {
        flips.forEachLeaf { leaf, ordinals in
            precondition(Int(leaf.rawValue) < columns.count, "leaf \(leaf.rawValue) flips and has no column")
            columns[Int(leaf.rawValue)].apply(flips: ordinals)
        }
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
