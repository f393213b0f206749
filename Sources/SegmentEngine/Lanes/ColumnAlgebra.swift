/// The members of one segment, computed from the columns of its leaves. One per thread and use.
///
/// In: a program with one root, the columns, and which contacts exist. Out: a bit per member. A contact that does not
/// exist is a member of nothing, however many of the conditions are negated.
final class ColumnAlgebra {
    private let plan: Plan
    private let gates: LaneMemory
    private let scratch = LaneMemory(byteCount: ColumnChunk.wordCount * MemoryLayout<UInt64>.size)
    private let result = LaneMemory(byteCount: ColumnChunk.wordCount * MemoryLayout<UInt64>.size)
    private var isEmpty: [Bool]

    /// Takes a chunk of memory, 8 KiB, per gate of the program.
    init(program: Plan) {
        plan = program
        gates = LaneMemory(byteCount: program.gateCount * ColumnChunk.wordCount * MemoryLayout<UInt64>.size)
        isEmpty = [Bool](repeating: false, count: program.gateCount)
    }

    /// Writes the members among a chunk's contacts into `words` and returns their number. Cost: one pass over 8 KiB per
    /// child of a gate; children of a gate with an empty one are not looked at any more.
    func members(
        chunk: Int, of columns: some ColumnSource, existing: some ChunkSource,
        into words: UnsafeMutablePointer<UInt64>
    ) -> Int {
        for gate in 0..<plan.gateCount { evaluate(gate, chunk: chunk, columns) }
        let isAnyone = writeRoot(chunk: chunk, columns, into: words)
        let scratch = scratch.pointer(to: UInt64.self)
        return existing.withWords(chunk: chunk, scratch: scratch) { existing in
            guard isAnyone, let existing else {
                words.update(repeating: 0, count: ColumnChunk.wordCount)
                return 0
            }
            combine(words, with: existing, inverting: 0)
            return trueCount(words)
        }
    }

    /// The number of members among the contacts of the chunks.
    func count(chunks: Range<Int>, of columns: some ColumnSource, existing: some ChunkSource) -> Int {
        let words = result.pointer(to: UInt64.self)
        return chunks.reduce(0) { $0 + members(chunk: $1, of: columns, existing: existing, into: words) }
    }

    private func evaluate(_ gate: Int, chunk: Int, _ columns: some ColumnSource) {
        let words = words(ofGate: gate)
        var isStarted = false
        isEmpty[gate] = false
        for edge in plan.leafEdges(ofGate: gate) {
            columns.withWords(
                of: LeafID(rawValue: edge >> 1), chunk: chunk, scratch: scratch.pointer(to: UInt64.self)
            ) { leaf in
                add(leaf, isNegated: edge & 1 != 0, to: words, ofGate: gate, isStarted: &isStarted)
            }
            if isEmpty[gate] { return }
        }
        for edge in plan.gateEdges(ofGate: gate) {
            let below = Int(edge >> 1)
            let child = isEmpty[below] ? nil : UnsafePointer(self.words(ofGate: below))
            add(child, isNegated: edge & 1 != 0, to: words, ofGate: gate, isStarted: &isStarted)
            if isEmpty[gate] { return }
        }
        if !isStarted { words.update(repeating: .max, count: ColumnChunk.wordCount) }
    }

    /// One more child of the gate; nil is one that is true of nobody.
    private func add(
        _ child: UnsafePointer<UInt64>?, isNegated: Bool, to words: UnsafeMutablePointer<UInt64>, ofGate gate: Int,
        isStarted: inout Bool
    ) {
        guard let child else {
            if !isNegated { isEmpty[gate] = true }
            return
        }
        let mask: UInt64 = isNegated ? .max : 0
        if isStarted {
            combine(words, with: child, inverting: mask)
        } else {
            copy(child, into: words, inverting: mask)
            isStarted = true
        }
    }

    /// False if nobody is in the root, and then nothing is written.
    private func writeRoot(chunk: Int, _ columns: some ColumnSource, into words: UnsafeMutablePointer<UInt64>) -> Bool {
        guard let root = plan.roots.first else { return false }
        let mask: UInt64 = root.isNegated ? .max : 0
        func write(_ child: UnsafePointer<UInt64>?) -> Bool {
            guard let child else {
                words.update(repeating: mask, count: ColumnChunk.wordCount)
                return root.isNegated
            }
            copy(child, into: words, inverting: mask)
            return true
        }
        if let gate = root.gate {
            return write(isEmpty[Int(gate)] ? nil : UnsafePointer(self.words(ofGate: Int(gate))))
        }
        guard let leaf = root.leaf else { return write(nil) }
        return columns.withWords(of: leaf, chunk: chunk, scratch: scratch.pointer(to: UInt64.self), write)
    }

    private func words(ofGate gate: Int) -> UnsafeMutablePointer<UInt64> {
        gates.pointer(to: UInt64.self) + gate * ColumnChunk.wordCount
    }

    private func copy(_ source: UnsafePointer<UInt64>, into words: UnsafeMutablePointer<UInt64>, inverting mask: UInt64)
    {
        for word in 0..<ColumnChunk.wordCount { words[word] = source[word] ^ mask }
    }

    private func combine(
        _ words: UnsafeMutablePointer<UInt64>, with source: UnsafePointer<UInt64>, inverting mask: UInt64
    ) {
        for word in 0..<ColumnChunk.wordCount { words[word] &= source[word] ^ mask }
    }

    private func trueCount(_ words: UnsafeMutablePointer<UInt64>) -> Int {
        var count = 0
        for block in stride(from: 0, to: ColumnChunk.wordCount, by: 8) {
            count &+= UnsafeRawPointer(words + block).loadUnaligned(as: SIMD8<UInt64>.self).trueCount
        }
        return count
    }
}

extension Plan {
    /// The children of a gate that are leaves, as `number << 1 | negated`.
    func leafEdges(ofGate gate: Int) -> ArraySlice<UInt32> {
        edges[Int(offsets[2 * gate])..<Int(offsets[2 * gate + 1])]
    }

    /// The children of a gate that are gates, as `number << 1 | negated`.
    func gateEdges(ofGate gate: Int) -> ArraySlice<UInt32> {
        edges[Int(offsets[2 * gate + 1])..<Int(offsets[2 * gate + 2])]
    }

    /// The leaves that the program reads, ascending.
    var leafIDs: [LeafID] {
        var isUsed = [Bool](repeating: false, count: leafIDLimit)
        for gate in 0..<gateCount {
            for edge in leafEdges(ofGate: gate) { isUsed[Int(edge >> 1)] = true }
        }
        for root in roots { if let leaf = root.leaf { isUsed[Int(leaf.rawValue)] = true } }
        return isUsed.indices.compactMap { isUsed[$0] ? LeafID(rawValue: UInt32($0)) : nil }
    }
}
