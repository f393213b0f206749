internal import SegmentModel

/// Answers leaves from the columns of one chunk after another. One thread's own.
///
/// Equal to `TruthEvaluator` over the records that the columns were made from.
final class ValueEvaluator {
    private let moment: ValueMoment
    private let leaves: [(leaf: ValueLeaf?, isInverted: Bool)]

    // Scratch memory: a number of each contact, how many items it is made of, and marks of items and of lines.
    let values = ScratchTable<Int64>(repeating: 0, count: BitmapChunk.contactCount)
    let counts = ScratchTable<Int64>(repeating: 0, count: BitmapChunk.contactCount)
    private let having = ScratchTable<UInt64>(repeating: 0, count: BitmapChunk.wordCount)
    var marks = ItemMarks()
    var lineMarks = ItemMarks()

    init(_ leaves: [Leaf], _ moment: ValueMoment) {
        self.moment = moment
        self.leaves = leaves.map { (ValueLeaf($0.condition, moment), $0.isInverted) }
    }

    deinit {
        values.deallocate()
        counts.deallocate()
        having.deallocate()
        marks.deallocate()
        lineMarks.deallocate()
    }

    var now: Int64 { moment.now.microseconds }

    /// Whether columns may tell anything about the leaf.
    func isAnswerable(_ leaf: Int) -> Bool { leaves[leaf].leaf != nil }

    /// Writes the leaf's truths for the contacts of a chunk, 1,024 words; false if only records can tell.
    func evaluate(_ leaf: Int, in chunk: ValueChunk, into words: UnsafeMutablePointer<UInt64>) -> Bool {
        // The columns are plain pointers into the chunk's memory.
        withExtendedLifetime(chunk) {
            let (question, isInverted) = leaves[leaf]
            let isAnswered =
                switch question {
                case .field(let question): evaluate(question, chunk, words)
                case .tags(let tags, let isNegated): evaluate(tags, isNegated, chunk, words)
                case .activity(let question): evaluate(question, chunk, words)
                case nil: false
                }
            let inverted: UInt64 = isInverted ? .max : 0
            for word in 0..<BitmapChunk.wordCount { words[word] = (words[word] ^ inverted) & chunk.existing[word] }
            return isAnswered
        }
    }

    /// Writes the truths of contacts 0 ..< count, and falsehood for those after them.
    @inline(__always)
    func fill(_ words: UnsafeMutablePointer<UInt64>, count: Int, _ holds: (Int) -> Bool) {
        for word in 0..<BitmapChunk.wordCount {
            let first = word &* 64
            var bits: UInt64 = 0
            if first < count {
                for index in first..<min(first &+ 64, count) {
                    bits |= (holds(index) ? 1 : 0) &<< UInt64(index &- first)
                }
            }
            words[word] = bits
        }
    }

    private func evaluate(
        _ question: FieldQuestion, _ chunk: ValueChunk, _ words: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        guard let slot = question.slot, let found = chunk.attributes[slot] else {
            words.update(repeating: question.holdsForNone ? .max : 0, count: BitmapChunk.wordCount)
            return question.slot == nil || chunk.hasAllAttributes
        }
        guard let column = found else { return false }
        let truths = [question.holdsForNone, false] + column.values.map { question.holds($0) }
        let codes = column.codes
        truths.withUnsafeBufferPointer { truths in
            guard let truths = truths.baseAddress else { return }
            guard let instants = column.instants else {
                return fill(words, count: chunk.contactCount) { truths[Int(truncatingIfNeeded: codes[$0])] }
            }
            let range = question.instants
            fill(words, count: chunk.contactCount) { index in
                let code = Int(truncatingIfNeeded: codes[index])
                return code == AttributeColumn.instant ? range.holds(instants[index]) : truths[code]
            }
        }
        return true
    }

    private func evaluate(
        _ tags: [Symbol?], _ isNegated: Bool, _ chunk: ValueChunk, _ words: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        words.update(repeating: .max, count: BitmapChunk.wordCount)
        for tag in tags { keep(words, chunk.tags) { $0 == tag } }
        if tags.isEmpty { keep(words, chunk.tags) { _ in true } }
        if isNegated {
            for word in 0..<BitmapChunk.wordCount { words[word] = ~words[word] }
        }
        return true
    }

    /// Clears the bits of contacts that have no such tag.
    private func keep(
        _ words: UnsafeMutablePointer<UInt64>, _ tags: TagColumns, _ isWanted: (Symbol) -> Bool
    ) {
        marks.reset(count: tags.names.count)
        tags.names.keep(in: marks.start, where: isWanted)
        having.start.update(repeating: 0, count: BitmapChunk.wordCount)
        let (having, contacts) = (having.start, tags.contacts.start)
        marks.forEach { having[Int(contacts[$0] >> 6)] |= 1 &<< UInt64(contacts[$0] & 63) }
        for word in 0..<BitmapChunk.wordCount { words[word] &= having[word] }
    }
}
