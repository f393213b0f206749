import Audiences
import ControlAPI
import Glibc
import Logging
import SegmentModel
import ServiceLifecycle
import Synchronization
import TestSupport

@testable import ControlServer

/// A clock that stands still until a test moves it.
final class ManualClock: AudienceClock {
    private let instant: Mutex<Instant>

    init(_ text: String) throws {
        instant = Mutex(try Instant(rfc3339: text))
    }

    func now() -> Instant {
        instant.withLock { $0 }
    }

    func advance(seconds: Int64) {
        instant.withLock { $0 = $0.advanced(byMicroseconds: seconds * 1_000_000) }
    }
}

/// The real server over a data directory of its own, with a socket for each role.
struct TestServer {
    let directory: DataDirectory
    let clock: ManualClock
    let place: TemporaryDirectory
    let group: ServiceGroup

    /// Runs the server while the body runs, and stops it gracefully.
    static func run(
        connectionsMax: Int = 16, connectionsPerUserMax: Int = 16, silence: SilenceLimits = SilenceLimits(),
        mapSizeBytes: Int = 64 << 20, provisions: AudienceProvisions = AudienceProvisions(),
        access: AccessControl = AccessControl(), room: BodyRoom = BodyRoom(), logger: Logger = quiet,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let place = try TemporaryDirectory()
        let clock = try ManualClock("2026-03-01T12:00:00Z")
        let directory = try await DataDirectory.open(
            path: place.path("data"),
            configuration: AudienceConfiguration(mapSizeBytes: mapSizeBytes, provisions: provisions), clock: clock)
        let sockets = try SocketRole.allCases.map { role in
            try ListeningSocket.bind(path: place.path("run/" + role.rawValue), role: role)
        }
        let daemon = DaemonFacts(clock: clock, dataDirectory: place.path("data"), sockets: sockets)
        var routes = ControlRoutes(directory: directory, daemon: daemon, access: access)
        routes.room = room
        var server = UnixHTTPServer(sockets: sockets, routes: routes, logger: logger, connectionsMax: connectionsMax)
        server.silence = silence
        server.connectionsPerUserMax = connectionsPerUserMax
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: quiet))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(TestServer(directory: directory, clock: clock, place: place, group: group))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        try await directory.close()
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    func path(_ role: SocketRole) -> String {
        place.path("run/" + role.rawValue)
    }

    /// Sends one request and reads its answer.
    func send(
        _ method: String, _ target: String, _ body: String? = nil, type: String = MediaType.json,
        headers: [String] = [], over role: SocketRole = .operator
    ) async throws -> Answer {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close"] + headers
        if let body { lines += ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return try await Connection.exchange(text, path: path(role))
    }

    /// An audience named `shop` without a visibility delay of note.
    func makeShop(delay: String = "PT1S") async throws {
        let draft = """
            {"id":"shop","name":"Shop","timezone":"Europe/Paris","currency":"EUR","visibilityDelay":"\(delay)"}
            """
        let answer = try await send("POST", Routes.audiences, draft)
        guard answer.status == 201 else { throw Unexpected(answer) }
    }

    /// Hands events in and waits by the clock until they are visible.
    @discardableResult
    func ingest(_ lines: [String]) async throws -> IngestAnswer {
        let body = lines.joined(separator: "\n") + "\n"
        let answer = try await send("POST", Routes.events(of: "shop"), body, type: MediaType.ndjson)
        let receipt = try answer.decode(IngestAnswer.self)
        clock.advance(seconds: 2)
        await directory.tick()
        return receipt
    }

    struct Unexpected: Error {
        let answer: Answer

        init(_ answer: Answer) {
            self.answer = answer
        }
    }
}

/// An event as a line of NDJSON.
func contactChanged(_ id: String, _ contact: String, _ data: String) -> String {
    """
    {"specversion":"1.0","id":"\(id)","source":"test","type":"contact.changed","time":"2026-03-01T11:00:00Z",\
    "data":{"contact":"\(contact)",\(data)}}
    """
}
