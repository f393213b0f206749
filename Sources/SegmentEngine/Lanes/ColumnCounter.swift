/// The counts of all segments of a plan over all contacts, computed from the columns: at start and after a rebuild.
///
/// One per thread; several share the work by taking different chunks and adding up their counts. Words of all columns
/// are first laid side by side for an eighth of a chunk, then all gates are evaluated for 512 contacts at a time.
final class ColumnCounter {
    private let plan: Plan
    private let leafIDs: [LeafID]
    private let staging: LaneMemory
    private let gates: LaneMemory
    private let scratch = LaneMemory(byteCount: ColumnChunk.wordCount * MemoryLayout<UInt64>.size)
    private let existence = LaneMemory(byteCount: ColumnChunk.wordCount * MemoryLayout<UInt64>.size)
    /// Whether something is staged for a leaf, by place in `leafIDs`.
    private var isStaged: [Bool]

    /// Words of each column staged at a time.
    private static let groupWords = 128
    /// One block more than is staged, so that the columns do not all fall on the same lines of the cache.
    private static let strideWords = groupWords + 8
    private static let strideBytes = strideWords * MemoryLayout<UInt64>.size

    /// Takes about 1 KiB of memory per leaf and 64 bytes per gate.
    init(plan: Plan) {
        self.plan = plan
        leafIDs = plan.leafIDs
        staging = LaneMemory(byteCount: plan.leafIDLimit * ColumnCounter.strideBytes)
        gates = LaneMemory(byteCount: plan.gateCount * MemoryLayout<SIMD8<UInt64>>.stride)
        isStaged = [Bool](repeating: false, count: leafIDs.count)
    }

    /// Adds each segment's members among the contacts of the chunks to `counts`, which stand by segment number.
    func count(
        chunks: Range<Int>, of columns: some ColumnSource, existing: some ChunkSource, into counts: inout [Int]
    ) {
        precondition(counts.count >= plan.roots.count, "there is no count for some segment")
        for chunk in chunks where copyExistence(chunk, existing) {
            for group in 0..<(ColumnChunk.wordCount / ColumnCounter.groupWords) {
                stage(chunk, firstWord: group * ColumnCounter.groupWords, columns)
                counts.withUnsafeMutableBufferPointer { countGroup(group, into: $0) }
            }
        }
    }

    /// False if no contact of the chunk exists.
    private func copyExistence(_ chunk: Int, _ existing: some ChunkSource) -> Bool {
        existing.withWords(chunk: chunk, scratch: scratch.pointer(to: UInt64.self)) { words in
            guard let words else { return false }
            existence.pointer(to: UInt64.self).update(from: words, count: ColumnChunk.wordCount)
            return true
        }
    }

    private func stage(_ chunk: Int, firstWord: Int, _ columns: some ColumnSource) {
        let staging = staging.pointer(to: UInt64.self)
        let scratch = scratch.pointer(to: UInt64.self)
        for (place, leaf) in leafIDs.enumerated() {
            let target = staging + Int(leaf.rawValue) * ColumnCounter.strideWords
            columns.withWords(of: leaf, chunk: chunk, scratch: scratch) { words in
                if let words {
                    target.update(from: words + firstWord, count: ColumnCounter.groupWords)
                } else if isStaged[place] {
                    target.update(repeating: 0, count: ColumnCounter.groupWords)
                }
                isStaged[place] = words != nil
            }
        }
    }

    private func countGroup(_ group: Int, into counts: UnsafeMutableBufferPointer<Int>) {
        let existing = UnsafePointer(existence.pointer(to: SIMD8<UInt64>.self))
        let blockCount = ColumnCounter.groupWords / 8
        let staged = UnsafeRawPointer(staging.pointer(to: UInt64.self))
        for block in 0..<blockCount {
            let exists = existing[group * blockCount + block]
            if exists != .zero {
                countBlock(staged + block * MemoryLayout<SIMD8<UInt64>>.size, exists, into: counts)
            }
        }
    }

    private func countBlock(
        _ leaves: UnsafeRawPointer, _ existing: SIMD8<UInt64>, into counts: UnsafeMutableBufferPointer<Int>
    ) {
        let gates = gates.pointer(to: SIMD8<UInt64>.self)
        let stride = ColumnCounter.strideBytes
        plan.evaluate(leaves: leaves, leafStride: stride, gates: gates)
        plan.roots.withUnsafeBufferPointer { roots in
            for segment in roots.indices {
                let members =
                    plan.truths(of: roots[segment], leaves: leaves, leafStride: stride, gates: gates) & existing
                if members != .zero { counts[segment] &+= members.trueCount }
            }
        }
    }
}
