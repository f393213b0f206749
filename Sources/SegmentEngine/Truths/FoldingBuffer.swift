internal import SegmentModel

/// Memory in which texts are folded for comparison, used again for text after text.
///
/// Each folded text stands until the next one is folded.
final class FoldingBuffer {
    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)

    deinit {
        memory.deallocate()
    }

    /// The text as `TextFolding` folds it. Does not allocate for ASCII.
    func folded(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        reserve(text.count)
        for index in 0..<text.count {
            let byte = text[index]
            guard byte < 0x80 else { return foldedBeyondASCII(text) }
            memory[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
        }
        return UnsafeRawBufferPointer(rebasing: memory[..<text.count])
    }

    private func foldedBeyondASCII(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var folded = TextFolding.folded(String(decoding: text, as: UTF8.self))
        let count = folded.utf8.count
        reserve(count)
        folded.withUTF8 { memory.copyMemory(from: UnsafeRawBufferPointer($0)) }
        return UnsafeRawBufferPointer(rebasing: memory[..<count])
    }

    private func reserve(_ count: Int) {
        guard count > memory.count else { return }
        memory.deallocate()
        memory = .allocate(byteCount: count * 2, alignment: 1)
    }
}
