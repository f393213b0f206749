import ControlAPI
import SegmentModel

/// Reads the keys of a JSON object in a request and says by pointer what is wrong with them.
struct ObjectReader {
    private var values: [String: JSONValue] = [:]
    private let pointer: String

    /// Refuses what is not an object, and keys that are not known.
    init(_ value: JSONValue, known: [String], at pointer: String = "") throws(Problem) {
        self.pointer = pointer
        guard case .object(let members) = value else {
            throw Problem.wrongType(pointer, "Expected an object with the keys \(known.joined(separator: ", ")).")
        }
        for member in members {
            guard known.contains(member.key) else {
                throw Problem.unknownKey(member.key, at: pointer, known: known)
            }
            values[member.key] = member.value
        }
    }

    /// Whether the key is there, `null` or not.
    func contains(_ key: String) -> Bool {
        values[key] != nil
    }

    /// The value under a key; nil if it is absent. `null` is a value.
    func value(_ key: String) -> JSONValue? {
        values[key]
    }

    func required(_ key: String) throws(Problem) -> JSONValue {
        guard let value = values[key] else {
            throw Problem(
                code: .missingKey, status: 422, title: "Missing key", detail: "The key “\(key)” is missing.",
                pointer: pointer.isEmpty ? nil : pointer)
        }
        return value
    }

    func requiredText(_ key: String) throws(Problem) -> String {
        try text(of: required(key), at: path(to: key))
    }

    /// The text under a key; nil if it is absent.
    func text(_ key: String) throws(Problem) -> String? {
        guard let value = values[key] else { return nil }
        return try text(of: value, at: path(to: key))
    }

    /// The texts of a list under a key; nil if it is absent.
    func texts(_ key: String) throws(Problem) -> [String]? {
        guard let value = values[key] else { return nil }
        guard case .array(let elements) = value else {
            throw Problem.wrongType(path(to: key), "Expected a list of texts.")
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            texts.append(try text(of: element, at: path(to: key) + "/\(index)"))
        }
        return texts
    }

    /// The members of an object under a key, each with its pointer; nil if it is absent.
    func members(_ key: String) throws(Problem) -> [(key: String, value: JSONValue, pointer: String)]? {
        guard let value = values[key] else { return nil }
        guard case .object(let members) = value else {
            throw Problem.wrongType(path(to: key), "Expected an object.")
        }
        return members.map { ($0.key, $0.value, path(to: key) + "/" + JSONPointer.escaped($0.key)) }
    }

    func path(to key: String) -> String {
        pointer + "/" + JSONPointer.escaped(key)
    }

    private func text(of value: JSONValue, at pointer: String) throws(Problem) -> String {
        guard case .string(let text) = value else { throw Problem.wrongType(pointer, "Expected a text in quotes.") }
        return text
    }
}

extension Problem {
    static func wrongType(_ pointer: String, _ detail: String) -> Problem {
        Problem(
            code: .wrongType, status: 422, title: "Wrong type", detail: detail,
            pointer: pointer.isEmpty ? nil : pointer)
    }

    static func badValue(_ pointer: String, _ detail: String) -> Problem {
        Problem(code: .badValue, status: 422, title: "Bad value", detail: detail, pointer: pointer)
    }

    fileprivate static func unknownKey(_ key: String, at pointer: String, known: [String]) -> Problem {
        let near = NameSuggestion.nearest(to: key, among: known)
        let hint = near.map { "Did you mean “\($0)”?" } ?? "Known keys: \(known.joined(separator: ", "))."
        return Problem(
            code: .unknownKey, status: 422, title: "Unknown key", detail: "There is no key “\(key)” here. \(hint)",
            pointer: pointer + "/" + JSONPointer.escaped(key), near: near.map { [$0] })
    }
}
