/// Numbers for distinct texts, found by their bytes: a hash table without objects, for look-ups in the hot path.
///
/// Numbers are dense, in order of insertion.
struct TextTable: Sendable {
    /// Per place: the number of the text that lies there plus one, 0 if none does. A power of two, at most half full.
    private var places: [UInt32] = Array(repeating: 0, count: 8)
    private var hashes: [UInt64] = []
    /// All texts one after the other; text n ends at `ends[n]`.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// Texts in the table.
    var count: Int { ends.count }

    /// The text's number, given to it now if it is new.
    mutating func insert(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { insert(UnsafeRawBufferPointer($0)) }
    }

    /// The text's number; nil if it is not in the table.
    func index(of text: UnsafeRawBufferPointer) -> Int? {
        guard !ends.isEmpty else { return nil }
        return find(text, hash: TextTable.hash(text))
    }

    private mutating func insert(_ text: UnsafeRawBufferPointer) -> Int {
        let hash = TextTable.hash(text)
        if let known = find(text, hash: hash) { return known }
        if (ends.count + 1) * 2 > places.count { grow() }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        hashes.append(hash)
        put(number: ends.count - 1, hash: hash)
        return ends.count - 1
    }

    private func find(_ text: UnsafeRawBufferPointer, hash: UInt64) -> Int? {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 {
            let number = Int(places[place]) - 1
            if hashes[number] == hash, isText(number, text) { return number }
            place = (place + 1) & mask
        }
        return nil
    }

    private func isText(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : ends[number - 1]
        guard ends[number] - start == text.count else { return false }
        for offset in 0..<text.count where bytes[start + offset] != text[offset] { return false }
        return true
    }

    private mutating func put(number: Int, hash: UInt64) {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = UInt32(number + 1)
    }

    private mutating func grow() {
        places = Array(repeating: 0, count: places.count * 2)
        for (number, hash) in hashes.enumerated() { put(number: number, hash: hash) }
    }

    /// FNV-1a over the bytes, with its upper half mixed into the lower that chooses the place.
    private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}
