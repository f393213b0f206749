import Audiences
import ControlAPI
import FoundationEssentials
import Glibc
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import ControlServer

@Suite(.timeLimit(.minutes(1))) struct AccessTests {
    /// Every operation that docs/openapi.yaml knows, over every socket: what it says may be asked there is, and nothing else.
    @Test func `every route answers over exactly the sockets that the document names`() async throws {
        let operations = try documented()
        #expect(operations.count > 30)
        try await TestServer.run(connectionsMax: 64) { server in
            for operation in operations {
                for role in SocketRole.allCases {
                    let answer = try await server.send(operation.method, operation.target, over: role)
                    let isRefused = answer.status == 403
                    #expect(
                        isRefused == !operation.roles.contains(role.rawValue),
                        "\(operation.method) \(operation.target) over \(role): \(answer.status)")
                    if isRefused { #expect(try answer.problem().code == "role_forbids") }
                }
            }
        }
    }

    /// Whatever the document says: what changes something needs the operator's socket, but for events.
    @Test func `sources only send, and readers change nothing`() async throws {
        let questions: Set<String> = ["/review", "/difference", "/rerun", "/verification"]
        for operation in try documented() {
            if operation.roles.contains("ingest") {
                let isSending = operation.method == "POST" && operation.target.hasSuffix("/events")
                #expect(isSending || operation.method == "GET" && !operation.target.contains("/audiences"))
            }
            if operation.roles.contains("query") {
                #expect(operation.method == "GET" || questions.contains { operation.target.hasSuffix($0) })
            }
            #expect(operation.roles.contains("operator"))
        }
    }

    @Test func `a route that names no role can be asked by nobody`() async throws {
        try await TestServer.run { server in
            let routes = ControlRoutes(
                directory: server.directory,
                daemon: DaemonFacts(clock: server.clock, dataDirectory: server.place.path, sockets: []))
            let forgotten = ControlRoutes.Route(method: .get, template: "/v1/forgotten") { _, _ in
                Response(status: .ok)
            }
            let responder = routes.responder(for: routes.table + [forgotten])
            for role in SocketRole.allCases {
                let response = try await responder.answer(.get, "/v1/forgotten", over: role)
                #expect(response.status == .forbidden)
            }
        }
    }

    @Test func `where users are listed nobody else may ask, and new lists hold at once`() async throws {
        let log = CapturedLog()
        let access = AccessControl(rules: AccessRules(users: [.query: [getuid()], .ingest: [getuid() &+ 1]]))
        try await TestServer.run(access: access, logger: log.logger) { server in
            #expect(try await server.send("GET", Routes.status, over: .query).status == 200)
            #expect(try await server.send("GET", Routes.status, over: .operator).status == 200)
            let refusal = try await server.send("GET", Routes.status, over: .ingest)
            #expect(refusal.status == 403)
            let problem = try refusal.problem()
            #expect(problem.code == "not_allowed")
            #expect(problem.detail.contains("User \(getuid()) "))
            #expect(problem.detail.contains("ingestUsers"))
            // What is not there is refused just the same: a stranger learns nothing.
            #expect(try await server.send("GET", "/v1/nowhere", over: .ingest).status == 403)
            #expect(log.lines(of: "user not allowed").count == 1)

            access.change(to: AccessRules(users: [.query: []]))
            #expect(try await server.send("GET", Routes.status, over: .ingest).status == 200)
            #expect(try await server.send("GET", Routes.status, over: .query).status == 403)
        }
    }

    @Test func `many refusals of one user are one line a minute, with how many there were`() {
        let log = CapturedLog()
        let access = AccessControl(rules: AccessRules(users: [.query: [1]]))
        let start = ContinuousClock.now
        for second in 0..<150 {
            let now = start + .seconds(second)
            access.logRefusal(of: Peer(user: 2, process: 9), over: .query, to: log.logger, at: now)
            if second == 0 { access.logRefusal(of: Peer(user: 3), over: .query, to: log.logger, at: now) }
        }
        let lines = log.lines(of: "user not allowed")
        #expect(lines.map { $0["user"] } == ["2", "3", "2", "2"])
        #expect(lines.map { $0["earlier"] } == ["0", "0", "59", "59"])
    }

    @Test func `a user whom the kernel does not name is let in nowhere where users are listed`() {
        let rules = AccessRules(users: [.query: [1]])
        #expect(!rules.allows(nil, over: .query))
        #expect(rules.allows(1, over: .query))
        #expect(rules.allows(nil, over: .operator))
    }

    @Test func `what an operator asks to change is logged with who asked, and without what`() async throws {
        let log = CapturedLog()
        try await TestServer.run(logger: log.logger) { server in
            try await server.makeShop()
            _ = try await server.send("GET", Routes.segments(of: "shop"))
            _ = try await server.send("DELETE", Routes.segment("canary@example.org", of: "shop"))
        }
        let lines = log.lines(of: "operator request")
        #expect(lines.map { $0["method"] } == ["POST", "DELETE"])
        #expect(lines.map { $0["status"] } == ["201", "404"])
        #expect(lines.allSatisfy { $0["user"] == String(getuid()) && $0["process"] == String(getpid()) })
        #expect(lines.last?["route"] == "/v1/audiences/{audience}/segments/{segment}")
        #expect(lines.last?["audience"] == "shop")
        #expect(!log.text.contains("canary"))
    }

    private struct Operation {
        let method: String
        let target: String
        let roles: Set<String>
    }

    /// The operations of docs/openapi.yaml, with a name in the place of each parameter.
    private func documented() throws -> [Operation] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOfFile: root.path + "/docs/openapi.yaml", encoding: .utf8)
        var (path, method) = ("", "")
        var operations: [Operation] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("  /") {
                let parts = line.dropFirst(2).dropLast().split(separator: "/")
                path = parts.reduce("") { $0 + "/" + ($1.hasPrefix("{") ? "x" : $1) }
            } else if let known = ["get", "post", "patch", "delete", "put"].first(where: { line == "    \($0):" }) {
                method = known.uppercased()
            } else if line.hasPrefix("      x-roles: [") {
                let roles = line.dropFirst("      x-roles: [".count).dropLast().split(separator: ",")
                operations.append(
                    Operation(method: method, target: path, roles: Set(roles.map { $0.filter { $0 != " " } })))
            }
        }
        return operations
    }
}

extension RouterResponder<ControlContext> {
    /// Answers a request without a body, as if it had come over that socket.
    func answer(
        _ method: HTTPRequest.Method, _ path: String, over role: SocketRole, by peer: Peer = .unknown,
        to logger: Logger = CapturedLog().logger
    ) async throws -> Response {
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path),
            body: RequestBody(buffer: ByteBuffer()))
        let context = ControlContext(source: .init(logger: logger, role: role, peer: peer))
        return try await respond(to: request, context: context)
    }
}

/// Keeps what is logged.
final class CapturedLog: Sendable {
    private struct Line {
        let message: String
        let metadata: [String: String]
    }

    private let kept = Mutex<[Line]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    /// The metadata of every line with that message.
    func lines(of message: String) -> [[String: String]] {
        kept.withLock { $0.filter { $0.message == message }.map(\.metadata) }
    }

    /// Everything as one text.
    var text: String { kept.withLock { $0.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n") } }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let line = Line(message: event.message.description, metadata: all.mapValues(\.description))
            log.kept.withLock { $0.append(line) }
        }
    }
}
