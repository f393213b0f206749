internal import SegmentModel

/// Which subjects a block's events may name: a Bloom filter (Bloom 1970), so that a look for a few of them passes over
/// nearly all blocks. It never denies one that is there; of 100 that are not it admits about one.
///
/// ```
/// offset  size  field
/// 0       1     version: 1
/// 1       4     number of events in the block, little-endian, as all that follows
/// 5       …     the bits in words of 8 bytes, bit n of the filter is bit n % 64 of word n / 64
/// ```
enum SubjectFilter {
    static let version: UInt8 = 1
    private static let headerSize = 5
    /// Ten bits and seven probes admit 0.8 % of what is not there.
    private static let bitsPerSubject = 10
    private static let probes: UInt64 = 7

    /// The filter of a block.
    static func encode(_ block: EventBlock) throws -> [UInt8] {
        var hashes: Set<UInt64> = []
        _ = try block.forEach { event in
            guard let subjects = EventSubjects(event.bytes) else { throw EventBlock.malformed(event.sequence) }
            subjects.forEachHash { hashes.insert($0) }
            return true
        }
        var words = [UInt64](repeating: 0, count: max(1, (hashes.count * bitsPerSubject + 63) / 64))
        for hash in hashes {
            forEachBit(of: hash, wordCount: words.count) { words[Int($0 >> 6)] |= 1 << ($0 & 63) }
        }
        var filter: [UInt8] = [version]
        withUnsafeBytes(of: UInt32(block.count).littleEndian) { filter.append(contentsOf: $0) }
        for word in words { withUnsafeBytes(of: word.littleEndian) { filter.append(contentsOf: $0) } }
        return filter
    }

    /// How many events the block of a filter has; nil if it is not one of this version.
    static func eventCount(_ filter: UnsafeRawBufferPointer) -> Int? {
        guard filter.count > headerSize, filter[0] == version, (filter.count - headerSize) % 8 == 0 else { return nil }
        return Int(UInt32(littleEndian: filter.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    }

    /// Whether the block may name one of the subjects.
    static func admits(_ filter: UnsafeRawBufferPointer, oneOf hashes: [UInt64]) -> Bool {
        let wordCount = (filter.count - headerSize) / 8
        return hashes.contains { hash in
            var isThere = true
            forEachBit(of: hash, wordCount: wordCount) { bit in
                let byte = filter[headerSize + Int(bit >> 6) * 8 + Int(bit & 63) / 8]
                isThere = isThere && byte >> UInt8(bit & 7) & 1 == 1
            }
            return isThere
        }
    }

    /// Bits by double hashing (Kirsch, Mitzenmacher 2006).
    private static func forEachBit(of hash: UInt64, wordCount: Int, _ body: (UInt64) -> Void) {
        let count = UInt64(wordCount) * 64
        let step = SubjectHash.mixed(hash) | 1
        var place = hash
        for _ in 0..<probes {
            // The upper half of the product is a number below the count, as evenly spread as the factor.
            body(place.multipliedFullWidth(by: count).high)
            place &+= step
        }
    }
}

/// Hashes of subjects as filters hold them; stored, so never to be changed.
enum SubjectHash {
    /// FNV-1a over the kind, the first text, a byte that no text has, and the second, then mixed.
    static func hash(
        _ kind: Subject.Kind, _ first: some Sequence<UInt8>, _ second: some Sequence<UInt8>
    ) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        take(kind.rawValue)
        for byte in first { take(byte) }
        take(0xFF)
        for byte in second { take(byte) }
        return mixed(hash)
    }

    /// The last step of SplitMix64: FNV alone leaves the upper bits of short texts alike.
    static func mixed(_ hash: UInt64) -> UInt64 {
        var mixed = hash &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Subject {
    var hash64: UInt64 { SubjectHash.hash(kind, first, second) }
}

extension EventSubjects {
    fileprivate func forEachHash(_ body: (UInt64) -> Void) {
        if let contact { body(SubjectHash.hash(.contact, contact, EmptyCollection())) }
        if let order { body(SubjectHash.hash(.order, order.store, order.order)) }
        if let refund { body(SubjectHash.hash(.refund, refund.source, refund.refund)) }
    }
}
