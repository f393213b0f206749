import SegmentModel

/// The keys that an object may have: the names of the cases, numbered from 0 without gaps.
protocol MemberKey: RawRepresentable<Int>, CaseIterable, Sendable {
    static var table: MemberTable<Self> { get }
}

/// Finds a key by the bytes of its name.
///
/// A name of at most 15 bytes and its length fit into one 128-bit word, so that a comparison is one instruction or two
/// and no string is made. Where a word stands in the table is computed from it, with a factor that gives each key of
/// the table a place of its own.
struct MemberTable<Key: MemberKey>: Sendable {
    private let places: [Place]
    private let factor: UInt64
    let names: [String]

    private struct Place: Sendable {
        var word: UInt128 = 0
        var position = -1
    }

    /// Names the keys after the cases. The checks are of this module's own tables, not of input.
    init() {
        precondition(Key.allCases.count <= Members<Key>.keysMax, "an object has more keys than there are places")
        names = Key.allCases.map { "\($0)" }
        let words = names.compactMap { Array($0.utf8).withUnsafeBufferPointer { Self.word(of: $0) } }
        precondition(words.count == names.count, "a member key has more than 15 bytes")
        let factor = Self.factor(separating: words)
        var places = [Place](repeating: Place(), count: Self.placeCount)
        for (position, word) in words.enumerated() {
            places[Self.place(of: word, factor)] = Place(word: word, position: position)
        }
        self.places = places
        self.factor = factor
    }

    /// The number of the key with that name.
    func position(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let word = Self.word(of: name) else { return nil }
        let place = places[Self.place(of: word, factor)]
        return place.word == word && place.position >= 0 ? place.position : nil
    }

    private static var placeCount: Int { 64 }

    private static func place(of word: UInt128, _ factor: UInt64) -> Int {
        let folded = UInt64(truncatingIfNeeded: word) ^ UInt64(truncatingIfNeeded: word >> 64)
        return Int(truncatingIfNeeded: (folded &* factor) >> 58)
    }

    /// The first of a row of factors that gives no two words the same place: some ten tries for the largest table.
    private static func factor(separating words: [UInt128]) -> UInt64 {
        var factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        while Set(words.map { place(of: $0, factor) }).count < words.count {
            factor = factor &* 0x5851_F42D_4C95_7F2D &+ 2
        }
        return factor
    }

    private static func word(of name: UnsafeBufferPointer<UInt8>) -> UInt128? {
        let count = name.count
        guard count <= 15 else { return nil }
        let bytes = UnsafeRawBufferPointer(name)
        var low: UInt64 = 0
        var high: UInt64 = 0
        // Loads that overlap: no byte outside of the name is read, and none one by one.
        if count >= 8 {
            low = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            high = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) >> UInt64((16 - count) * 8)
        } else if count >= 4 {
            low = UInt64(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            low |= UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << UInt64((count - 4) * 8)
        } else {
            for position in 0..<count { low |= UInt64(name[position]) << UInt64(position * 8) }
        }
        return UInt128(high) << 64 | UInt128(low) | UInt128(count) << 120
    }
}

/// Where the members of one object are: for each key the token of its value.
struct Members<Key: MemberKey> {
    /// Token of the object.
    let object: Int
    /// Zero means absent: token zero is the document itself and never a member.
    private var values: InlineArray<20, UInt32>

    static var keysMax: Int { 20 }

    init(object: Int) {
        self.object = object
        values = InlineArray(repeating: 0)
    }

    /// Token of the value of a key, nil when the object does not have the key.
    @inline(__always) subscript(key: Key) -> Int? {
        let token = values[key.rawValue]
        return token == 0 ? nil : Int(token)
    }

    /// Notes a member; false when the key was there already.
    mutating func note(_ position: Int, value: Int) -> Bool {
        guard values[position] == 0 else { return false }
        values[position] = UInt32(value)
        return true
    }
}

extension JSONTokens {
    /// The members of the object at `index`; any key that `Key` does not have is an error.
    func members<Key: MemberKey>(of index: Int, as keys: Key.Type) throws(Refusal) -> Members<Key> {
        guard self[index].kind == .object else { throw wrongType(index, expected: "an object") }
        var members = Members<Key>(object: index)
        let table = Key.table
        let end = next(after: index)
        var key = index + 1
        while key < end {
            guard let position = table.position(of: self[key].text) else { throw unknownKey(key, known: table.names) }
            guard members.note(position, value: key + 1) else { throw repeatedKey(key) }
            key = next(after: key + 1)
        }
        return members
    }

    func repeatedKey(_ key: Int) -> Refusal {
        Refusal(key, .repeatedKey, "The key \(quoted(self[key].text)) stands twice in one object; send it once.")
    }

    private func unknownKey(_ key: Int, known: [String]) -> Refusal {
        let name = quoted(self[key].text)
        let nearest = self[key].text.count <= 100 ? NameSuggestion.nearest(to: self[key].string, among: known) : nil
        let advice =
            if let nearest { "Did you mean \"\(nearest)\"?" } else {
                "Known here: " + known.joined(separator: ", ") + "."
            }
        return Refusal(key, .unknownKey, "The key \(name) is not known here. " + advice)
    }
}
