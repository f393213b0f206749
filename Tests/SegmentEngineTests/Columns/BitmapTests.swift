import TestSupport
import Testing

@testable import SegmentEngine

@Suite("Bitmap")
struct BitmapTests {
    @Test("A bitmap read back from its bytes is the same, whatever forms its chunks had", arguments: 1...4)
    func readsItsBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var bitmap = Bitmap()
        for chunk in Ordinal(0)..<5 {
            let limit = random.pick([0, 1, BitmapChunk.listedCountMax - 1, BitmapChunk.listedCountMax, 9_000])
            for _ in 0..<limit { bitmap.insert(chunk << 16 | Ordinal.random(in: 0..<65_536, using: &random)) }
            // Back into the span in which a chunk may have either form.
            let removed = bitmap.filter { _ in random.chance(0.2) }
            for ordinal in removed { bitmap.remove(ordinal) }
        }
        var bytes: [UInt8] = []
        bitmap.append(to: &bytes)
        #expect(bytes.count == bitmap.storedByteCount)
        let read = try #require(bytes.withUnsafeBytes { Bitmap(stored: $0) })
        #expect(read == bitmap)
        #expect(Array(read) == Array(bitmap))
        bytes.append(0)
        #expect(bytes.withUnsafeBytes { Bitmap(stored: $0) } == nil)
        #expect(bytes.dropLast(2).withUnsafeBytes { Bitmap(stored: $0) } == nil)
    }

    @Test("A bitmap is the set of what was flipped, inserted and removed, in both forms", arguments: 1...4)
    func followsASet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bitmap = Bitmap()
        var model: Set<Ordinal> = []
        var agrees = true
        for _ in 0..<6_000 {
            let ordinal = Ordinal.random(in: 0..<3 * 65_536, using: &random) & (random.chance(0.5) ? 0x2_03FF : .max)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: agrees = bitmap.insert(ordinal) == model.insert(ordinal).inserted && agrees
            case 1: agrees = bitmap.remove(ordinal) == (model.remove(ordinal) != nil) && agrees
            default: agrees = bitmap.flip(ordinal) == Self.flip(ordinal, in: &model) && agrees
            }
        }
        #expect(agrees)
        expectSame(bitmap, model)
    }

    @Test("A batch of flips does what the flips one by one do", arguments: 1...4)
    func appliesBatches(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bitmap = Bitmap()
        var model: Set<Ordinal> = []
        for _ in 0..<40 {
            let limit = random.pick([5_000, 70_000, 200_000])
            let count = random.pick([0, 1, 5, 40, 3_000])
            let flips = (0..<count).map { _ in Ordinal.random(in: 0..<Ordinal(limit), using: &random) }.sorted()
            bitmap.apply(flips: flips)
            for ordinal in flips { _ = Self.flip(ordinal, in: &model) }
            #expect(bitmap.count == model.count)
        }
        expectSame(bitmap, model)
    }

    @Test("A contact that is given twice in a batch stays as it was", arguments: [0, 1_500, 5_000])
    func repeatedFlipsCancel(memberCount: Int) {
        let members = (0..<memberCount).map { Ordinal($0) * 2 }
        var bitmap = Bitmap()
        bitmap.apply(flips: members)
        let before = bitmap
        bitmap.apply(flips: (0..<20).flatMap { [Ordinal($0), Ordinal($0)] })
        #expect(bitmap == before)
        expectSame(bitmap, Set(members))
    }

    @Test("Filling and emptying a chunk crosses both limits of its forms")
    func changesItsForm() {
        var bitmap = Bitmap()
        let order = (0..<Ordinal(6_000)).map { $0 * 7 % 65_536 }
        for ordinal in order { bitmap.insert(ordinal) }
        #expect(bitmap.byteCount > 8_192)
        expectSame(bitmap, Set(order))
        for ordinal in order.dropLast(1_000) { bitmap.remove(ordinal) }
        #expect(bitmap.byteCount < 8_192)
        expectSame(bitmap, Set(order.suffix(1_000)))
        for ordinal in order { bitmap.remove(ordinal) }
        #expect(bitmap.isEmpty)
        #expect(Array(bitmap) == [])
        bitmap.apply(flips: order.sorted())
        bitmap.apply(flips: order.sorted())
        #expect(bitmap == Bitmap())
    }

    @Test("A copy keeps its members whatever happens to the other", arguments: [10, 10_000])
    func copiesAreIndependent(memberCount: Int) {
        var bitmap = Bitmap()
        bitmap.apply(flips: (0..<Ordinal(memberCount)).map { $0 * 13 })
        let copy = bitmap
        let members = Set(copy)
        bitmap.flip(0)
        bitmap.apply(flips: [13, 14, 200_000])
        expectSame(copy, members)
        expectSame(bitmap, members.symmetricDifference([0, 13, 14, 200_000]))
    }

    @Test("Bitmaps are equal if their members are, in whatever form and with whatever empty chunks")
    func equalityIsOfMembers() {
        let members = (0..<Ordinal(1_500)).map { $0 * 5 }
        var listed = Bitmap()
        listed.apply(flips: members)
        var shrunk = Bitmap()
        shrunk.apply(flips: (0..<Ordinal(5_000)).map { $0 * 5 })
        shrunk.apply(flips: (1_500..<Ordinal(5_000)).map { $0 * 5 })
        #expect(shrunk.byteCount > listed.byteCount)
        #expect(listed == shrunk && shrunk == listed)
        listed.flip(500_000)
        #expect(listed != shrunk)
        listed.flip(500_000)
        #expect(listed == shrunk)
        shrunk.flip(1)
        shrunk.flip(5)
        #expect(listed != shrunk && shrunk != listed)
    }

    @Test("Chunks built apart from words make the bitmap of their bits", arguments: 1...3)
    func isPutTogetherFromChunks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var model: Set<Ordinal> = []
        let chunks = [0.0, 0.9, 0.001, 0.05].enumerated().map { chunk, density in
            var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
            for low in 0..<Ordinal(65_536) where random.chance(density) {
                words[Int(low / 64)] |= 1 << UInt64(low % 64)
                model.insert(Ordinal(chunk) << 16 | low)
            }
            return BitmapChunk(words: words)
        }
        let bitmap = Bitmap(chunks: chunks)
        #expect(bitmap.chunkCount == 4)
        expectSame(bitmap, model)
    }

    private static func flip(_ ordinal: Ordinal, in model: inout Set<Ordinal>) -> Bool {
        if model.remove(ordinal) != nil { return false }
        model.insert(ordinal)
        return true
    }
}

