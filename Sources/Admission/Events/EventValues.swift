import SegmentModel

// Reading single values: every reader checks the JSON type first, then the bounds, then the meaning, and makes a string
// only of what will be stored.

extension JSONTokens {
    /// Token of a member's value; absent and null are the same, as in CloudEvents.
    func optional<Key>(_ key: Key, in members: Members<Key>) -> Int? {
        guard let token = members[key], self[token].kind != .null else { return nil }
        return token
    }

    /// Token of a member's value that has to be there.
    func required<Key>(_ key: Key, in members: Members<Key>) throws(Refusal) -> Int {
        if let token = optional(key, in: members) { return token }
        throw missing(key, in: members)
    }

    @inline(never)
    private func missing<Key>(_ key: Key, in members: Members<Key>) -> Refusal {
        let name = "\(key)"
        let reason = members[key] == nil ? "is missing" : "is null"
        return Refusal(
            members.object, .missingKey, "The required key \"\(name)\" \(reason).", missing: name)
    }

    func identifier<Key>(_ key: Key, in members: Members<Key>) throws(Refusal) -> Identifier {
        try identifier(at: required(key, in: members))
    }

    func optionalIdentifier<Key>(_ key: Key, in members: Members<Key>) throws(Refusal) -> Identifier? {
        guard let token = optional(key, in: members) else { return nil }
        return try identifier(at: token)
    }

    func optionalText<Key>(_ key: Key, in members: Members<Key>) throws(Refusal) -> String? {
        guard let token = optional(key, in: members) else { return nil }
        return try text(at: token)
    }

    func identifier(at index: Int) throws(Refusal) -> Identifier {
        Identifier(try name(at: index, kind: "an identifier", bytesMax: AdmissionLimits.identifierBytesMax))
    }

    /// A text that names something: not blank, bounded, without control characters.
    func name(at index: Int, kind: String, bytesMax: Int) throws(Refusal) -> String {
        let token = self[index]
        guard token.kind == .string || token.kind == .key else { throw notText(index) }
        try checkName(index, token.text, kind: kind, bytesMax: bytesMax)
        return token.string
    }

    func checkName(
        _ index: Int, _ text: UnsafeBufferPointer<UInt8>, kind: @autoclosure () -> String, bytesMax: Int
    ) throws(Refusal) {
        guard text.count <= bytesMax else { throw tooLong(index, bytesMax: bytesMax) }
        guard !text.isBlank else {
            throw Refusal(
                index, .blank, "\(quoted(text)) is blank where \(kind()) of 1 to \(bytesMax) bytes is expected.")
        }
        guard !text.hasControlCharacter else {
            throw Refusal(index, .controlCharacter, "\(quoted(text)) has a control character; \(kind()) has none.")
        }
    }

    func text(at index: Int, bytesMax: Int = AdmissionLimits.textBytesMax) throws(Refusal) -> String {
        let token = self[index]
        guard token.kind == .string else { throw notText(index) }
        guard token.text.count <= bytesMax else { throw tooLong(index, bytesMax: bytesMax) }
        return token.string
    }

    func texts(at index: Int) throws(Refusal) -> [String] {
        try list(at: index, max: AdmissionLimits.listTextsMax, of: "texts") { (element) throws(Refusal) in
            try text(at: element)
        }
    }

    func list<Element>(
        at index: Int, max: Int, of kind: String, _ element: (Int) throws(Refusal) -> Element
    ) throws(Refusal) -> [Element] {
        guard self[index].kind == .array else { throw wrongType(index, expected: "a list of \(kind)") }
        let count = elementCount(of: index)
        guard count <= max else {
            throw Refusal(index, .tooMany, "The list has \(count) \(kind); at most \(max) are taken.")
        }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        var child = index + 1
        while child < next(after: index) {
            elements.append(try element(child))
            child = next(after: child)
        }
        return elements
    }

    func boolean(at index: Int) throws(Refusal) -> Bool {
        switch self[index].kind {
        case .true: return true
        case .false: return false
        default: throw wrongType(index, expected: "true or false")
        }
    }

    /// An amount from a JSON number or a numeric string, not below zero.
    func amount(at index: Int) throws(Refusal) -> Amount {
        let token = self[index]
        guard token.kind == .number || token.kind == .string else {
            throw wrongType(index, expected: "a number or a numeric text")
        }
        let amount: Amount
        do { amount = try Amount(decimal: token.raw) } catch {
            throw Refusal(index, .invalidAmount, error.message)
        }
        guard amount >= .zero else {
            throw Refusal(index, .negative, "\(amount) is negative where at least 0 is expected.")
        }
        return amount
    }

    func amount<Key>(_ key: Key, in members: Members<Key>) throws(Refusal) -> Amount {
        try amount(at: required(key, in: members))
    }

    func number(at index: Int) throws(Refusal) -> Number {
        let token = self[index]
        guard token.kind == .number else { throw wrongType(index, expected: "a number") }
        do { return try Number(decimal: token.raw) } catch {
            throw Refusal(index, .invalidNumber, error.message)
        }
    }

    func instant(at index: Int) throws(Refusal) -> Instant {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "a text with an RFC 3339 instant") }
        do { return try Instant(rfc3339: token.raw) } catch {
            throw Refusal(index, .invalidTime, error.message)
        }
    }

    /// Three ASCII letters, made upper-case.
    func currency(at index: Int) throws(Refusal) -> String {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "a text with a currency code") }
        guard token.text.count == 3, token.text.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else {
            throw Refusal(
                index, .invalidCurrency,
                "\(quoted(token.text)) is not a currency; three letters are expected, such as \"GBP\".")
        }
        return String(unsafeUninitializedCapacity: 3) { letters in
            for position in 0..<3 { letters[position] = token.text[position] & ~0x20 }
            return 3
        }
    }

    /// One of the names of an enumeration.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        at index: Int, of kind: Choice.Type
    ) throws(Refusal) -> Choice {
        let token = self[index]
        guard token.kind == .string else { throw notText(index) }
        for choice in Choice.allCases where choice.rawValue.utf8.elementsEqual(token.text) { return choice }
        let allowed = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw Refusal(index, .unknownValue, "\(quoted(token.text)) is not a known value; allowed are \(allowed).")
    }

    @inline(never)
    private func notText(_ index: Int) -> Refusal {
        guard self[index].kind == .number else { return wrongType(index, expected: "a text") }
        let number = self[index].string.prefix(40)
        return Refusal(
            index, .wrongType, "The number \(number) where a text is expected; put it in quotes: \"\(number)\".")
    }

    @inline(never)
    func tooLong(_ index: Int, bytesMax: Int) -> Refusal {
        let text = self[index].text
        return Refusal(
            index, .tooLong, "\(quoted(text)) has \(text.count) bytes; at most \(bytesMax) are taken.")
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// U+0000 to U+001F or U+007F to U+009F, the latter two bytes in UTF-8.
    var hasControlCharacter: Bool {
        var previous: UInt8 = 0
        for byte in self {
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
            previous = byte
        }
        return false
    }

    /// Nothing, or nothing but white space.
    var isBlank: Bool {
        guard let first else { return true }
        // Most names begin with a visible ASCII character.
        if first > 0x20 && first < 0x7F { return false }
        return String(decoding: self, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}
