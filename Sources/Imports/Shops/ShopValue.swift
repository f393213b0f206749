import SegmentModel

/// A value of a shop's JSON with its place, read as what it should be.
struct ShopValue {
    let json: JSONValue
    /// RFC 6901 pointer from the element.
    var pointer = ""

    /// The member's value; nil if it is absent or null.
    subscript(key: String) -> ShopValue? {
        guard let value = json[key], !value.isNull else { return nil }
        return ShopValue(json: value, pointer: pointer + "/" + JSONPointer.escaped(key))
    }

    /// Whether the object has the key, be it with null.
    func has(_ key: String) -> Bool { json[key] != nil }

    func required(_ key: String) throws(Fault) -> ShopValue {
        if let value = self[key] { return value }
        throw Fault("missing_key", "“\(key)” is missing or null.", pointer: pointer + "/" + JSONPointer.escaped(key))
    }

    /// The first of the keys that has a value.
    func required(anyOf keys: String...) throws(Fault) -> ShopValue {
        for key in keys { if let value = self[key] { return value } }
        return try required(keys[0])
    }

    func fault(_ expected: String) -> Fault {
        Fault("wrong_type", "\(quoted(json.text)) is not \(expected).", pointer: pointer)
    }

    /// The elements of a list.
    func elements() throws(Fault) -> [ShopValue] {
        guard let elements = json.arrayValue else { throw fault("a list") }
        return elements.enumerated().map { ShopValue(json: $0.element, pointer: "\(pointer)/\($0.offset)") }
    }

    func text() throws(Fault) -> String {
        guard let text = json.stringValue else { throw fault("a text") }
        return text
    }

    /// The text without white space around it; nil if nothing is left.
    func nonBlank() throws(Fault) -> String? {
        let text = try text().trimmed
        return text.isEmpty ? nil : String(text)
    }

    /// A number or text that names something; nil for what shops write where there is nothing: 0 and the empty text.
    func name() throws(Fault) -> String? {
        guard let number = json.numberText else { return try nonBlank() }
        return number == "0" ? nil : number
    }

    func identifier() throws(Fault) -> Identifier {
        guard let name = try name() else { throw Fault("blank", "There is no name or number.", pointer: pointer) }
        return Identifier(name)
    }

    func boolean() throws(Fault) -> Bool {
        guard let boolean = json.boolValue else { throw fault("true or false") }
        return boolean
    }

    /// An amount from a number or a numeric text.
    func amount() throws(Fault) -> Amount {
        guard let decimal = json.numberText ?? json.stringValue else { throw fault("an amount") }
        do { return try Amount(decimal: decimal) } catch {
            throw Fault("invalid_amount", error.message, pointer: pointer)
        }
    }

    /// An RFC 3339 instant.
    func instant() throws(Fault) -> Instant {
        try instant(of: try text())
    }

    /// An instant in UTC, which need not say so: `2026-03-01T10:00:00`.
    func instantInUTC() throws(Fault) -> Instant {
        let text = try text()
        let hasOffset = text.hasSuffix("Z") || text.utf8.dropFirst(19).contains { $0 == 0x2B || $0 == 0x2D }
        return try instant(of: hasOffset ? text : text + "Z")
    }

    private func instant(of text: String) throws(Fault) -> Instant {
        do { return try Instant(rfc3339: text) } catch {
            throw Fault("invalid_time", error.message, pointer: pointer)
        }
    }
}

extension StringProtocol {
    /// Without white space at its ends.
    var trimmed: SubSequence {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
