import ControlAPI
import ControlServer
import Testing

@Suite struct AudienceRouteTests {
    @Test func `the status names version, clock, sockets and every audience's frontier`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let status = try await server.send("GET", Routes.status).decode(StatusAnswer.self)
            #expect(status.version == Release.version)
            #expect(status.now == "2026-03-01T12:00:00Z")
            #expect(status.clockStartedAt == nil)
            #expect(status.sockets.map(\.role) == ["ingest", "query", "operator"])
            #expect(status.sockets.map(\.path) == SocketRole.allCases.map(server.path))
            #expect(status.audiences.map(\.id) == ["shop"])
            #expect(status.audiences.map(\.frontier) == ["2026-03-01T12:00:00Z"])
        }
    }

    @Test func `an audience is made with defaults, and shown at its location`() async throws {
        try await TestServer.run { server in
            let made = try await server.send(
                "POST", Routes.audiences, #"{"id":"a","name":"A","timezone":"UTC","currency":"EUR"}"#)
            #expect(made.status == 201)
            #expect(made.headers["location"] == "/v1/audiences/a")
            let shown = try await server.send("GET", "/v1/audiences/a")
            let audience = try shown.decode(AudienceAnswer.self)
            #expect(try made.decode(AudienceAnswer.self) == audience)
            #expect(audience.visibilityDelay == "PT2H")
            #expect(audience.plan == "premium")
            #expect(audience.countedStatuses == ["placed", "paid", "fulfilled"])
            let list = try await server.send("GET", Routes.audiences).decode(AudienceList.self)
            #expect(list.audiences == [audience])
        }
    }

    @Test func `a change takes the keys it names and leaves the others`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let changed = try await server.send(
                "PATCH", Routes.audience("shop"),
                #"{"plan":"free","visibilityDelay":"PT90M","countedStatuses":["paid"],"fields":{"since":"date"}}"#)
            let audience = try changed.decode(AudienceAnswer.self)
            #expect(audience.name == "Shop")
            #expect(audience.plan == "free")
            #expect(audience.visibilityDelay == "PT1H30M")
            #expect(audience.countedStatuses == ["paid"])
            #expect(audience.fields == ["since": "date"])
            let withdrawn = try await server.send("PATCH", Routes.audience("shop"), #"{"fields":{"since":null}}"#)
            #expect(try withdrawn.decode(AudienceAnswer.self).fields.isEmpty)
        }
    }

    @Test(
        arguments: [
            (#"{"id":"b","name":"B","timezone":"UTC"}"#, 422, "missing_key", nil),
            (#"{"id":"b","name":"B","timezone":"UTC","currency":"EUR","plam":"free"}"#, 422, "unknown_key", "/plam"),
            (#"{"id":"b","name":"B","timezone":"UTC","currency":"EUR","plan":"gold"}"#, 422, "bad_value", "/plan"),
            (#"{"id":"b","name":7,"timezone":"UTC","currency":"EUR"}"#, 422, "wrong_type", "/name"),
            (
                #"{"id":"b","name":"B","timezone":"UTC","currency":"EUR","visibilityDelay":"2h"}"#, 422, "bad_value",
                "/visibilityDelay"
            ),
            (
                #"{"id":"b","name":"B","timezone":"UTC","currency":"EUR","visibilityDelay":"P1M"}"#, 422, "bad_value",
                "/visibilityDelay"
            ),
            (
                #"{"id":"b","name":"B","timezone":"UTC","currency":"EUR","countedStatuses":["paid","lost"]}"#, 422,
                "bad_value", "/countedStatuses/1"
            ),
            (
                #"{"id":"b","name":"B","timezone":"UTC","currency":"EUR","fields":{"a/b":"txt"}}"#, 422, "bad_value",
                "/fields/a~1b"
            ),
            (#"{"id":"shop","name":"B","timezone":"UTC","currency":"EUR"}"#, 409, "audience_exists", "/id"),
            (#"{"id":"b","id":"c"}"#, 400, "not_json", nil),
            (#"["b"]"#, 422, "wrong_type", nil),
            (#"{"id":"b""#, 400, "not_json", nil),
        ] as [(String, Int, String, String?)])
    func `a draft that cannot be meant is refused by its key`(
        draft: String, status: Int, code: String, pointer: String?
    ) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let answer = try await server.send("POST", Routes.audiences, draft)
            let problem = try answer.problem()
            #expect(answer.status == status)
            #expect(problem.code == code)
            #expect(problem.pointer == pointer)
            #expect(problem.type == "urn:segmentd:problem:" + code)
        }
    }

    @Test func `an audience that does not exist is answered with the nearest name`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let problem = try await server.send("GET", Routes.audience("shap")).problem()
            #expect(problem.status == 404)
            #expect(problem.code == "audience_not_found")
            #expect(problem.near == ["shop"])
        }
    }
}
