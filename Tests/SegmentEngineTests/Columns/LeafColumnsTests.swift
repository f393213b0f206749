import TestSupport
import Testing

@testable import SegmentEngine

@Suite("LeafColumns")
struct LeafColumnsTests {
    @Test("Batches of toggles in any order reach the columns of their leaves", arguments: 1...3)
    func appliesToggles(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var columns = LeafColumns()
        var model = [Set<Ordinal>](repeating: [], count: 9)
        for leaf in 0..<UInt32(9) { columns.add(Bitmap(), for: LeafID(rawValue: leaf)) }
        var lists = [LeafFlips(), LeafFlips(), LeafFlips()]
        let pool = WorkerPool(name: "columns", width: 3)
        defer { pool.shutdown() }
        for count in [0, 3, 300, 2_500, 700] {
            for index in lists.indices { lists[index].removeAll() }
            for _ in 0..<count {
                let list = Int.random(in: 0..<lists.count, using: &random)
                let leaf = Int.random(in: 0..<9, using: &random)
                let ordinal = Ordinal.random(in: 0..<140_000, using: &random)
                lists[list].append(leaf: LeafID(rawValue: UInt32(leaf)), ordinal: ordinal)
                model[leaf].formSymmetricDifference([ordinal])
            }
            columns.apply(&lists, on: pool)
        }
        for leaf in 0..<9 { #expect(Array(columns[LeafID(rawValue: UInt32(leaf))]) == model[leaf].sorted()) }
    }

    @Test("A snapshot keeps the truths of its time while the columns go on")
    func copiesAreSnapshots() {
        let leaf = LeafID(rawValue: 2)
        var columns = LeafColumns()
        columns.add(Bitmap(), for: leaf)
        columns.exists.insert(7)
        toggle(&columns, leaf, 7)
        let snapshot = columns
        toggle(&columns, leaf, 7)
        toggle(&columns, leaf, 8)
        columns.exists.insert(8)
        #expect(Array(snapshot[leaf]) == [7])
        #expect(Array(snapshot.exists) == [7])
        #expect(Array(columns[leaf]) == [8])
        #expect(Array(columns.exists) == [7, 8])
    }

    @Test("A leaf's number can be given to another leaf, whose column starts empty")
    func numbersAreUsedAgain() {
        let leaf = LeafID(rawValue: 4)
        var column = Bitmap()
        column.apply(flips: (0..<Ordinal(5_000)).map { $0 })
        var columns = LeafColumns()
        columns.add(column, for: leaf)
        #expect(columns.columnCount == 5)
        #expect(columns[leaf] == column)
        #expect(columns.byteCount > column.byteCount)
        columns.remove(leaf)
        #expect(columns[leaf].isEmpty)
        #expect(columns.byteCount < column.byteCount)
        columns.add(Bitmap(), for: leaf)
        toggle(&columns, leaf, 3)
        #expect(Array(columns[leaf]) == [3])
    }

    @Test("Words are those of the leaf's column, and none for a leaf without one")
    func lendsWords() {
        var columns = LeafColumns()
        var column = Bitmap()
        column.apply(flips: [1, 65_536 + 65])
        columns.add(column, for: LeafID(rawValue: 1))
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: ColumnChunk.wordCount)
        defer { words.deallocate() }
        func word(_ leaf: UInt32, chunk: Int, _ index: Int) -> UInt64? {
            columns.withWords(of: LeafID(rawValue: leaf), chunk: chunk, scratch: words) { $0?[index] }
        }
        #expect(word(1, chunk: 0, 0) == 2)
        #expect(word(1, chunk: 0, 1) == 0)
        #expect(word(1, chunk: 1, 1) == 2)
        #expect(word(1, chunk: 2, 0) == nil)
        #expect(word(0, chunk: 0, 0) == nil)
        #expect(word(9, chunk: 0, 0) == nil)
    }

    private func toggle(_ columns: inout LeafColumns, _ leaf: LeafID, _ ordinal: Ordinal) {
        var flips = [LeafFlips()]
        flips[0].append(leaf: leaf, ordinal: ordinal)
        columns.apply(&flips, on: WorkerPool(name: "columns", width: 1))
    }
}

@Suite("RadixSort")
struct RadixSortTests {
    @Test(
        "Keys come out in ascending order whatever bits they differ in",
        arguments: [UInt64.max, 0, 0x7FF, 0xF_FFFF, 0x3FFF_0000_000F_FFFF, 0x8000_0000_0000_0001])
    func sorts(mask: UInt64) {
        var random = SeededGenerator(seed: mask)
        var scratch: [UInt64] = []
        for count in [0, 1, 511, 2_000, 512, 3_000] {
            let fixed = random.next() & ~mask
            var keys = (0..<count).map { _ in random.next() & mask | fixed }
            let expected = keys.sorted()
            RadixSort.sort(&keys, scratch: &scratch)
            #expect(keys == expected)
        }
    }
}
