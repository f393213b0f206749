internal import SegmentModel

/// Memory in which texts are folded for comparison, used again for text after text.
///
/// Each folded text stands until the next one is folded.
struct FoldingBuffer: BitwiseCopyable {
    private var memory = ScratchTable<UInt8>(capacity: 256)

    func deallocate() { memory.deallocate() }

    /// The text as `TextFolding` folds it. Does not allocate for ASCII.
    mutating func folded(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let start = text.baseAddress else { return text }
        memory.reserve(text.count)
        for index in 0..<text.count {
            let byte = start.load(fromByteOffset: index, as: UInt8.self)
            guard byte < 0x80 else { return foldedBeyondASCII(text) }
            memory.start[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
        }
        return UnsafeRawBufferPointer(start: memory.start, count: text.count)
    }

    private mutating func foldedBeyondASCII(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var folded = TextFolding.folded(String(decoding: text, as: UTF8.self))
        let count = folded.utf8.count
        memory.reserve(count)
        folded.withUTF8 { if let start = $0.baseAddress { memory.start.update(from: start, count: count) } }
        return UnsafeRawBufferPointer(start: memory.start, count: count)
    }
}
