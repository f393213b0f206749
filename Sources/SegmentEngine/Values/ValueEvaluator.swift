internal import SegmentModel

/// Answers leaves from the columns of one chunk after another. One thread's own.
///
/// Equal to `TruthEvaluator` over the records that the columns were made from.
final class ValueEvaluator {
    private let moment: ValueMoment
    private let leaves: [(leaf: ValueLeaf?, isInverted: Bool)]

    // Scratch memory: a number of each contact, how many items it is made of, and marks of items and of lines.
    let values = ScratchTable<Int64>(repeating: 0, count: ColumnChunk.contactCount)
    let counts = ScratchTable<Int64>(repeating: 0, count: ColumnChunk.contactCount)
    private let having = ScratchTable<UInt64>(repeating: 0, count: ColumnChunk.wordCount)
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
            for word in 0..<ColumnChunk.wordCount { words[word] = (words[word] ^ inverted) & chunk.existing[word] }
            return isAnswered
        }
    }

    /// Writes the truths of contacts 0 ..< count, and falsehood for those after them. Truths are worked out without
    /// branches wherever that is possible: half of them would be guessed wrong.
    @inline(__always)
    func fill(_ words: UnsafeMutablePointer<UInt64>, count: Int, _ holds: (Int) -> Bool) {
        for word in 0..<ColumnChunk.wordCount {
            let first = word &* 64
            var bits: UInt64 = 0
            if first < count {
                for index in first..<min(first &+ 64, count) {
                    bits |= UInt64(unsafeBitCast(holds(index), to: UInt8.self)) &<< UInt64(index &- first)
                }
            }
            words[word] = bits
        }
    }

    private func evaluate(
        _ question: FieldQuestion, _ chunk: ValueChunk, _ words: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        guard let slot = question.slot, let found = chunk.attributes[slot] else {
            words.update(repeating: question.holdsForNone ? .max : 0, count: ColumnChunk.wordCount)
            return question.slot == nil || chunk.hasAllAttributes
        }
        guard let column = found else { return false }
        let truths = [question.holdsForNone, false] + column.values.map { question.holds($0) }
        marks.reset(count: chunk.contactCount)
        keep(truths, of: column, in: marks)
        if let instants = column.instants {
            lineMarks.reset(count: chunk.contactCount)
            instants.keep(question.instants, in: lineMarks.start)
            keep(truths.indices.map { $0 == AttributeColumn.instant }, of: column, in: lineMarks)
            let (marks, instantMarks) = (marks.start, lineMarks.start)
            for contact in 0..<chunk.contactCount { marks[contact] |= instantMarks[contact] }
        }
        marks.write(to: words)
        return true
    }

    /// Clears the marks of contacts whose value's truth is false.
    private func keep(_ truths: [Bool], of column: AttributeColumn, in marks: ItemMarks) {
        let truths: [UInt8] = truths.map { $0 ? 1 : 0 }
        truths.withUnsafeBufferPointer { truths in
            if let truths = truths.baseAddress { column.codes.keep(truths, in: marks.start) }
        }
    }

    private func evaluate(
        _ tags: [Symbol?], _ isNegated: Bool, _ chunk: ValueChunk, _ words: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        words.update(repeating: .max, count: ColumnChunk.wordCount)
        for tag in tags { keep(words, chunk.tags) { $0 == tag } }
        if tags.isEmpty { keep(words, chunk.tags) { _ in true } }
        if isNegated {
            for word in 0..<ColumnChunk.wordCount { words[word] = ~words[word] }
        }
        return true
    }

    /// Clears the bits of contacts that have no such tag.
    private func keep(
        _ words: UnsafeMutablePointer<UInt64>, _ tags: TagColumns, _ isWanted: (Symbol) -> Bool
    ) {
        marks.reset(count: tags.names.count)
        tags.names.keep(in: marks.start, where: isWanted)
        fill(having.start, with: tags.contacts)
        for word in 0..<ColumnChunk.wordCount { words[word] &= having.start[word] }
    }

    /// Writes the bits of contacts that have a marked item.
    func fill(_ words: UnsafeMutablePointer<UInt64>, with contacts: PlainTable<UInt16>) {
        words.update(repeating: 0, count: ColumnChunk.wordCount)
        let contacts = contacts.start
        marks.forEach { words[Int(contacts[$0] >> 6)] |= 1 &<< UInt64(contacts[$0] & 63) }
    }
}
