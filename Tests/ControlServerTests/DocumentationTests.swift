import Audiences
import FoundationEssentials
import HTTPTypes
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

    /// Each operation of the document as `get /v1/status [ingest, query]`.
    private func documented() throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOfFile: root.path + "/docs/openapi.yaml", encoding: .utf8)
        var path = ""
        var method = ""
        var operations: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("  /v1/") {
                path = String(line.dropFirst(2).dropLast())
            } else if let known = ["get", "post", "patch", "delete"].first(where: { line == "    \($0):" }) {
                method = known
            } else if line.hasPrefix("      x-roles: ") {
                operations.append("\(method) \(path) \(line.dropFirst("      x-roles: ".count))")
            }
        }
        return operations
    }
}