/// Compares count, order of members, words and single answers.
private func expectSame(
    _ bitmap: Bitmap, _ model: Set<Ordinal>, sourceLocation: SourceLocation = #_sourceLocation
) {
    let members = model.sorted()
    #expect(bitmap.count == members.count, sourceLocation: sourceLocation)
    #expect(Array(bitmap) == members, sourceLocation: sourceLocation)
    #expect(membersByWords(of: bitmap) == members, sourceLocation: sourceLocation)
    let areContained = members.allSatisfy(bitmap.contains)
    #expect(areContained, sourceLocation: sourceLocation)
    let neighbours = members.map { $0 &+ 1 }.filter { !model.contains($0) }
    #expect(!neighbours.contains(where: bitmap.contains), sourceLocation: sourceLocation)
}

private func membersByWords(of bitmap: Bitmap) -> [Ordinal] {
    var members: [Ordinal] = []
    // Not zeroed: whatever is in it must not show.
    var scratch = [UInt64](repeating: .max, count: ColumnChunk.wordCount)
    for chunk in 0..<bitmap.chunkCount + 1 {
        scratch.withUnsafeMutableBufferPointer { scratch in
            guard let memory = scratch.baseAddress else { return }
            bitmap.withWords(chunk: chunk, scratch: memory) { words in
                guard let words else { return }
                for index in 0..<ColumnChunk.wordCount {
                    var word = words[index]
                    while word != 0 {
                        members.append(Ordinal(chunk << 16 | index << 6 | word.trailingZeroBitCount))
                        word &= word - 1
                    }
                }
            }
        }
    }
    return members
}
