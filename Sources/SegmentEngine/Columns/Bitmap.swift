/// A set of contacts by ordinal, one bit per contact where many are in it and a short list where few are.
///
/// In: flips of single contacts or of a whole batch. Out: words for the algebra, members in ascending order, the exact
/// count. A copy costs a reference; what is changed afterwards is copied chunk by chunk, and changed in place again
/// once the other copies are gone. It keeps: `count` is the sum of the chunks' counts.
struct Bitmap: Sendable {
    /// The number of members.
    private(set) var count = 0
    // Chunks at the end may be empty.
    private var chunks: [BitmapChunk] = []

    /// A bitmap without members.
    init() {}

    /// Puts chunks together that were built apart, chunk 0 first.
    init(chunks: [BitmapChunk]) {
        self.chunks = chunks
        for chunk in chunks { count += chunk.count }
    }

    var isEmpty: Bool { count == 0 }

    /// Chunks with a number from here on have no members.
    var chunkCount: Int { chunks.count }

    /// The members of one chunk; a copy.
    func chunk(_ number: Int) -> BitmapChunk {
        number < chunks.count ? chunks[number] : BitmapChunk()
    }

    /// Bytes of memory behind the bitmap; shared memory counts for every copy. Costs a step per chunk.
    var byteCount: Int {
        guard !chunks.isEmpty else { return 0 }
        let header = 32
        let table = header + chunks.capacity * MemoryLayout<BitmapChunk>.stride
        return chunks.reduce(table) { $0 + $1.byteCount }
    }

    func contains(_ ordinal: Ordinal) -> Bool {
        let chunk = Self.chunk(of: ordinal)
        return chunk < chunks.count && chunks[chunk].contains(UInt16(truncatingIfNeeded: ordinal))
    }

    /// Makes the contact a member; false if it was one.
    @discardableResult
    mutating func insert(_ ordinal: Ordinal) -> Bool {
        guard !contains(ordinal) else { return false }
        flip(ordinal)
        return true
    }

    /// Makes the contact a non-member; false if it was none before.
    @discardableResult
    mutating func remove(_ ordinal: Ordinal) -> Bool {
        guard contains(ordinal) else { return false }
        flip(ordinal)
        return true
    }

    /// Makes a member of a non-member and the other way round; true if the contact is a member now.
    @discardableResult
    mutating func flip(_ ordinal: Ordinal) -> Bool {
        let chunk = Self.chunk(of: ordinal)
        makeRoom(for: chunk)
        let change = chunks[chunk].flip(UInt16(truncatingIfNeeded: ordinal))
        count += change
        return change > 0
    }

    /// Flips many contacts, given in ascending order; one that is given twice stays as it was.
    mutating func apply(flips: Span<Ordinal>) {
        var lower = 0
        while lower < flips.count {
            let chunk = Self.chunk(of: flips[lower])
            var upper = lower + 1
            while upper < flips.count, Self.chunk(of: flips[upper]) == chunk {
                assert(flips[upper - 1] <= flips[upper], "flips must ascend")
                upper += 1
            }
            makeRoom(for: chunk)
            count += chunks[chunk].apply(flips: flips.extracting(lower..<upper))
            lower = upper
        }
    }

    /// Flips many contacts, given in ascending order; one that is given twice stays as it was.
    mutating func apply(flips: [Ordinal]) {
        apply(flips: flips.span)
    }

    /// Lends a chunk's members as 1,024 words, the lowest contact in the lowest bit of the first; nil if there are none.
    ///
    /// Costs nothing where the chunk stands as words; a list is written into `scratch`, which must have room for 1,024
    /// words. Chunks past `chunkCount` are empty.
    func withWords<Result>(
        chunk: Int, scratch: UnsafeMutablePointer<UInt64>, _ body: (UnsafePointer<UInt64>?) -> Result
    ) -> Result {
        guard chunk < chunks.count else { return body(nil) }
        return chunks[chunk].withWords(scratch: scratch, body)
    }

    private static func chunk(of ordinal: Ordinal) -> Int { Int(ordinal >> 16) }

    private mutating func makeRoom(for chunk: Int) {
        while chunks.count <= chunk { chunks.append(BitmapChunk()) }
    }
}

extension Bitmap: Equatable {
    /// True if both have the same members.
    static func == (left: Bitmap, right: Bitmap) -> Bool {
        guard left.count == right.count else { return false }
        // With equal counts the longer one's further chunks are empty if the common ones are equal.
        return zip(left.chunks, right.chunks).allSatisfy(==)
    }
}

extension Bitmap: Sequence {
    /// The members in ascending order.
    struct Iterator: IteratorProtocol {
        fileprivate let chunks: [BitmapChunk]
        private var chunk = 0
        private var cursor = BitmapChunk.Cursor()

        fileprivate init(chunks: [BitmapChunk]) {
            self.chunks = chunks
        }

        mutating func next() -> Ordinal? {
            while chunk < chunks.count {
                if let low = chunks[chunk].next(&cursor) { return Ordinal(chunk) << 16 | Ordinal(low) }
                chunk += 1
                cursor = BitmapChunk.Cursor()
            }
            return nil
        }
    }

    var underestimatedCount: Int { count }

    func makeIterator() -> Iterator {
        Iterator(chunks: chunks)
    }
}
