import Admission
import Glibc
import SegmentModel

/// Definitions to evaluate, by name, in the order of their file.
struct SegmentFile {
    var names: [String] = []
    var definitions: [String: JSONValue] = [:]

    /// Reads a JSON array of `{"name", "where"}`; a `description` may stand beside.
    static func read(_ path: String) throws -> SegmentFile {
        let value: JSONValue
        do {
            value = try JSONDocument.parse(try InputFile.readAll(path))
        } catch let error as JSONDocumentError {
            throw ReplayFailure("\(path): \(error)")
        }
        guard case .array(let elements) = value else {
            throw ReplayFailure("\(path): expected a JSON array of {\"name\", \"where\"}.")
        }
        var file = SegmentFile()
        for (index, element) in elements.enumerated() {
            guard let name = element["name"]?.stringValue, let definition = element["where"] else {
                throw ReplayFailure("\(path): /\(index) needs a text \"name\" and a \"where\".")
            }
            guard file.definitions.updateValue(definition, forKey: name) == nil else {
                throw ReplayFailure("\(path): /\(index)/name: there are two segments named “\(name)”.")
            }
            file.names.append(name)
        }
        return file
    }

    /// The parsed conditions, by name; refuses references to missing segments and cycles.
    func conditions(types: [Identifier: FieldType]) throws -> [String: Condition] {
        var conditions: [String: Condition] = [:]
        for (index, name) in names.enumerated() {
            do {
                conditions[name] = try Condition(parsing: definitions[name] ?? .null, types: types)
            } catch {
                throw ReplayFailure("segment “\(name)”: /\(index)/where\(error.path): \(error.message)")
            }
        }
        for name in names { try check(name, in: conditions, path: []) }
        return conditions
    }

    private func check(_ name: String, in conditions: [String: Condition], path: [String]) throws {
        guard !path.contains(name) else {
            throw ReplayFailure("The segments contain each other: \((path + [name]).joined(separator: " → ")).")
        }
        for reference in conditions[name]?.segmentReferences ?? [] {
            guard conditions[reference] != nil else {
                let hint = NameSuggestion.nearest(to: reference, among: names).map { " Did you mean “\($0)”?" } ?? ""
                throw ReplayFailure("segment “\(name)” refers to “\(reference)”, which is not in the file.\(hint)")
            }
            try check(reference, in: conditions, path: path + [name])
        }
    }
}
