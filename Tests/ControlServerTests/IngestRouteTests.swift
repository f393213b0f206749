import ControlAPI
import ControlServer
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct IngestRouteTests {
    @Test func `good lines are appended and bad ones listed with their number`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let receipt = try await server.ingest([
                contactChanged("1", "anna", #""country":"FR""#),
                #"{"specversion":"1.0"}"#,
                "",
                contactChanged("1", "anna", #""country":"FR""#),
                contactChanged("1", "anna", #""country":"DE""#),
                contactChanged("2", "bob", #""fields":{"age":7}"#),
                contactChanged("3", "bob", #""fields":{"age":"old"}"#),
            ])
            #expect(receipt.lines == 7)
            #expect(receipt.appended == 2)
            #expect(receipt.duplicates == 1)
            #expect(receipt.conflicts == 1)
            #expect(receipt.rejected == 2)
            #expect(receipt.firstSequence == 1)
            #expect(receipt.lastSequence == 2)
            #expect(receipt.recordedAt == "2026-03-01T12:00:00Z")
            #expect(receipt.visibleAt == "2026-03-01T12:00:01Z")
            #expect(receipt.problems.map(\.line) == [2, 5, 7])
            #expect(receipt.problems.map(\.code) == ["missing_key", "conflict", "field_type"])
            #expect(receipt.problems[2].pointer == "/data/fields/age")
            #expect(receipt.problems[2].id == "3")
        }
    }

    @Test func `lines are numbered from firstLine on`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let answer = try await server.send(
                "POST", Routes.events(of: "shop", firstLine: 1_001), "{}\n", type: MediaType.ndjson)
            #expect(try answer.decode(IngestAnswer.self).problems.map(\.line) == [1_001])
        }
    }

    @Test func `one event and a batch of events are taken in their own media types`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let one = try await server.send(
                "POST", Routes.events(of: "shop"), contactChanged("1", "anna", #""vip":true"#),
                type: MediaType.cloudEvent)
            #expect(try one.decode(IngestAnswer.self).appended == 1)
            let batch = "[" + contactChanged("2", "bob", #""vip":true"#) + ",{}]"
            let two = try await server.send(
                "POST", Routes.events(of: "shop"), batch, type: MediaType.cloudEventsBatch + "; charset=utf-8")
            let receipt = try two.decode(IngestAnswer.self)
            #expect(receipt.lines == 2)
            #expect(receipt.appended == 1)
            #expect(receipt.problems.map(\.pointer) == ["/1/specversion"])
            let broken = try await server.send(
                "POST", Routes.events(of: "shop"), "[" + contactChanged("3", "eve", #""vip":true"#),
                type: MediaType.cloudEventsBatch)
            #expect(try broken.problem().code == "not_json")
            let status = try await server.send("GET", Routes.status).decode(StatusAnswer.self)
            #expect(status.audiences.map(\.lastSequence) == [2])
        }
    }

    @Test func `a body of several batches is appended in order, whatever the chunks`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let lines = (1...25_000).map { contactChanged("e\($0)", "c\($0 % 50)", #""rating":3"#) }
            let receipt = try await server.ingest(lines)
            #expect(receipt.lines == 25_000)
            #expect(receipt.appended == 25_000)
            #expect(receipt.firstSequence == 1)
            #expect(receipt.lastSequence == 25_000)
        }
    }

    @Test func `past ten thousand problems the request stops and says how far it got`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let bad = [String](repeating: "{}", count: 35_000)
            let answer = try await server.send(
                "POST", Routes.events(of: "shop"), bad.joined(separator: "\n"), type: MediaType.ndjson)
            let problem = try answer.problem()
            #expect(answer.status == 422)
            #expect(problem.code == "too_many_problems")
            let receipt = try #require(problem.ingest)
            #expect(receipt.problems.count == Bounds.problemsPerRequestMax)
            #expect(receipt.lines == 2 * Bounds.batchLinesMax)
            #expect(receipt.rejected == receipt.lines)
        }
    }

    @Test func `a store without room refuses the batch, keeps those before it, and goes on answering`() async throws {
        try await TestServer.run(mapSizeBytes: 3 << 18) { server in
            try await server.makeShop()
            let lines = (1...40_000).map { contactChanged("e\($0)", "c", #""rating":3"#) }.joined(separator: "\n")
            let answer = try await server.send("POST", Routes.events(of: "shop"), lines, type: MediaType.ndjson)
            let problem = try answer.problem()
            #expect(answer.status == 507)
            #expect(problem.code == "storage_full")
            let receipt = try #require(problem.ingest)
            #expect(receipt.appended > 0)
            #expect(receipt.appended == receipt.lines)
            #expect(try await server.lastSequence() == UInt64(receipt.appended))
        }
    }

    @Test func `a body that is cut off keeps what was appended and never takes half a line`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let body = Self.linesThenHalfLine
            let head = Self.head + "Content-Length: \(body.utf8.count + 1)\r\n\r\n"
            let answer = try await Connection.exchange(head + body, thenClosingOutput: true, path: server.path(.ingest))
            let problem = try answer.problem()
            #expect(problem.code == "body_cut_off")
            #expect(problem.ingest?.appended == Bounds.batchLinesMax)
            #expect(problem.ingest?.lines == Bounds.batchLinesMax)
            #expect(try await server.lastSequence() == UInt64(Bounds.batchLinesMax))
        }
    }

    @Test func `a chunked body that is cut off never takes half a line either`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let body = Self.linesThenHalfLine
            let chunk = String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n"
            let answer = try await Connection.exchange(
                Self.head + "Transfer-Encoding: chunked\r\n\r\n" + chunk, thenClosingOutput: true,
                path: server.path(.ingest))
            #expect(try answer.problem().code == "body_cut_off")
            #expect(try await server.lastSequence() == UInt64(Bounds.batchLinesMax))
        }
    }

    @Test func `a client that goes away in the middle of a body takes nothing with it`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let body = Self.linesThenHalfLine
            let head = Self.head + "Content-Length: \(body.utf8.count + 1)\r\n\r\n"
            try await Connection.open(server.path(.ingest)) { _, outbound in
                try await outbound.write(ByteBuffer(string: head + body))
                while try await server.lastSequence() == 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(try await server.ingest([contactChanged("after", "c", #""rating":5"#)]).appended == 1)
            #expect(try await server.lastSequence() == UInt64(Bounds.batchLinesMax) + 1)
        }
    }

    private static let head =
        "POST \(Routes.events(of: "shop")) HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"

    /// A batch of lines, and one that is complete but for its line end, as if more of it were to come.
    private static var linesThenHalfLine: String {
        (1...Bounds.batchLinesMax).map { contactChanged("e\($0)", "c", #""rating":3"#) + "\n" }.joined()
            + contactChanged("last", "c", #""rating":4"#)
    }

    @Test func `a client that waits for permission to send its body gets it`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let body = contactChanged("1", "anna", #""vip":true"#)
            let head =
                "POST \(Routes.events(of: "shop")) HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let answer = try await Connection.open(server.path(.ingest)) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: head))
                var pieces = inbound.makeAsyncIterator()
                let interim = try await pieces.next().map { String(buffer: $0) }
                #expect(interim?.hasPrefix("HTTP/1.1 100 ") == true)
                try await outbound.write(ByteBuffer(string: body))
                var bytes: [UInt8] = []
                while let piece = try await pieces.next() { bytes += piece.readableBytesView }
                return try Answer(bytes)
            }
            #expect(try answer.decode(IngestAnswer.self).appended == 1)
        }
    }

    @Test func `the wrong media type is answered with the right ones`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let problem = try await server.send("POST", Routes.events(of: "shop"), "{}").problem()
            #expect(problem.status == 415)
            #expect(problem.detail.contains(MediaType.ndjson))
        }
    }
}

extension TestServer {
    /// The end of the shop's log.
    func lastSequence() async throws -> UInt64 {
        let status = try await send("GET", Routes.status).decode(StatusAnswer.self)
        return status.audiences.first?.lastSequence ?? 0
    }
}
