import ControlAPI
import ControlClient
import Glibc
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@Suite("What a client says when there is no answer")
struct FailureTests {
    @Test("A problem document becomes a problem, with everything it says")
    func problemDocument() async throws {
        let problem = Problem(
            code: .segmentNotFound, status: 404, title: "No such segment", detail: "There is no segment “s9”.",
            near: ["s1", "s2"])
        let body = String(decoding: try WireCoding.encode(problem), as: UTF8.self)
        try await StubServer.run { parts, outbound in
            _ = try await StubServer.request(&parts)
            try await StubServer.respond(outbound, &parts, status: .notFound, type: MediaType.problem, body: body)
        } body: { server in
            await #expect(throws: ControlClientError.problem(problem)) {
                try await ControlClient(socketPath: server.socketPath).answer(to: .segment("s9", of: "shop"))
            }
        }
    }

    @Test("A refusal without a problem document keeps its status and its text")
    func plainRefusal() async throws {
        try await StubServer.run { parts, outbound in
            _ = try await StubServer.request(&parts)
            try await StubServer.respond(outbound, &parts, status: .badGateway, type: "text/plain", body: "no upstream")
        } body: { server in
            let error = await #expect(throws: ControlClientError.self) {
                try await ControlClient(socketPath: server.socketPath).answer(to: .status)
            }
            guard case .problem(let problem) = error else {
                Issue.record("\(String(describing: error)) is no problem")
                return
            }
            #expect(problem.status == 502)
            #expect(problem.detail == "502 Bad Gateway: no upstream")
        }
    }

    @Test("A refusal that comes before the body is out is the answer")
    func earlyRefusal() async throws {
        let body = String(
            decoding: try WireCoding.encode(
                Problem(code: .audienceNotFound, status: 404, title: "No such audience", detail: "None.")),
            as: UTF8.self)
        try await StubServer.run { parts, outbound in
            _ = try await parts.next(isolation: #isolation)
            try await StubServer.respond(outbound, &parts, status: .notFound, type: MediaType.problem, body: body)
        } body: { server in
            let error = await #expect(throws: ControlClientError.self) {
                try await ControlClient(socketPath: server.socketPath)
                    .answer(to: .append(.bytes([UInt8](repeating: 10, count: 20_000_000)), to: "nowhere"))
            }
            guard case .problem(let problem) = error else {
                Issue.record("\(String(describing: error)) is no problem")
                return
            }
            #expect(problem.code == "audience_not_found")
        }
    }

    @Test("A server that closes in the middle of the answer is a lost connection")
    func closedMidway() async throws {
        try await StubServer.run { parts, outbound in
            _ = try await StubServer.request(&parts)
            var head = HTTPResponseHead(version: .http1_1, status: .ok)
            head.headers.add(name: "content-length", value: "1000")
            try await outbound.write(.head(head))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(string: #"{"audiences": "#))))
        } body: { server in
            let path = server.socketPath
            await #expect(throws: ControlClientError.connectionLost(socketPath: path)) {
                try await ControlClient(socketPath: path).answer(to: .audiences)
            }
        }
    }

    @Test("A server that closes while the body goes out is a lost connection")
    func closedWhileSending() async throws {
        try await StubServer.run { parts, _ in
            _ = try await parts.next(isolation: #isolation)
        } body: { server in
            let path = server.socketPath
            await #expect(throws: ControlClientError.connectionLost(socketPath: path)) {
                try await ControlClient(socketPath: path)
                    .answer(to: .append(.bytes([UInt8](repeating: 10, count: 20_000_000)), to: "shop"))
            }
        }
    }

    @Test("An error of the body's source ends the call and is told")
    func bodyFails() async throws {
        struct SourceBroke: Error {}
        try await StubServer.run { parts, _ in
            _ = try await StubServer.request(&parts)
        } body: { server in
            let pieces = AsyncThrowingStream<ByteBuffer, any Error> { stream in
                stream.yield(ByteBuffer(string: "one\n"))
                stream.finish(throwing: SourceBroke())
            }
            await #expect(throws: ControlClientError.bodyFailed("SourceBroke()")) {
                try await ControlClient(socketPath: server.socketPath)
                    .answer(to: .append(.stream(pieces), to: "shop"))
            }
        }
    }

    @Test("JSON of another shape is not understood, and the message names the call")
    func otherJSON() async throws {
        try await StubServer.run { parts, outbound in
            _ = try await StubServer.request(&parts)
            try await StubServer.respond(outbound, &parts, body: #"{"hello": "world"}"#)
        } body: { server in
            let error = await #expect(throws: ControlClientError.self) {
                try await ControlClient(socketPath: server.socketPath).answer(to: .audiences)
            }
            #expect(error?.description.contains("GET /v1/audiences") == true)
        }
    }

    @Test("A silent server is given up")
    func silence() async throws {
        try await StubServer.run { parts, _ in
            while try await parts.next(isolation: #isolation) != nil {}
        } body: { server in
            let path = server.socketPath
            let timeouts = ControlTimeouts(connect: .seconds(5), silence: .milliseconds(50))
            await #expect(
                throws: ControlClientError.timedOut(socketPath: path, after: .milliseconds(50))
            ) {
                try await ControlClient(socketPath: path, timeouts: timeouts).answer(to: .status)
            }
        }
    }

    @Test("A cancelled call ends at once")
    func cancellation() async throws {
        try await StubServer.run { parts, _ in
            while try await parts.next(isolation: #isolation) != nil {}
        } body: { server in
            let client = ControlClient(socketPath: server.socketPath)
            let call = Task { try await client.answer(to: .status) }
            call.cancel()
            await #expect(throws: ControlClientError.self) { try await call.value }
        }
    }

    @Test("A missing socket is named, with how to start the daemon")
    func missingSocket() async throws {
        let path = try TemporaryDirectory().path("none")
        let error = await #expect(throws: ControlClientError.cannotConnect(socketPath: path, .noSuchSocket)) {
            try await ControlClient(socketPath: path).answer(to: .status)
        }
        #expect(error?.description.contains(path) == true)
        #expect(error?.description.contains("systemctl start segmentd") == true)
    }

    @Test("A socket nobody listens on is told from a file that is no socket")
    func refused() async throws {
        let directory = try TemporaryDirectory()
        let stale = directory.path("stale")
        try leaveSocket(at: stale)
        await #expect(throws: ControlClientError.cannotConnect(socketPath: stale, .refused)) {
            try await ControlClient(socketPath: stale).answer(to: .status)
        }
        let file = directory.path("file")
        let descriptor = open(file, O_CREAT | O_WRONLY, 0o600)
        close(descriptor)
        await #expect(throws: ControlClientError.cannotConnect(socketPath: file, .notASocket)) {
            try await ControlClient(socketPath: file).answer(to: .status)
        }
    }

    /// What a daemon leaves that was killed: a socket without a listener.
    private func leaveSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                address.baseAddress.map { bind(descriptor, $0, socklen_t(bytes.count)) }
            }
        }
        close(descriptor)
        try #require(bound == 0)
    }

    @Test("A path too long for a socket is refused with the bound")
    func longPath() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 200)
        await #expect(throws: ControlClientError.cannotConnect(socketPath: path, .pathTooLong(bytesMax: 107))) {
            try await ControlClient(socketPath: path).answer(to: .status)
        }
    }
}
