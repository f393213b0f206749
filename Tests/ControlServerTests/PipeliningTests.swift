import ControlAPI
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import ControlServer

/// Clients that send the next request before the last one is answered.
@Suite(.timeLimit(.minutes(1))) struct PipeliningTests {
    private func count(_ part: String, in text: String) -> Int {
        text.ranges(of: part).count
    }

    /// Sends the requests at once and reads until the server closes.
    private func exchange(_ requests: [String], over path: String) async throws -> String {
        try await Connection.open(path) { inbound, outbound in
            try await outbound.write(ByteBuffer(string: requests.joined()))
            var text = ""
            for try await piece in inbound { text += String(buffer: piece) }
            return text
        }
    }

    private func request(_ method: String, _ target: String, _ fields: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
    }

    @Test(arguments: [false, true])
    func `a request behind a long one is answered after it`(isRerun: Bool) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let draft = #"{"name":"all","where":{"field":"city","op":"is_blank"}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201)
            let route = isRerun ? Routes.rerun("all", in: "shop") : Routes.verification(of: "shop")
            let text = try await exchange(
                [
                    request("POST", route, "Content-Length: 0\r\n"), request("GET", Routes.status),
                    request("GET", "/nowhere", "Connection: close\r\n"),
                ], over: server.path(.query))
            #expect(count("HTTP/1.1 200", in: text) == 2)
            #expect(count("HTTP/1.1 404", in: text) == 1)
            #expect(text.contains("\"differences\"") || text.contains("\"missing"))
        }
    }

    @Test func `work for one client ends when its connection is closed`() async throws {
        let closing = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let context = ControlContext(
            source: .init(
                logger: logger, role: .query, peer: Peer(user: 0, process: nil), closing: closing.futureResult))
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let work = Task {
            try await context.untilClosed {
                begin.finish()
                try await Task.sleep(for: .seconds(3_600))
            }
        }
        for await _ in begun {}
        closing.succeed()
        await #expect(throws: CancellationError.self) { try await work.value }
    }

    @Test func `who waits to send a body is told to when the answers before are written`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let line = contactChanged("1", "anna", #""vip":true"#)
            let asking =
                request("GET", Routes.status)
                + request(
                    "POST", Routes.events(of: "shop"),
                    "Expect: 100-continue\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"
                        + "Content-Length: \(line.utf8.count)\r\n")
            let text = try await Connection.open(server.path(.operator)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: asking))
                var text = ""
                var hasSent = false
                for try await piece in inbound {
                    text += String(buffer: piece)
                    guard !hasSent, text.contains("HTTP/1.1 100") else { continue }
                    hasSent = true
                    try await outbound.write(ByteBuffer(string: line))
                }
                return text
            }
            let statuses = text.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.output.1) }
            #expect(statuses == ["200", "100", "200"])
            #expect(text.contains("\"appended\":1"))
        }
    }
}
