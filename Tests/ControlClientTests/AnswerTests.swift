import ControlAPI
import ControlClient
import NIOCore
import NIOHTTP1
import Testing

@Suite("Answers of the control API")
struct AnswerTests {
    private static let audienceList = #"{"audiences": []}"#

    @Test("A call sends its method, path and headers, and decodes the answer")
    func simpleCall() async throws {
        let seen = Seen()
        try await StubServer.run { parts, outbound in
            if let request = try await StubServer.request(&parts) { seen.add(request) }
            try await StubServer.respond(outbound, &parts, body: Self.audienceList)
        } body: { server in
            let answer = try await ControlClient(socketPath: server.socketPath).answer(to: .audiences)
            #expect(answer.audiences.isEmpty)
        }
        let request = try #require(seen.all.first)
        #expect(request.method == "GET")
        #expect(request.target == "/v1/audiences")
        #expect(request.headers["host"] == "localhost")
        #expect(request.headers["content-length"] == nil)
        #expect(request.headers["accept"] == "application/json, application/problem+json")
    }

    @Test("A JSON body goes out with its type and length")
    func jsonBody() async throws {
        let seen = Seen()
        try await StubServer.run { parts, outbound in
            if let request = try await StubServer.request(&parts) { seen.add(request) }
            try await StubServer.respond(outbound, &parts, status: .badRequest, body: "")
        } body: { server in
            let json = Array(#"{"where": {"tag": "vip"}}"#.utf8)
            _ = try? await ControlClient(socketPath: server.socketPath).bytes(of: .review(json: json, in: "été"))
            let request = try #require(seen.all.first)
            #expect(request.method == "POST")
            #expect(request.target == "/v1/audiences/%C3%A9t%C3%A9/review")
            #expect(request.body == json)
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["content-length"] == String(json.count))
        }
    }

    @Test("A large body of bytes arrives whole")
    func largeBody() async throws {
        let seen = Seen()
        let events = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await StubServer.run { parts, outbound in
            if let request = try await StubServer.request(&parts) { seen.add(request) }
            try await StubServer.respond(
                outbound, &parts,
                body: #"{"lines":1,"appended":1,"duplicates":0,"conflicts":0,"rejected":0,"problems":[]}"#)
        } body: { server in
            let receipt = try await ControlClient(socketPath: server.socketPath)
                .answer(to: .append(.bytes(events), to: "shop", firstLine: 7))
            #expect(receipt.appended == 1)
        }
        let request = try #require(seen.all.first)
        #expect(request.target == "/v1/audiences/shop/events?firstLine=7")
        #expect(request.headers["content-type"] == "application/x-ndjson")
        #expect(request.body == events)
    }

    @Test("A streamed body goes out in chunks without a length")
    func streamedBody() async throws {
        let seen = Seen()
        try await StubServer.run { parts, outbound in
            if let request = try await StubServer.request(&parts) { seen.add(request) }
            try await StubServer.respond(
                outbound, &parts,
                body: #"{"lines":3,"appended":3,"duplicates":0,"conflicts":0,"rejected":0,"problems":[]}"#)
        } body: { server in
            let pieces = AsyncThrowingStream<ByteBuffer, any Error> { stream in
                for text in ["one\n", "", "two\n", "three\n"] { stream.yield(ByteBuffer(string: text)) }
                stream.finish()
            }
            let receipt = try await ControlClient(socketPath: server.socketPath)
                .answer(to: .append(.stream(pieces), to: "shop"))
            #expect(receipt.lines == 3)
        }
        let request = try #require(seen.all.first)
        #expect(request.body == Array("one\ntwo\nthree\n".utf8))
        #expect(request.headers["transfer-encoding"] == "chunked")
        #expect(request.headers["content-length"] == nil)
    }

    @Test("A member stream gives its frontier, its count and all of its text")
    func memberStream() async throws {
        let text = "contact,email\n" + (0..<50_000).map { "c\($0),\n" }.joined()
        let seen = Seen()
        try await StubServer.run { parts, outbound in
            if let request = try await StubServer.request(&parts) { seen.add(request) }
            try await StubServer.respond(
                outbound, &parts, type: "text/csv",
                headers: [(HeaderName.frontier, "2026-03-01T10:00:00Z"), (HeaderName.count, "50000")], body: text)
        } body: { server in
            let got = try await ControlClient(socketPath: server.socketPath)
                .withMembers(of: "big & bold", in: "shop", format: .csv) { stream in
                    #expect(stream.frontier == "2026-03-01T10:00:00Z")
                    #expect(stream.count == 50_000)
                    var bytes: [UInt8] = []
                    try await stream.forEachPiece { piece, _ in bytes += piece }
                    return bytes
                }
            #expect(got == Array(text.utf8))
        }
        let request = try #require(seen.all.first)
        #expect(request.target == "/v1/audiences/shop/segments/big%20%26%20bold/members")
        #expect(request.headers["accept"] == "text/csv, application/problem+json")
    }

    @Test("A stream that ends whole but short of its count is a failure that says so")
    func shortStream() async throws {
        try await StubServer.run { parts, outbound in
            _ = try await StubServer.request(&parts)
            try await StubServer.respond(
                outbound, &parts, type: "text/csv", headers: [(HeaderName.count, "3")],
                body: "contact,email\r\na,\"x\ny\"\r\nb,\r\n")
        } body: { server in
            let client = ControlClient(socketPath: server.socketPath)
            await #expect(throws: ControlClientError.incomplete(rows: 2, of: 3)) {
                try await client.withMembers(of: "s1", in: "shop", format: .csv) { stream in
                    try await stream.forEachPiece { _, _ in }
                }
            }
        }
    }

    @Test("A call without an answer takes an empty 204")
    func noContent() async throws {
        let seen = Seen()
        try await StubServer.run { parts, outbound in
            if let request = try await StubServer.request(&parts) { seen.add(request) }
            try await outbound.write(.head(.init(version: .http1_1, status: .noContent)))
            try await outbound.write(.end(nil))
        } body: { server in
            try await ControlClient(socketPath: server.socketPath).answer(to: .deleteSegment("s3", in: "shop"))
        }
        #expect(seen.all.first?.method == "DELETE")
    }
}
