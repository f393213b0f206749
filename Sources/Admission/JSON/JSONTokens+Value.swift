import SegmentModel

/// A key that an object has twice.
struct RepeatedKey: Error {
    /// Token of the second one.
    let token: Int
}

extension JSONTokens {
    /// The value at a token as a `JSONValue`; with `isSorted`, the members of its objects in the order of their keys.
    func value(at index: Int, isSorted: Bool = false) throws(RepeatedKey) -> JSONValue {
        let token = self[index]
        switch token.kind {
        case .object: return .object(try members(of: index, isSorted: isSorted))
        case .array:
            var elements: [JSONValue] = []
            var element = index + 1
            while element < next(after: index) {
                elements.append(try value(at: element, isSorted: isSorted))
                element = next(after: element)
            }
            return .array(elements)
        case .string, .key: return .string(token.string)
        case .number: return .number(token.string)
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .null: return .null
        }
    }

    private func members(of index: Int, isSorted: Bool) throws(RepeatedKey) -> [JSONValue.Member] {
        let keys = self.keys(of: index)
        let sorted = keys.sorted { self[$0].text.lexicographicallyPrecedes(self[$1].text) }
        if let token = firstRepeated(in: sorted) { throw RepeatedKey(token: token) }
        var members: [JSONValue.Member] = []
        members.reserveCapacity(keys.count)
        for key in isSorted ? sorted : keys {
            members.append(JSONValue.Member(self[key].string, try value(at: key + 1, isSorted: isSorted)))
        }
        return members
    }

    /// The key tokens of the object at `index`, in the order written.
    func keys(of index: Int) -> [Int] {
        var keys: [Int] = []
        var key = index + 1
        let end = next(after: index)
        while key < end {
            keys.append(key)
            key = next(after: key + 1)
        }
        return keys
    }

    /// Of key tokens sorted by their text, the second occurrence of the earliest repeated one.
    func firstRepeated(in sorted: [Int]) -> Int? {
        var repeated: Int?
        for (left, right) in zip(sorted, sorted.dropFirst()) where self[left].text.elementsEqual(self[right].text) {
            let second = max(left, right)
            if second < repeated ?? Int.max { repeated = second }
        }
        return repeated
    }
}
