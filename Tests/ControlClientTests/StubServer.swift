import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport

/// A server on a Unix socket that gives each request what the test says.
final class StubServer: Sendable {
    typealias Wire = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    typealias Inbound = NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    let directory: TemporaryDirectory
    var socketPath: String { directory.path("s") }

    /// Every connection, for as long as the process lives: one that is accepted while its server ends is served by nobody,
    /// and letting go of such a one ends the process.
    private static let kept = Mutex<[Wire]>([])

    private init() throws {
        directory = try TemporaryDirectory()
    }

    /// Serves connections by `answer` while `body` runs, then closes all of them.
    static func run(
        answer: @escaping @Sendable (inout Inbound, Outbound) async throws -> Void,
        body: (StubServer) async throws -> Void
    ) async throws {
        let server = try StubServer()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: server.socketPath) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
                    let connection = try Wire(wrappingChannelSynchronously: channel)
                    kept.withLock { $0.append(connection) }
                    return connection
                }
            }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(listener, answer) }
            try await body(server)
            group.cancelAll()
            try? await group.waitForAll()
        }
    }

    @concurrent
    private static func serve(
        _ listener: NIOAsyncChannel<Wire, Never>,
        _ answer: @escaping @Sendable (inout Inbound, Outbound) async throws -> Void
    ) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask {
                        try? await connection.executeThenClose { inbound, outbound in
                            var parts = inbound.makeAsyncIterator()
                            try await answer(&parts, outbound)
                        }
                    }
                }
            }
        }
    }
}

/// What a stub server saw of a request.
struct SeenRequest: Equatable, Sendable {
    var method = ""
    var target = ""
    var headers: [String: String] = [:]
    var body: [UInt8] = []
}

/// Requests a stub server saw, to be looked at by the test.
final class Seen: Sendable {
    private let requests = Mutex<[SeenRequest]>([])

    var all: [SeenRequest] { requests.withLock { $0 } }

    func add(_ request: SeenRequest) {
        requests.withLock { $0.append(request) }
    }
}

extension StubServer {
    /// Reads one whole request; nil if the connection ended first.
    static func request(_ parts: inout Inbound) async throws -> SeenRequest? {
        var seen = SeenRequest()
        while let part = try await parts.next(isolation: #isolation) {
            switch part {
            case .head(let head):
                seen.method = head.method.rawValue
                seen.target = head.uri
                for header in head.headers { seen.headers[header.name.lowercased()] = header.value }
            case .body(let buffer): seen.body += Array(buffer.readableBytesView)
            case .end: return seen
            }
        }
        return nil
    }

    /// Writes one whole answer and stays until the client is done with it: closing at once would drop its end.
    static func respond(
        _ outbound: Outbound, _ parts: inout Inbound, status: HTTPResponseStatus = .ok,
        type: String = "application/json",
        headers: [(String, String)] = [], body: String
    ) async throws {
        var head = HTTPResponseHead(version: .http1_1, status: status)
        head.headers.add(name: "content-type", value: type)
        head.headers.add(name: "content-length", value: String(body.utf8.count))
        for header in headers { head.headers.add(name: header.0, value: header.1) }
        try await outbound.write(.head(head))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: body))))
        try await outbound.write(.end(nil))
        while try await parts.next(isolation: #isolation) != nil {}
    }
}
