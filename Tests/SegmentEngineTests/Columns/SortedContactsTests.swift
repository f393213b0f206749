import TestSupport
import Testing

@testable import SegmentEngine

@Suite("SortedContacts")
struct SortedContactsTests {
    @Test("Contacts stand in the order of their ids' bytes, also after more were added", arguments: 1...6)
    func sortsAndMerges(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ids = IDTable(Self.randomIDs(count: 1_500, using: &random))
        let contacts = SortedContacts()
        for count in [0, 1, 700, 703, 703, 1_500] {
            #expect(contacts.order(count: count, id: ids.bytes) == ids.sorted(count: count))
        }
    }

    @Test("A reader that knows fewer contacts is given the order of all")
    func keepsLaterContacts() {
        let ids = IDTable(["b", "a", "c"].map { Array($0.utf8) })
        let contacts = SortedContacts()
        #expect(contacts.order(count: 3, id: ids.bytes) == [1, 0, 2])
        #expect(contacts.order(count: 2, id: ids.bytes) == [1, 0, 2])
    }

    @Test("Ids that end where others go on, or hold zeros, are ordered as their bytes are")
    func ordersHardIDs() {
        let ends: [[UInt8]] = [[], [0], [0, 0], [0, 1], [1], [0xFF], [0xFF, 0]]
        let stems = [0, 7, 8, 9, 16, 40, 199].map { [UInt8](repeating: 0x61, count: $0) }
        let ids = IDTable(stems.flatMap { stem in ends.map { stem + $0 } })
        #expect(SortedContacts().order(count: ids.count, id: ids.bytes) == ids.sorted(count: ids.count))
    }

    @Test("The position after an id is where the first later id stands", arguments: 1...3)
    func findsPositions(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ids = IDTable(Self.randomIDs(count: 300, using: &random))
        let order = ids.sorted(count: 300)
        for wanted in Self.randomIDs(count: 100, using: &random) + [ids[order[0]], ids[order[299]]] {
            let start = Int.random(in: 0...300, using: &random)
            let position = wanted.withUnsafeBytes {
                IDOrder.position(after: $0, in: order, from: start, id: ids.bytes)
            }
            let later = (start..<300).first { wanted.lexicographicallyPrecedes(ids[order[$0]]) }
            #expect(position == later ?? 300)
        }
    }

    /// Distinct ids with common beginnings of all lengths.
    private static func randomIDs(count: Int, using random: inout SeededGenerator) -> [[UInt8]] {
        let stems = ["", "customer-", "urn:shop:example:customer:0000", "é", "zz"].map { Array($0.utf8) }
        let isShared = random.chance(0.3)
        var ids: [[UInt8]] = []
        var known: Set<[UInt8]> = []
        while ids.count < count {
            let length = Int.random(in: 1...12, using: &random)
            let letters = (0..<length).map { _ in UInt8.random(in: 0x30...0x33, using: &random) }
            let id = (isShared ? stems[2] : random.pick(stems)) + letters
            if known.insert(id).inserted { ids.append(id) }
        }
        return ids
    }
}

/// Ids in one piece of memory.
private final class IDTable {
    let count: Int
    private let memory: UnsafeMutableRawBufferPointer
    private var ranges: [Range<Int>] = []

    init(_ ids: [[UInt8]]) {
        count = ids.count
        memory = .allocate(byteCount: ids.reduce(1) { $0 + $1.count }, alignment: 1)
        var offset = 0
        for id in ids {
            memory[offset..<offset + id.count].copyBytes(from: id)
            ranges.append(offset..<offset + id.count)
            offset += id.count
        }
    }

    deinit {
        memory.deallocate()
    }

    subscript(ordinal: Ordinal) -> [UInt8] { Array(bytes(ordinal)) }

    func bytes(_ ordinal: Ordinal) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[ranges[Int(ordinal)]])
    }

    func sorted(count: Int) -> [Ordinal] {
        (0..<Ordinal(count)).sorted { self[$0].lexicographicallyPrecedes(self[$1]) }
    }
}
