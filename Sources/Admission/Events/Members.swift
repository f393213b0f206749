import SegmentModel

/// The keys that an object may have: the names of the cases, numbered from 0 without gaps.
protocol MemberKey: RawRepresentable<Int>, CaseIterable, Sendable {
    static var table: MemberTable<Self> { get }
}

/// Finds a key by the bytes of its name.
///
/// A name of at most 15 bytes and its length fit into one 128-bit word, so that a comparison is one instruction or two
/// and no string is made.
struct MemberTable<Key: MemberKey>: Sendable {
    private let words: [UInt128]
    let names: [String]

    /// Names the keys after the cases. The checks are of this module's own tables, not of input.
    init() {
        precondition(Key.allCases.count <= Members<Key>.keysMax, "an object has more keys than there are places")
        names = Key.allCases.map { "\($0)" }
        words = names.map { name in
            var name = name
            let word = name.withUTF8 { Self.word(of: $0) }
            precondition(word != nil, "a member key has more than 15 bytes")
            return word ?? 0
        }
    }

    /// The number of the key with that name.
    func position(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let word = Self.word(of: name) else { return nil }
        return words.firstIndex(of: word)
    }

    private static func word(of name: UnsafeBufferPointer<UInt8>) -> UInt128? {
        guard name.count <= 15 else { return nil }
        var low: UInt64 = 0
        var high: UInt64 = 0
        for position in 0..<min(name.count, 8) { low |= UInt64(name[position]) << UInt64(position * 8) }
        for position in 8..<max(name.count, 8) { high |= UInt64(name[position]) << UInt64(position * 8 - 64) }
        return UInt128(high) << 64 | UInt128(low) | UInt128(name.count) << 120
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
    subscript(key: Key) -> Int? {
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
