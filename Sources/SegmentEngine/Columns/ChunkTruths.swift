/// The truths of all leaves for the contacts of one chunk, while a scan finds them; memory is taken for leaves that are
/// true for someone.
struct ChunkTruths {
    private var words: [UInt64] = []
    /// Where a leaf's words begin, -1 as long as it is true for nobody.
    private var starts: [Int]
    /// A bit for each contact that was inserted.
    private(set) var existing = [UInt64](repeating: 0, count: ColumnChunk.wordCount)

    init(leafIDLimit: Int) {
        starts = Array(repeating: -1, count: leafIDLimit)
    }

    /// Adds a contact, by its place in the chunk, with the leaves that are true for it.
    mutating func insert(_ leaves: [UInt32], contact low: Int) {
        let bit: UInt64 = 1 &<< UInt64(low & 63)
        existing[low &>> 6] |= bit
        for leaf in leaves {
            if starts[Int(leaf)] < 0 {
                starts[Int(leaf)] = words.count
                words.append(contentsOf: repeatElement(0, count: ColumnChunk.wordCount))
            }
            words[starts[Int(leaf)] &+ low &>> 6] |= bit
        }
    }

    /// Lends the words of a leaf; nil if it is true for nobody.
    func withWords<Result>(of leaf: Int, _ body: (UnsafePointer<UInt64>?) -> Result) -> Result {
        words.withUnsafeBufferPointer { words in
            body(starts[leaf] < 0 ? nil : words.baseAddress.map { $0 + starts[leaf] })
        }
    }

    /// The chunk of each leaf's column.
    var columns: [BitmapChunk] {
        starts.indices.map { leaf in withWords(of: leaf) { $0.map { BitmapChunk(words: $0) } ?? BitmapChunk() } }
    }
}
