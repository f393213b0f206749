import ControlAPI
import Logging
import NIOCore
import Testing

@testable import ControlServer

@Suite struct ConnectionDeadlinesTests {
    private static func at(_ seconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(0) + .seconds(seconds)
    }

    /// A connection made at second 0 whose server reads.
    private static func connection() -> ConnectionDeadlines {
        var deadlines = ConnectionDeadlines(SilenceLimits(), at: at(0))
        deadlines.serverReads(at: at(0))
        return deadlines
    }

    /// The same, with a request whose head came at a second.
    private static func connection(withHeadAt second: Int64) -> ConnectionDeadlines {
        var deadlines = connection()
        deadlines.bytesCame(at: at(second))
        deadlines.headIsComplete(at: at(second))
        return deadlines
    }

    private static func next(_ deadlines: ConnectionDeadlines) -> String {
        deadlines.next.map { "\($0.silence) \(($0.deadline - at(0)).nanoseconds / 1_000_000_000)" } ?? "nothing"
    }

    @Test func `a connection without a request is idle for a minute`() {
        #expect(Self.next(Self.connection()) == "idle 60")
    }

    @Test func `a head has its time from its first byte, however many follow`() {
        var deadlines = Self.connection()
        for second in Int64(10)...14 {
            // As the channel does it: each piece that came is the end of one read and the beginning of another.
            deadlines.bytesCame(at: Self.at(second))
            deadlines.serverStopsReading(at: Self.at(second))
            deadlines.serverReads(at: Self.at(second))
        }
        #expect(Self.next(deadlines) == "head 15")
    }

    @Test func `while the server takes nothing of a head, its client is not waited for`() {
        var deadlines = Self.connection()
        deadlines.bytesCame(at: Self.at(10))
        deadlines.serverStopsReading(at: Self.at(12))
        #expect(Self.next(deadlines) == "nothing")
        deadlines.serverReads(at: Self.at(100))
        #expect(Self.next(deadlines) == "head 103")
    }

    @Test func `a body has its time from its last byte`() {
        var deadlines = Self.connection()
        deadlines.bytesCame(at: Self.at(1))
        deadlines.headIsComplete(at: Self.at(2))
        #expect(Self.next(deadlines) == "body 32")
        deadlines.bytesCame(at: Self.at(20))
        #expect(Self.next(deadlines) == "body 50")
    }

    @Test func `while the server takes nothing of a body, its client is not waited for`() {
        var deadlines = Self.connection(withHeadAt: 1)
        deadlines.serverStopsReading(at: Self.at(1))
        #expect(Self.next(deadlines) == "nothing")
        deadlines.serverReads(at: Self.at(100))
        #expect(Self.next(deadlines) == "body 130")
    }

    @Test func `who goes on sending a body that was answered unread has the time of an idle one`() {
        var deadlines = Self.connection(withHeadAt: 1)
        deadlines.serverStopsReading(at: Self.at(2))
        #expect(Self.next(deadlines) == "nothing")
        deadlines.answerIsWritten(at: Self.at(3))
        #expect(Self.next(deadlines) == "idle 63")
    }

    @Test func `while a request is worked on, its client is not waited for`() {
        var deadlines = Self.connection(withHeadAt: 1)
        deadlines.requestIsComplete(at: Self.at(1))
        #expect(Self.next(deadlines) == "nothing")
        deadlines.answerIsWritten(at: Self.at(500))
        #expect(Self.next(deadlines) == "idle 560")
    }

    @Test func `an answer has its time from when some of it was last taken`() {
        var deadlines = Self.connection(withHeadAt: 1)
        deadlines.requestIsComplete(at: Self.at(1))
        deadlines.bytesWait(at: Self.at(3))
        #expect(Self.next(deadlines) == "write 33")
        deadlines.bytesWait(at: Self.at(20))
        deadlines.answerIsWritten(at: Self.at(21))
        #expect(Self.next(deadlines) == "write 50")
        deadlines.allIsTaken(at: Self.at(22))
        #expect(Self.next(deadlines) == "idle 82")
    }

    @Test
    func `a long answer that is taken bit by bit is told from one that nobody takes, whatever is written behind it`() {
        var untaken = UntakenBytes()
        untaken.write(1_000_000)
        var taken: [Bool] = []
        for left in [1_000_000, 900_000, 899_999, 899_999] { taken.append(untaken.look(left: left)) }
        untaken.write(50_000)
        for left in [949_998, 949_998, 0] { taken.append(untaken.look(left: left)) }
        untaken.write(10)
        taken.append(untaken.look(left: 10))
        #expect(taken == [false, true, true, false, true, false, true, false])
    }

