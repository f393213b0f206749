import SegmentModel

// Reading single values: every reader checks the JSON type first, then the bounds, then the meaning. What is stored is
// copied from where it stands in the document to where it stands in the event's form.

extension JSONTokens {
    /// Token of a member's value; absent and null are the same, as in CloudEvents.
    @inline(__always) func optional<Key>(_ key: Key, in members: Members<Key>) -> Int? {
        guard let token = members[key], self[token].kind != .null else { return nil }
        return token
    }

    /// Token of a member's value that has to be there.
    @inline(__always) func required<Key>(_ key: Key, in members: Members<Key>) throws(Refusal) -> Int {
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

    func identifier<Key>(_ key: Key, in members: Members<Key>, to form: inout EventWriter) throws(Refusal) {
        form.text(try identifier(at: required(key, in: members)))
    }

    func identifier(at index: Int) throws(Refusal) -> UnsafeRawBufferPointer {
        try name(at: index, kind: "an identifier", bytesMax: AdmissionLimits.identifierBytesMax)
    }

    /// A text that names something: not blank, bounded, without control characters.
    func name(at index: Int, kind: String, bytesMax: Int) throws(Refusal) -> UnsafeRawBufferPointer {
        let token = self[index]
        guard token.kind == .string || token.kind == .key else { throw notText(index) }
        try checkName(index, token.text, kind: kind, bytesMax: bytesMax)
        return token.raw
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

    func text(
        at index: Int, bytesMax: Int = AdmissionLimits.textBytesMax, to form: inout EventWriter
    ) throws(Refusal) {
        form.text(try text(at: index, bytesMax: bytesMax))
    }

    func text(
        at index: Int, bytesMax: Int = AdmissionLimits.textBytesMax
    ) throws(Refusal) -> UnsafeRawBufferPointer {
        let token = self[index]
        guard token.kind == .string else { throw notText(index) }
        guard token.text.count <= bytesMax else { throw tooLong(index, bytesMax: bytesMax) }
        return token.raw
    }

    /// How many elements there are, then each.
    func list(
        at index: Int, max: Int, of kind: String, to form: inout EventWriter,
        _ element: (Int, inout EventWriter) throws(Refusal) -> Void
    ) throws(Refusal) {
        form.count(try elementCount(of: index, max: max, kind))
        var child = index + 1
        while child < next(after: index) {
            try element(child, &form)
            child = next(after: child)
        }
    }

    /// Number of elements of what must be a list of at most so many.
    func elementCount(of index: Int, max: Int, _ kind: String) throws(Refusal) -> Int {
        guard self[index].kind == .array else { throw wrongType(index, expected: "a list of \(kind)") }
        let count = elementCount(of: index)
        guard count <= max else {
            throw Refusal(index, .tooMany, "The list has \(count) \(kind); at most \(max) are taken.")
        }
        return count
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

    func amount<Key>(_ key: Key, in members: Members<Key>, to form: inout EventWriter) throws(Refusal) {
        form.amount(try amount(at: required(key, in: members)))
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
    func currency(at index: Int, to form: inout EventWriter) throws(Refusal) {
        let token = self[index]
        guard token.kind == .string else { throw wrongType(index, expected: "a text with a currency code") }
        guard token.text.count == 3, token.text.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else {
            throw Refusal(
                index, .invalidCurrency,
                "\(quoted(token.text)) is not a currency; three letters are expected, such as \"GBP\".")
        }
        form.count(3)
        for letter in token.text { form.byte(letter & ~0x20) }
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
        if isPrintableASCII { return false }
        var previous: UInt8 = 0
        for byte in self {
            if byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0) { return true }
            previous = byte
        }
        return false
    }

    /// Nothing but U+0020 to U+007E. Eight bytes at a time, the last ones again where they are not eight more.
    private var isPrintableASCII: Bool {
        let bytes = UnsafeRawBufferPointer(self)
        guard count >= 8 else { return allSatisfy { $0 >= 0x20 && $0 < 0x7F } }
        var odd: UInt64 = 0
        var at = 0
        while at < count {
            let word = bytes.loadUnaligned(fromByteOffset: Swift.min(at, count - 8), as: UInt64.self)
            // The top bit of a byte is set if the byte is below 0x20, or 0x7F, or not ASCII; or beside such a one.
            odd |= (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101) | word
            at += 8
        }
        return odd & 0x8080_8080_8080_8080 == 0
    }

    /// Nothing, or nothing but white space.
    var isBlank: Bool {
        guard let first else { return true }
        // Most names begin with a visible ASCII character.
        if first.isVisibleASCII { return false }
        return String(decoding: self, as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
}

extension UInt8 {
    var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
}
