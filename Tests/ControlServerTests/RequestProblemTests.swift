import ControlAPI
import ControlServer
import Testing

@Suite struct RequestProblemTests {
    @Test(arguments: [
        ("GET", "/", 404, "route_not_found"),
        ("GET", "/v1/audiences/shop/segments/s1/members/x", 404, "route_not_found"),
        ("PUT", "/v1/status", 405, "method_not_allowed"),
        ("GET", "/v1/status?verbose=1", 400, "bad_parameter"),
        ("GET", "/v1/audiences/shop/contacts?limit=0", 400, "bad_parameter"),
        ("GET", "/v1/audiences/shop/contacts?limit=1001", 400, "bad_parameter"),
        ("GET", "/v1/audiences/shop/contacts?limit=2&limit=3", 400, "bad_parameter"),
        ("GET", "/v1/audiences/shop/contacts?after=%ZZ", 400, "bad_parameter"),
        ("GET", "/v1/audiences/shop/contacts/%FF", 400, "bad_parameter"),
    ])
    func `a request that leads nowhere says what is wrong`(
        method: String, target: String, status: Int, code: String
    ) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let answer = try await server.send(method, target)
            #expect(answer.status == status)
            #expect(try answer.problem().code == code)
        }
    }

    @Test func `the methods that are possible are named`() async throws {
        try await TestServer.run { server in
            let answer = try await server.send("DELETE", Routes.audiences)
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "GET, POST")
        }
    }

    @Test func `a client that takes no JSON is told what there is`() async throws {
        try await TestServer.run { server in
            let answer = try await server.send("GET", Routes.status, headers: ["Accept: text/html"])
            #expect(answer.status == 406)
            #expect(try answer.problem().code == "not_acceptable")
        }
    }

    @Test func `a JSON body needs its media type and keeps to its bound`() async throws {
        try await TestServer.run { server in
            let form = try await server.send("POST", Routes.audiences, "{}", type: "application/x-www-form-urlencoded")
            #expect(try form.problem().code == "unsupported_media_type")
            let long = String(repeating: " ", count: Bounds.jsonBodyBytesMax + 1)
            let announced = try await server.send("POST", Routes.audiences, long)
            #expect(announced.status == 413)
            #expect(try announced.problem().code == "body_too_large")
            let chunked =
                "POST \(Routes.audiences) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Type: application/json\r\n\r\n" + String(long.utf8.count, radix: 16) + "\r\n" + long
                + "\r\n0\r\n\r\n"
            let unannounced = try await Connection.exchange(chunked, path: server.path(.operator))
            #expect(try unannounced.problem().code == "body_too_large")
            let fitting = String(repeating: " ", count: Bounds.jsonBodyBytesMax - 2) + "{}"
            #expect(try await server.send("POST", Routes.audiences, fitting).problem().code == "missing_key")
        }
    }

    @Test func `header fields beyond the bound are answered as such`() async throws {
        try await TestServer.run { server in
            let long = "X-Long: " + String(repeating: "x", count: Bounds.headerBytesMax)
            let answer = try await server.send("GET", Routes.status, headers: [long])
            #expect(answer.status == 431)
            #expect(try answer.problem().code == "headers_too_large")
        }
    }

    @Test func `bytes that are not HTTP are answered as such`() async throws {
        try await TestServer.run { server in
            let answer = try await Connection.exchange("hello\r\n\r\n", path: server.path(.query))
            #expect(answer.status == 400)
            #expect(try answer.problem().code == "malformed_request")
        }
    }
}

@Suite struct SocketRoleTests {
    /// One request for each route, with the roles that may make it.
    static let requests: [(method: String, target: String, roles: Set<SocketRole>)] = [
        ("GET", Routes.status, [.ingest, .query, .operator]),
        ("POST", Routes.events(of: "shop"), [.ingest, .operator]),
        ("GET", Routes.audiences, [.query, .operator]),
        ("GET", Routes.audience("shop"), [.query, .operator]),
        ("GET", Routes.pending(of: "shop"), [.query, .operator]),
        ("GET", Routes.contacts(of: "shop"), [.query, .operator]),
        ("GET", Routes.contact("anna", of: "shop"), [.query, .operator]),
        ("GET", Routes.segments(of: "shop"), [.query, .operator]),
        ("GET", Routes.segment("s1", of: "shop"), [.query, .operator]),
        ("GET", Routes.members(of: "s1", in: "shop"), [.query, .operator]),
        ("GET", Routes.explain("s1", contact: "anna", in: "shop"), [.query, .operator]),
        ("POST", Routes.review(in: "shop"), [.query, .operator]),
        ("GET", Routes.catalog(of: "shop"), [.query, .operator]),
        ("GET", Routes.catalog(ofSegment: "s1", in: "shop"), [.query, .operator]),
        ("POST", Routes.audiences, [.operator]),
        ("PATCH", Routes.audience("shop"), [.operator]),
        ("POST", Routes.segments(of: "shop"), [.operator]),
        ("PATCH", Routes.segment("s1", of: "shop"), [.operator]),
        ("DELETE", Routes.segment("s1", of: "shop"), [.operator]),
    ]

    @Test func `each socket lets through what its role may do and nothing else`() async throws {
        try await TestServer.run { server in
            for (method, target, roles) in Self.requests {
                for role in SocketRole.allCases {
                    let answer = try await server.send(method, target, over: role)
                    let isForbidden = answer.status == 403
                    #expect(isForbidden != roles.contains(role), "\(method) \(target) over \(role)")
                    if isForbidden { #expect(try answer.problem().code == "role_forbids") }
                }
            }
        }
    }
}
