/// Where the column of every leaf is read: a bit per contact, chunk by chunk.
protocol ColumnSource {
    /// Lends the words of one chunk of a leaf's column; nil if they are all zero. A column that is not kept as words
    /// may write them into `scratch`, which has room for a chunk.
    func withWords<Answer>(
        of leaf: LeafID, chunk: Int, scratch: UnsafeMutablePointer<UInt64>,
        _ body: (UnsafePointer<UInt64>?) -> Answer
    ) -> Answer
}

/// One column on its own: which contacts exist.
protocol ChunkSource {
    /// Lends the words of one chunk; nil if they are all zero. They may be written into `scratch`, which has room.
    func withWords<Answer>(
        chunk: Int, scratch: UnsafeMutablePointer<UInt64>, _ body: (UnsafePointer<UInt64>?) -> Answer
    ) -> Answer
}

/// The measures of columns.
enum ColumnChunk {
    /// Contacts in a chunk.
    static let contactCount = 65_536
    /// Words in a chunk, of 64 contacts each.
    static let wordCount = 1_024
}
