// A bitmap as bytes is its chunks one after the other, each the number of its members (4 bytes) and the members: up to
// `BitmapChunk.listedCountMax` of them as a list of 2 bytes each, more as words. So equal bitmaps are equal bytes.
extension Bitmap {
    /// How many bytes `append(to:)` adds. Costs a step per chunk.
    var storedByteCount: Int {
        (0..<chunkCount).reduce(0) { $0 + chunk($1).storedByteCount }
    }

    func append(to bytes: inout [UInt8]) {
        for number in 0..<chunkCount { chunk(number).append(to: &bytes) }
    }

    /// Reads a bitmap that takes up all of the bytes; nil if it does not.
    init?(stored bytes: UnsafeRawBufferPointer) {
        var chunks: [BitmapChunk] = []
        var offset = 0
        while offset < bytes.count {
            guard let chunk = BitmapChunk(stored: bytes, at: &offset) else { return nil }
            chunks.append(chunk)
        }
        self.init(chunks: chunks)
    }
}

extension BitmapChunk {
    fileprivate var storedByteCount: Int { Self.storedByteCount(of: count) }

    private static func storedByteCount(of count: Int) -> Int {
        4 + (count <= listedCountMax ? count * 2 : ColumnChunk.wordCount * 8)
    }

    fileprivate func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(count)) { bytes.append(contentsOf: $0) }
        if count > Self.listedCountMax { return words.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        var cursor = Cursor()
        while let low = next(&cursor) { withUnsafeBytes(of: low) { bytes.append(contentsOf: $0) } }
    }

    fileprivate init?(stored bytes: UnsafeRawBufferPointer, at offset: inout Int) {
        guard bytes.count - offset >= 4 else { return nil }
        let count = Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        guard count <= ColumnChunk.contactCount, bytes.count - offset >= Self.storedByteCount(of: count) else {
            return nil
        }
        let members = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + Self.storedByteCount(of: count))])
        offset += Self.storedByteCount(of: count)
        if count <= Self.listedCountMax {
            self.init(
                list: Array(unsafeUninitializedCapacity: count) { list, listed in
                    UnsafeMutableRawBufferPointer(list).copyMemory(from: members)
                    listed = count
                })
        } else {
            // Words in memory are aligned, in a file they need not be.
            var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
            words.withUnsafeMutableBytes { $0.copyMemory(from: members) }
            self.init(words: words)
        }
    }
}
