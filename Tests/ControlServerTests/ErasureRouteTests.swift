import Audiences
import ControlAPI
import ControlServer
import SegmentModel
import Testing

@Suite struct ErasureRouteTests {
    private static func makeShop(_ server: TestServer) async throws {
        try await server.makeShop()
        try await server.ingest([
            contactChanged("1", "eva 17", #""country":"FR""#), contactChanged("2", "bob", #""country":"FR""#),
        ])
    }

    @Test func `erasing answers when the contact is in no answer and by when it is gone, once`() async throws {
        try await TestServer.run { server in
            try await Self.makeShop(server)
            let route = Routes.erasure(of: "eva 17", in: "shop")
            let first = try await server.send("POST", route)
            #expect(first.status == 201)
            let erasure = try first.decode(ErasureAnswer.self)
            #expect(
                erasure
                    == ErasureAnswer(
                        contact: "eva 17", sequence: 3, recordedAt: "2026-03-01T12:00:02Z",
                        visibleAt: "2026-03-01T12:00:03Z", goneBy: "2026-03-02T12:00:03Z"))
            let again = try await server.send("POST", route)
            #expect(again.status == 200)
            #expect(try again.decode(ErasureAnswer.self) == erasure)
            #expect(try await server.send("GET", Routes.contact("eva 17", of: "shop")).status == 200)
            server.clock.advance(seconds: 2)
            await server.directory.tick()
            #expect(try await server.send("GET", Routes.contact("eva 17", of: "shop")).status == 404)
        }
    }

    @Test func `a contact that nobody knows is not erased`() async throws {
        try await TestServer.run { server in
            try await Self.makeShop(server)
            let answer = try await server.send("POST", Routes.erasure(of: "nobody", in: "shop"))
            #expect(answer.status == 404)
            #expect(try answer.decode(Problem.self).code == "contact_not_found")
        }
    }

    @Test func `the status says what is done, waits and is pending, and a pass can be run at once`() async throws {
        try await TestServer.run { server in
            try await Self.makeShop(server)
            _ = try await server.send("POST", Routes.erasure(of: "eva 17", in: "shop"))
            func status() async throws -> ErasureStatusAnswer {
                try await server.send("GET", Routes.erasures(of: "shop")).decode(ErasureStatusAnswer.self)
            }
            #expect(try await status().pending == 1)
            server.clock.advance(seconds: 2)
            await server.directory.tick()
            let waiting = try await status()
            #expect(waiting.waiting == 1)
            #expect(waiting.nextPassAt == "2026-03-01T18:00:03Z")
            #expect(waiting.goneBy == "2026-03-02T12:00:03Z")
            let pass = try await server.send("POST", Routes.erasurePass(of: "shop")).decode(ErasurePassAnswer.self)
            #expect(pass.erasures == 1)
            #expect(pass.events == 2)
            let done = try await status()
            #expect(done.done == 1)
            #expect(done.waiting == 0)
            #expect(done.nextPassAt == nil)
            #expect(done.lastPassAt == "2026-03-01T12:00:04Z")
            let shop = try await server.send("GET", Routes.audience("shop")).decode(AudienceAnswer.self)
            #expect(shop.status.erasures == done)
            let nothing = try await server.send("POST", Routes.erasurePass(of: "shop")).decode(ErasurePassAnswer.self)
            #expect(nothing.erasures == 0)
        }
    }

    @Test func `erasing is for the operator, looking for readers too`() async throws {
        try await TestServer.run { server in
            try await Self.makeShop(server)
            for role in [SocketRole.ingest, .query] {
                #expect(try await server.send("POST", Routes.erasure(of: "bob", in: "shop"), over: role).status == 403)
                #expect(try await server.send("POST", Routes.erasurePass(of: "shop"), over: role).status == 403)
            }
            #expect(try await server.send("GET", Routes.erasures(of: "shop"), over: .query).status == 200)
            #expect(try await server.send("GET", Routes.erasures(of: "shop"), over: .ingest).status == 403)
        }
    }
}
