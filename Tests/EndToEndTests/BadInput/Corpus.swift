import FoundationEssentials

/// The corpus of bad input in `Tests/Corpus`; `scripts/corpus` makes it and says what is in it.
struct Corpus {
    let bodies: [CorpusFile]
    let definitions: [CorpusFile]
    let events: [CorpusFile]
    let requests: [CorpusFile]
    let targets: [CorpusFile]

    init() throws {
        bodies = try Self.files("bodies")
        definitions = try Self.files("definitions")
        events = try Self.files("events")
        requests = try Self.files("requests")
        targets = try Self.files("targets")
    }

    var count: Int { bodies.count + definitions.count + events.count + requests.count + targets.count }

    /// Everything that may stand in a body.
    var contents: [CorpusFile] { bodies + definitions + events }

    private static let expectedName = "expected.txt"

    private static func files(_ folder: String) throws -> [CorpusFile] {
        try Files.all(in: "Tests/Corpus/" + folder).filter { !$0.hasSuffix("/" + expectedName) }.map { path in
            CorpusFile(
                name: String(path.split(separator: "/").last ?? ""),
                bytes: Array(try Data(contentsOf: URL(filePath: path))))
        }
    }

    /// What the files of a folder are answered with, a line for each: name, status, code and pointer.
    static func expected(_ folder: String) throws -> [String] {
        try Files.text(path(folder)).split(separator: "\n").map(String.init)
    }

    /// Writes down what the files of a folder are answered with.
    static func write(expected lines: [String], _ folder: String) throws {
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: path(folder)))
    }

    private static func path(_ folder: String) -> String {
        "\(Files.root)/Tests/Corpus/\(folder)/\(expectedName)"
    }
}

/// One bad input.
struct CorpusFile {
    let name: String
    let bytes: [UInt8]
}

/// One route, as `docs/openapi.yaml` has it; a test of the server compares the document with the routes.
struct Endpoint {
    let method: String
    let template: String
    /// The media types of its body; none if it takes no body.
    var mediaTypes: [String] = []

    static func all() throws -> [Endpoint] {
        var endpoints: [Endpoint] = []
        var template = ""
        var isAtBody = false
        for line in try Files.text(Files.root + "/docs/openapi.yaml").split(separator: "\n") {
            if line.hasPrefix("components:") { break }
            if line.hasPrefix("  /") {
                template = String(line.dropFirst(2).dropLast())
            } else if line.hasPrefix("    "), line.hasSuffix(":"),
                methods.contains(String(line.dropFirst(4).dropLast()))
            {
                endpoints.append(
                    Endpoint(method: line.dropFirst(4).dropLast().uppercased(), template: template))
            } else if line.hasPrefix("      "), !line.hasPrefix("       ") {
                isAtBody = line.hasPrefix("      requestBody:")
            }
            if isAtBody, !endpoints.isEmpty {
                endpoints[endpoints.count - 1].mediaTypes += types.filter { line.contains($0 + ":") }
            }
        }
        return endpoints
    }

    private static let methods = ["get", "post", "patch", "put", "delete"]
    private static let types = [
        "application/json", "application/x-ndjson", "application/cloudevents+json",
        "application/cloudevents-batch+json",
    ]

    /// The names of the path's parameters.
    var parameters: [String] {
        template.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The path with values that lead somewhere, but for those given.
    func target(_ given: [String: String] = [:]) -> String {
        template.split(separator: "/").map { part in
            guard part.hasPrefix("{") else { return "/" + part }
            let name = String(part.dropFirst().dropLast())
            return "/" + (given[name] ?? Self.values[name] ?? "x")
        }.joined()
    }

    private static let values = [
        "audience": "shop", "segment": "everyone", "contact": "c100001", "revision": "1", "campaign": "spring",
    ]
}
