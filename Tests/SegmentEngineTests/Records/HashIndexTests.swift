import TestSupport
import Testing

@testable import SegmentEngine

@Suite("HashIndex")
struct HashIndexTests {
    @Test("Every entry is found until it is removed, also among equal and crowded hashes", arguments: 1...6)
    func followsAModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Few different hashes, hashes that share their home, and ordinary ones.
        let mask = random.pick([0x0000_0007_0000_0000, 0xFF00_0003_0000_0000, UInt64.max])
        var index = HashIndex()
        var entries: [(hash: UInt64, number: UInt32)] = []
        for step in 0..<UInt32(2_000) {
            if entries.isEmpty || random.chance(step < 1_200 ? 0.7 : 0.3) {
                let entry = (hash: random.next() & mask, number: step)
                index.insert(hash: entry.hash, number: entry.number)
                entries.append(entry)
            } else {
                let entry = entries.remove(at: Int.random(in: 0..<entries.count, using: &random))
                let isRemoved = index.remove(hash: entry.hash, number: entry.number)
                #expect(isRemoved)
                #expect(index.first(hash: entry.hash) { $0 == entry.number } == nil)
                let isRemovedAgain = index.remove(hash: entry.hash, number: entry.number)
                #expect(!isRemovedAgain)
            }
        }
        #expect(index.count == entries.count)
        let areFound = entries.allSatisfy { entry in
            index.first(hash: entry.hash) { $0 == entry.number } == entry.number
        }
        #expect(areFound)
        index.withProbe { probe in
            let kept = Dictionary(uniqueKeysWithValues: entries.map { ($0.number, $0.hash >> 32) })
            let areProbable = entries.allSatisfy { entry in
                probe.prefetch(hash: entry.hash)
                return probe.probable(hash: entry.hash).map { kept[$0] == entry.hash >> 32 } ?? false
            }
            #expect(areProbable)
            let others = (0..<500).map { _ in random.next() }.filter { !kept.values.contains($0 >> 32) }
            #expect(others.allSatisfy { probe.probable(hash: $0) == nil })
        }
    }

    @Test("A probe of an index without entries finds nothing")
    func probesNothing() {
        HashIndex().withProbe { probe in
            probe.prefetch(hash: 42)
            #expect(probe.probable(hash: 42) == nil)
        }
    }

    @Test("All numbers under a hash are offered until one is taken")
    func offersEveryCandidate() {
        var index = HashIndex()
        for number in UInt32(0)..<30 { index.insert(hash: number < 10 ? 42 << 32 : .max, number: number) }
        var offered: Set<UInt32> = []
        let found = index.first(hash: 42 << 32) { number in
            offered.insert(number)
            return false
        }
        #expect(found == nil)
        #expect(offered == Set(0..<10))
        #expect(index.first(hash: 43 << 32) { _ in true } == nil)
        #expect(HashIndex().first(hash: 42) { _ in true } == nil)
    }

    @Test("An entry that was added twice goes in two steps")
    func keepsRepeatedEntries() {
        var index = HashIndex()
        index.insert(hash: 5, number: HashIndex.numberLimit - 1)
        index.insert(hash: 5, number: HashIndex.numberLimit - 1)
        #expect(index.count == 2)
        let isRemoved = index.remove(hash: 5, number: HashIndex.numberLimit - 1)
        #expect(isRemoved)
        #expect(index.first(hash: 5) { _ in true } == HashIndex.numberLimit - 1)
        let isRemovedToo = index.remove(hash: 5, number: HashIndex.numberLimit - 1)
        #expect(isRemovedToo)
        let isRemovedAgain = index.remove(hash: 5, number: HashIndex.numberLimit - 1)
        #expect(!isRemovedAgain)
        #expect(index.count == 0)
    }

    @Test("An index filled at once holds what one filled by and by holds", arguments: 0...5)
    func fillsAtOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Crowded homes, the last of them too, so that entries run over the ends of stretches and of the table.
        let mask: UInt64 = random.pick([0x0000_00FF_0000_0000, 0xFFFF_FFF0_0000_0000, UInt64.max])
        let offset: UInt64 = random.pick([0, 0x0000_07F0_0000_0000] as [UInt64])
        let pool = WorkerPool(name: "test", width: 3)
        for count in [0, 1, 11, 12, 700] {
            let entries = (0..<UInt32(count)).map { (hash: random.next() & mask | offset, number: $0) }
            let slots = entries.map { HashIndex.slot(hash: $0.hash, number: $0.number) }
            let parts = [Array(slots.prefix(count / 3)), [], Array(slots.dropFirst(count / 3))]
            var index = HashIndex(slots: parts, on: pool)
            #expect(index.count == count)
            for entry in entries.shuffled(using: &random) {
                #expect(index.first(hash: entry.hash) { $0 == entry.number } == entry.number)
                let isRemoved = index.remove(hash: entry.hash, number: entry.number)
                #expect(isRemoved)
            }
            index.insert(hash: 7, number: 7)
            #expect(index.first(hash: 7) { _ in true } == 7)
        }
        pool.shutdown()
    }

    @Test("An index with room does not grow, and at most 7 of 10 slots are taken")
    func reservesRoom() {
        var index = HashIndex()
        index.reserve(10_000)
        let byteCount = index.byteCount
        #expect(byteCount >= 10_000 * 8 * 10 / 7)
        var random = SeededGenerator(seed: 1)
        for number in UInt32(0)..<10_000 { index.insert(hash: random.next(), number: number) }
        #expect(index.byteCount == byteCount)
        for number in UInt32(0)..<15_000 { index.insert(hash: random.next(), number: number) }
        #expect(index.byteCount >= 25_000 * 8 * 10 / 7)
    }
}

@Suite("ByteHash")
struct ByteHashTests {
    @Test("Equal bytes have equal hashes wherever they stand, other bytes, lengths and seeds others")
    func tellsBytesApart() {
        var seen: Set<UInt64> = []
        for length in 0...70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 31) }
            let hash = Self.hash(bytes, seed: 1)
            #expect(seen.insert(hash).inserted)
            #expect(seen.insert(Self.hash(bytes, seed: 2)).inserted)
            #expect(seen.insert(Self.hash([UInt8](repeating: 0, count: length + 100), seed: 1)).inserted)
            let shifted = [0xEE] + bytes + [0xEE]
            #expect(shifted.withUnsafeBytes { ByteHash.hash(.init(rebasing: $0[1..<length + 1]), seed: 1) } == hash)
            for index in 0..<length {
                var changed = bytes
                changed[index] ^= 1 << UInt8(index % 8)
                #expect(seen.insert(Self.hash(changed, seed: 1)).inserted)
            }
        }
    }

    @Test("A changed bit changes each bit of the hash about every second time", arguments: [3, 8, 16, 17, 40])
    func mixes(length: Int) {
        var random = SeededGenerator(seed: UInt64(length))
        var changes = [Int](repeating: 0, count: 64)
        let trialCount = 2_000
        for _ in 0..<trialCount {
            var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let before = Self.hash(bytes, seed: 9)
            bytes[Int.random(in: 0..<length, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            let difference = before ^ Self.hash(bytes, seed: 9)
            for bit in 0..<64 where difference >> UInt64(bit) & 1 == 1 { changes[bit] += 1 }
        }
        // Six standard deviations of a fair coin.
        #expect(changes.allSatisfy { abs($0 - trialCount / 2) < 135 })
    }

    private static func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
        bytes.withUnsafeBytes { ByteHash.hash($0, seed: seed) }
    }
}
