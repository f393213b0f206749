extension Bitmap {
    /// The members that the other does not have. Cost: a pass over both, chunk by chunk.
    func subtracting(_ other: Bitmap) -> Bitmap {
        var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
        var scratch = words
        return Bitmap(
            chunks: (0..<chunkCount).map { chunk in
                words.withUnsafeMutableBufferPointer { words in
                    scratch.withUnsafeMutableBufferPointer { scratch in
                        guard let words = words.baseAddress, let scratch = scratch.baseAddress,
                            copy(chunk: chunk, into: words, scratch: scratch)
                        else { return BitmapChunk() }
                        other.withWords(chunk: chunk, scratch: scratch) { other in
                            guard let other else { return }
                            for word in 0..<ColumnChunk.wordCount { words[word] &= ~other[word] }
                        }
                        return BitmapChunk(words: words)
                    }
                }
            })
    }

    /// Copies a chunk's words; false if it has no member, and then nothing is copied.
    private func copy(
        chunk: Int, into words: UnsafeMutablePointer<UInt64>, scratch: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        withWords(chunk: chunk, scratch: scratch) { found in
            guard let found else { return false }
            words.update(from: found, count: ColumnChunk.wordCount)
            return true
        }
    }
}