    @Test func `of two things waited for the earlier counts`() {
        var deadlines = Self.connection(withHeadAt: 1)
        deadlines.bytesWait(at: Self.at(0))
        #expect(Self.next(deadlines) == "write 30")
    }
}

@Suite(.timeLimit(.minutes(1))) struct SilenceTests {
    @Test func `a head that does not end is answered and closed`() async throws {
        try await TestServer.run(silence: SilenceLimits(head: .milliseconds(50))) { server in
            let answer = try await Connection.open(server.path(.query)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "GET /v1/status HTTP/1.1\r\nHost: x\r\n"))
                return try await Answer(inbound)
            }
            #expect(answer.status == 408)
            #expect(try answer.problem().code == "request_timeout")
        }
    }

    @Test func `a body that stands still is answered with what was taken, and closed`() async throws {
        try await TestServer.run(silence: SilenceLimits(body: .milliseconds(50))) { server in
            try await server.makeShop()
            let head =
                "POST \(Routes.events(of: "shop")) HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + "Content-Length: 1000\r\n\r\n"
            let answer = try await Connection.open(server.path(.ingest)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: head + contactChanged("1", "anna", #""vip":true"#)))
                return try await Answer(inbound)
            }
            #expect(answer.status == 408)
            #expect(try answer.problem().code == "request_timeout")
            #expect(try answer.problem().ingest?.appended == 0)
        }
    }

    @Test func `a connection without a request is closed`() async throws {
        try await TestServer.run(silence: SilenceLimits(idle: .milliseconds(50))) { server in
            try await Connection.open(server.path(.query)) { inbound, _ in
                for try await piece in inbound { Issue.record("\(piece)") }
            }
        }
    }

    @Test func `an answer that nobody takes is broken off`() async throws {
        let lines = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "test") { _ in LineHandler(lines: lines.continuation) }
        let silence = SilenceLimits(write: .milliseconds(50))
        try await TestServer.run(silence: silence, mapSizeBytes: 256 << 20, logger: logger) { server in
            try await server.makeShop()
            let long = String(repeating: "x", count: 4_000)
            for part in 0..<10 {
                try await server.ingest(
                    (0..<500).map { contactChanged("\(part)-\($0)", "c\(part)-\($0)", #""city":"\#(long)""#) })
            }
            let draft = #"{"name":"all","where":{"field":"city","op":"is_not_blank"}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201)
            let target = Routes.members(of: "all", in: "shop", columns: ["contact", "city"])
            let head = "GET \(target) HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
            try await Connection.open(server.path(.query)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: head))
                for await line in lines.stream where line == "a stream was broken off" { return }
                withExtendedLifetime(inbound) {}
            }
        }
    }

    @Test func `a head that comes byte by byte has no more time than another`() async throws {
        try await TestServer.run(silence: SilenceLimits(head: .milliseconds(200))) { server in
            let answer = try await Connection.open(server.path(.query)) { inbound, outbound in
                async let drip: Void = {
                    // Ends with the connection, long before the head does.
                    for byte in "GET /v1/status HTTP/1.1\r\nX: " + String(repeating: "x", count: 2_000) {
                        try await outbound.write(ByteBuffer(string: String(byte)))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }()
                let answer = try await Answer(inbound)
                try? await drip
                return answer
            }
            #expect(answer.status == 408)
        }
    }

    @Test func `a user with as many connections as one may have is told so`() async throws {
        try await TestServer.run(connectionsPerUserMax: 1) { server in
            try await Connection.open(server.path(.query)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "GET \(Routes.status) HTTP/1.1\r\nHost: x\r\n\r\n"))
                var pieces = inbound.makeAsyncIterator()
                _ = try await pieces.next()
                let second = try await server.send("GET", Routes.status, over: .query)
                #expect(second.status == 503)
                #expect(try second.problem().code == "too_many_connections")
                // Another socket has its own bound.
                #expect(try await server.send("GET", Routes.status, over: .ingest).status == 200)
            }
        }
    }
}

/// Hands on what is logged.
private struct LineHandler: LogHandler {
    let lines: AsyncStream<String>.Continuation
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.yield("\(event.message)")
    }
}
