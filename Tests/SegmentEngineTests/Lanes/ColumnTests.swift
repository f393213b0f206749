import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

/// Columns of a few chunks, kept as words; empty ones lend nil.
private struct WordColumns: ColumnSource {
    var words: [[UInt64]?]

    func withWords<Answer>(
        of leaf: LeafID, chunk: Int, scratch: UnsafeMutablePointer<UInt64>,
        _ body: (UnsafePointer<UInt64>?) -> Answer
    ) -> Answer {
        guard let column = words[Int(leaf.rawValue)] else { return body(nil) }
        let own = column[(chunk * ColumnChunk.wordCount)..<((chunk + 1) * ColumnChunk.wordCount)]
        guard own.contains(where: { $0 != 0 }) else { return body(nil) }
        for (word, value) in own.enumerated() { scratch[word] = value }
        return body(UnsafePointer(scratch))
    }
}

private struct WordChunks: ChunkSource {
    var words: [UInt64]

    func withWords<Answer>(
        chunk: Int, scratch: UnsafeMutablePointer<UInt64>, _ body: (UnsafePointer<UInt64>?) -> Answer
    ) -> Answer {
        let own = words[(chunk * ColumnChunk.wordCount)..<((chunk + 1) * ColumnChunk.wordCount)]
        guard own.contains(where: { $0 != 0 }) else { return body(nil) }
        return own.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

@Suite struct ColumnTests {
    private static let chunkCount = 2

    /// Random columns and, for a sample of contacts, which leaves are true.
    private func columns(_ random: inout RandomLanes) -> (columns: WordColumns, existing: WordChunks) {
        let wordCount = ColumnChunk.wordCount * ColumnTests.chunkCount
        var columns: [[UInt64]?] = []
        for _ in 0..<random.catalog.leafIDLimit {
            // Some are empty everywhere, some from the second chunk on.
            let isEmpty = random.random.chance(0.2)
            let end = random.random.chance(0.4) ? ColumnChunk.wordCount : wordCount
            let words = (0..<wordCount).map { $0 < end ? random.random.next() & random.random.next() : 0 }
            columns.append(isEmpty ? nil : words)
        }
        // The second chunk begins with contacts that do not exist.
        let existing = (0..<wordCount).map { word in
            (1_000..<1_300).contains(word) || word > 1_800 ? 0 : random.random.next() | random.random.next()
        }
        return (WordColumns(words: columns), WordChunks(words: existing))
    }

    private func truths(_ contact: Int, _ columns: WordColumns, _ existing: WordChunks) -> [UInt32]? {
        func bit(_ words: [UInt64]) -> Bool { words[contact / 64] >> UInt64(contact % 64) & 1 != 0 }
        guard bit(existing.words) else { return nil }
        return columns.words.indices.filter { columns.words[$0].map(bit) ?? false }.map { UInt32($0) }
    }

    @Test(arguments: 0..<3) func `members are those of the condition`(seed: UInt64) throws {
        var random = try RandomLanes(seed: seed, segmentCount: 12)
        let (columns, existing) = columns(&random)
        let plan = random.catalog.plan
        var members: [SegmentNumber: [UInt64]] = [:]
        for id in random.conditions.keys {
            guard let number = random.catalog.number(of: id) else { continue }
            let algebra = ColumnAlgebra(program: plan.program(of: number))
            var words = [UInt64](repeating: .max, count: ColumnChunk.wordCount * ColumnTests.chunkCount)
            var count = 0
            words.withUnsafeMutableBufferPointer { words in
                guard let start = words.baseAddress else { return }
                for chunk in 0..<ColumnTests.chunkCount {
                    count += algebra.members(
                        chunk: chunk, of: columns, existing: existing, into: start + chunk * ColumnChunk.wordCount)
                }
            }
            #expect(count == words.reduce(0) { $0 + $1.nonzeroBitCount })
            #expect(count == algebra.count(chunks: 0..<ColumnTests.chunkCount, of: columns, existing: existing))
            members[number] = words
        }
        for _ in 0..<400 {
            let contact = Int.random(in: 0..<(ColumnTests.chunkCount * ColumnChunk.contactCount), using: &random.random)
            let expected = random.members(truths(contact, columns, existing))
            let found = members.filter { $0.value[contact / 64] >> UInt64(contact % 64) & 1 != 0 }.keys.sorted()
            try #require(found == expected, "contact \(contact)")
        }
    }

    @Test(arguments: [5, 6]) func `the counts of all segments are those of each`(seed: UInt64) throws {
        var random = try RandomLanes(seed: seed, segmentCount: 16)
        let (columns, existing) = columns(&random)
        let plan = random.catalog.plan
        var counts = [Int](repeating: 0, count: plan.roots.count)
        // As two threads would.
        for chunks in [0..<1, 1..<2] {
            ColumnCounter(plan: plan).count(chunks: chunks, of: columns, existing: existing, into: &counts)
        }
        var atOnce = [Int](repeating: 0, count: plan.roots.count)
        ColumnCounter(plan: plan).count(chunks: 0..<2, of: columns, existing: existing, into: &atOnce)
        #expect(atOnce == counts)
        for segment in counts.indices {
            let algebra = ColumnAlgebra(program: plan.program(of: SegmentNumber(rawValue: UInt32(segment))))
            #expect(counts[segment] == algebra.count(chunks: 0..<2, of: columns, existing: existing))
        }
        #expect(counts.contains { $0 > 0 })
    }

    @Test func `an unsaved condition is evaluated over known and new columns`() throws {
        var random = try RandomLanes(seed: 6, segmentCount: 6)
        var (columns, existing) = columns(&random)
        let limit = random.catalog.leafIDLimit
        columns.words.append([UInt64](repeating: 0xFF, count: ColumnChunk.wordCount * ColumnTests.chunkCount))
        let unsaved = Condition.all([.not(.segment("s1")), .tag("unheard of")])
        let program = random.catalog.program(of: unsaved) { _ in LeafID(rawValue: UInt32(limit)) }
        let count = ColumnAlgebra(program: program).count(chunks: 0..<2, of: columns, existing: existing)
        let saved = random.catalog.number(of: "s1").map { random.catalog.plan.program(of: $0) }
        var expected = 0
        if let saved {
            var masked = existing
            for word in masked.words.indices { masked.words[word] &= 0xFF }
            let inside = ColumnAlgebra(program: saved).count(chunks: 0..<2, of: columns, existing: masked)
            expected = masked.words.reduce(0) { $0 + $1.nonzeroBitCount } - inside
        }
        #expect(count == expected)
        #expect(
            ColumnAlgebra(program: random.catalog.program(of: .segment("s0"))).count(
                chunks: 0..<2, of: columns, existing: existing) == 0)
    }
}
