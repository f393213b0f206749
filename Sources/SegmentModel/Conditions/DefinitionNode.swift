/// A value inside a definition together with where it stands: what the parser walks over.
struct DefinitionNode {
    let value: JSONValue
    /// JSON pointer relative to the node parsing began with.
    let path: String

    func error(_ code: DefinitionError.Code, _ message: String) -> DefinitionError {
        DefinitionError(path: path, code: code, message: message)
    }

    /// An error that says what was expected here and what was found.
    func wrongType(_ expected: String) -> DefinitionError {
        error(.wrongType, "\(shown) is \(value.kindPhrase); expected \(expected).")
    }

    /// The value as messages repeat it, cut to a bound.
    var shown: String {
        let text = value.text
        let shownMax = 64
        return text.count > shownMax ? text.prefix(shownMax) + "…" : text
    }

    /// The members as an object without repeated keys.
    func object(_ expected: String) throws(DefinitionError) -> DefinitionObject {
        guard let members = value.members else { throw wrongType(expected) }
        var seen: Set<String> = []
        for member in members where !seen.insert(member.key).inserted {
            throw DefinitionError(
                path: path + "/" + JSONPointer.escaped(member.key), code: .repeatedKey,
                message: "The key \"\(member.key)\" stands here twice; keep one.")
        }
        return DefinitionObject(members: members, path: path)
    }

    /// The elements of a list that has at least one and no more than the bound.
    func list(_ expected: String, countMax: Int = ConditionLimits.listCountMax) throws(DefinitionError)
        -> [DefinitionNode]
    {
        guard let elements = value.arrayValue else { throw wrongType(expected) }
        guard !elements.isEmpty else { throw error(.emptyList, "The list is empty; expected \(expected).") }
        guard elements.count <= countMax else {
            throw error(.tooManyValues, "The list has \(elements.count) elements; at most \(countMax) are allowed.")
        }
        return elements.enumerated().map { DefinitionNode(value: $1, path: path + "/\($0)") }
    }

    /// A string that is not empty and no longer than the bound.
    func text(_ expected: String) throws(DefinitionError) -> String {
        guard let text = value.stringValue else { throw wrongType(expected) }
        guard !text.isEmpty else {
            throw error(.invalidValue, "The text is empty; expected \(expected). For missing values use \"is_blank\".")
        }
        guard text.utf8.count <= ConditionLimits.textBytesMax else {
            throw error(
                .tooLong,
                "The text has \(text.utf8.count) bytes; at most \(ConditionLimits.textBytesMax) are allowed.")
        }
        return text
    }

    /// Lets a value's own parser read the string, and places its complaint here.
    func parsed<Value>(_ body: () throws(ValueError) -> Value) throws(DefinitionError) -> Value {
        do throws(ValueError) {
            return try body()
        } catch let fault {
            throw error(.invalidValue, fault.message)
        }
    }
}

/// An object inside a definition, without repeated keys.
struct DefinitionObject {
    let members: [JSONValue.Member]
    let path: String

    var keys: [String] { members.map(\.key) }

    func has(_ key: String) -> Bool {
        members.contains { $0.key == key }
    }

    func member(_ key: String) -> DefinitionNode? {
        members.first { $0.key == key }.map { DefinitionNode(value: $0.value, path: path + "/" + $0.key) }
    }

    func required(_ key: String, of form: String) throws(DefinitionError) -> DefinitionNode {
        guard let node = member(key) else {
            throw DefinitionError(path: path, code: .missingKey, message: "The key \"\(key)\" of \(form) is missing.")
        }
        return node
    }

    /// Refuses every key that the form does not have, naming the nearest that it has.
    func allowOnly(_ allowed: [String], in form: String) throws(DefinitionError) {
        for key in keys where !allowed.contains(key) {
            let advice = didYouMean(key, among: allowed)
            throw DefinitionError(
                path: path + "/" + JSONPointer.escaped(key), code: .unknownKey,
                message: "\(form) has no key \"\(key)\"; its keys are \(quotedList(allowed)).\(advice)")
        }
    }
}

/// ` Did you mean "…"?`, or nothing if no candidate is near.
func didYouMean(_ word: String, among candidates: [String]) -> String {
    NameSuggestion.nearest(to: word, among: candidates).map { " Did you mean \"\($0)\"?" } ?? ""
}

/// `"a", "b" and "c"`.
func quotedList(_ words: [String]) -> String {
    let quoted = words.map { "\"\($0)\"" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
}
