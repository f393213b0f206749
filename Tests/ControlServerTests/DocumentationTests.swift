import Audiences
import FoundationEssentials
import HTTPTypes
import SegmentModel
import TestSupport
import Testing

@testable import ControlServer

@Suite struct DocumentationTests {
    @Test func `openapi.yaml lists every route with its roles, and no other`() async throws {
        let place = try TemporaryDirectory()
        let clock = try ManualClock("2026-03-01T12:00:00Z")
        let directory = try await DataDirectory.open(path: place.path("data"), clock: clock)
        let daemon = DaemonFacts(clock: clock, dataDirectory: place.path, sockets: [])
        let routes = ControlRoutes(directory: directory, daemon: daemon).table.map { route in
            let roles = SocketRole.allCases.filter(route.roles.contains).map(\.rawValue).joined(separator: ", ")
            return "\(route.method.rawValue.lowercased()) \(route.template) [\(roles)]"
        }
        #expect(Set(try documented()) == Set(routes))
        try await directory.close()
    }

    @Test func `openapi.yaml knows the operators, measures, windows and activities of conditions`() throws {
        let text = try document()
        #expect(text.contains("Operator: { type: string, enum: [\(names(Operator.self))] }"))
        #expect(text.contains("measure: { type: string, default: count, enum: [\(names(Measure.self))] }"))
        let activities = (["order"] + CampaignActivityKind.allCases.map(\.rawValue)).joined(separator: "|")
        #expect(text.contains("pattern: \"^(\(activities)|activity:.+)$\""))
        let window = try #require(text.firstRange(of: "    Window:\n"))
        let keys = text[window.upperBound...].split(separator: "\n").prefix { $0.hasPrefix("      ") }
            .filter { $0.hasPrefix("        ") }.map { $0.drop { $0 == " " }.prefix { $0 != ":" } }
        #expect(keys.map(String.init) == WindowKey.allCases.map(\.rawValue))
    }

    private func names<Name: CaseIterable & RawRepresentable<String>>(_ type: Name.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// Each operation of the document as `get /v1/status [ingest, query]`.
    private func documented() throws -> [String] {
        let text = try document()
        var path = ""
        var method = ""
        var operations: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("  /") {
                path = String(line.dropFirst(2).dropLast())
            } else if let known = ["get", "post", "patch", "delete"].first(where: { line == "    \($0):" }) {
                method = known
            } else if line.hasPrefix("      x-roles: ") {
                operations.append("\(method) \(path) \(line.dropFirst("      x-roles: ".count))")
            }
        }
        return operations
    }

    private func document() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOfFile: root.path + "/docs/openapi.yaml", encoding: .utf8)
    }
}
