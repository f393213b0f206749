import Admission
import SegmentModel

/// Definitions read from a JSON array of `{"name", "where"}`, in the order of their file.
struct Definitions: Sendable {
    struct Definition: Sendable {
        let name: String
        let condition: Condition
    }

    let all: [Definition]

    var count: Int { all.count }

    static func read(_ path: String, types: [Identifier: FieldType]) throws -> Definitions {
        let value: JSONValue
        do {
            value = try JSONDocument.parse(try InputFile.readAll(path))
        } catch let error as JSONDocumentError {
            throw BenchFailure("\(path): \(error)")
        }
        guard let elements = value.arrayValue else {
            throw BenchFailure("\(path): expected a JSON array of {\"name\", \"where\"}.")
        }
        return Definitions(
            all: try elements.enumerated().map { try definition($1, types: types, place: "\(path): /\($0)") })
    }

    private static func definition(
        _ element: JSONValue, types: [Identifier: FieldType], place: String
    ) throws -> Definition {
        guard let name = element["name"]?.stringValue, let definition = element["where"] else {
            throw BenchFailure("\(place) needs a text \"name\" and a \"where\".")
        }
        do {
            return Definition(name: name, condition: try Condition(parsing: definition, types: types))
        } catch {
            throw BenchFailure("\(place)/where\(error.path): \(error.message)")
        }
    }
}
