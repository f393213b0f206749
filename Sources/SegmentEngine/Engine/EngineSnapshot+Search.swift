internal import SegmentModel
internal import Synchronization

// Looking for contacts.
extension EngineSnapshot {
    /// Those of a set whose e-mail addresses begin with a text, whatever the case.
    ///
    /// Costs a look at the head of every record of the set, shared by the pool's threads.
    public func members(of members: MemberSet, emailPrefix: String) -> MemberSet {
        let prefix = EmailPrefix(emailPrefix)
        let found = Mutex(Array(repeating: BitmapChunk(), count: members.bitmap.chunkCount))
        pool.forEach(count: members.bitmap.chunkCount) { chunk in
            let matching = matching(prefix, in: members.bitmap, chunk: chunk)
            found.withLock { $0[chunk] = matching }
        }
        return MemberSet(bitmap: Bitmap(chunks: found.withLock { $0 }))
    }

    private func matching(_ prefix: EmailPrefix, in members: Bitmap, chunk: Int) -> BitmapChunk {
        var words = [UInt64](repeating: 0, count: ColumnChunk.wordCount)
        var decoded = DecodedContact()
        let first = chunk * ColumnChunk.contactCount
        for place in 0..<min(ColumnChunk.contactCount, records.count - first)
        where members.contains(Ordinal(first + place)) {
            let isMatching = records.withRecord(Ordinal(first + place)) { record in
                decoded.decodeHead(record)
                return decoded.emailBytes(in: record).map(prefix.matches) ?? false
            }
            if isMatching { words[place >> 6] |= 1 << UInt64(place & 63) }
        }
        return words.withUnsafeBufferPointer { $0.baseAddress.map { BitmapChunk(words: $0) } ?? BitmapChunk() }
    }
}

/// What an address is to begin with, as text is compared anywhere.
private struct EmailPrefix {
    private let test: TextTest
    /// The folded prefix, if it is ASCII: it is then compared without making text of any address.
    private let plain: [UInt8]?

    init(_ text: String) {
        let operand = TextOperand(text)
        test = .startsWith(operand)
        plain = operand.folded.utf8.allSatisfy { $0 < 0x80 } ? Array(operand.folded.utf8) : nil
    }

    func matches(_ email: UnsafeRawBufferPointer) -> Bool {
        guard let plain else { return matchesFolded(email) }
        for (place, wanted) in plain.enumerated() {
            guard place < email.count else { return false }
            // What is not ASCII may fold to it, and combines with what stands before it.
            guard email[place] < 0x80 else { return matchesFolded(email) }
            guard Self.folded(email[place]) == wanted else { return isCombined(email, place) && matchesFolded(email) }
        }
        return isCombined(email, plain.count - 1) ? matchesFolded(email) : true
    }

    /// Whether something that is not ASCII follows.
    private func isCombined(_ email: UnsafeRawBufferPointer, _ place: Int) -> Bool {
        place + 1 < email.count && email[place + 1] >= 0x80
    }

    private func matchesFolded(_ email: UnsafeRawBufferPointer) -> Bool {
        test.holds(for: String(decoding: email, as: UTF8.self))
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
