import Audiences
import ControlAPI
import ControlServer
import FoundationEssentials
import Testing

@Suite struct PrebuiltRouteTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// A shop that has what is shipped.
    private func withShop(_ body: (TestServer) async throws -> Void) async throws {
        let provisions = AudienceProvisions(
            templates: try SegmentTemplate.read(directory: Self.root + "/Config/prebuilt"),
            platforms: try PlatformCapabilities.read(file: Self.root + "/Config/platforms.json"))
        try await TestServer.run(provisions: provisions) { server in
            try await server.makeShop()
            try await body(server)
        }
    }

    private func order(_ number: String, _ contact: String, _ total: String) -> String {
        """
        {"specversion":"1.0","id":"o\(number)","source":"test","type":"order.placed","time":"2026-02-20T11:00:00Z",\
        "data":{"store":"web","order":"\(number)","contact":"\(contact)","currency":"EUR","total":\(total)}}
        """
    }

    private func connected(_ platform: String) -> String {
        """
        {"specversion":"1.0","id":"i-\(platform)","source":"test","type":"integration.connected",\
        "time":"2026-02-20T11:00:00Z","data":{"integration":"\(platform)","platform":"\(platform)",\
        "stores":[{"store":"web","name":"Web","currency":"EUR","timezone":"Europe/Paris"}]}}
        """
    }

    @Test func `templates are listed with their parameters and the audience's own segments`() async throws {
        try await withShop { server in
            let list = try await server.send("GET", Routes.prebuilt(of: "shop"), over: .query).decode(PrebuiltList.self)
            #expect(list.prebuilt.count == 6)
            let lapsed = try await server.send("GET", Routes.prebuilt("lapsed-customers", of: "shop"))
                .decode(PrebuiltAnswer.self)
            #expect(list.prebuilt.contains(lapsed))
            #expect(lapsed.parameters.map(\.name) == ["months"])
            #expect(lapsed.parameters.first?.default == "8" && lapsed.parameters.first?.maximum == "120")
            #expect(lapsed.segment?.name == "lapsed-customers")
            #expect(lapsed.segment?.kind == "prebuilt")
            #expect(lapsed.segment?.origin?.parameters == ["months": "8"])
            let unknown = try await server.send("GET", Routes.prebuilt("lapsed-customer", of: "shop")).problem()
            #expect(unknown.status == 404 && unknown.code == "prebuilt_not_found")
            #expect(unknown.near == ["lapsed-customers"])
        }
    }

    @Test func `parameters are changed by PATCH and nothing else is`() async throws {
        try await withShop { server in
            let path = Routes.segment("recent-customers", of: "shop")
            let edited = try await server.send("PATCH", path, #"{"parameters":{"days":45}}"#).decode(SegmentAnswer.self)
            #expect(edited.revision == 2 && edited.origin?.parameters == ["days": "45"])
            #expect(edited.description == "Contacts with an order within the last 45 days.")
            for body in [#"{"name":"Mine"}"#, #"{"where":{"tag":"vip"}}"#, #"{"description":"x"}"#] {
                let problem = try await server.send("PATCH", path, body).problem()
                #expect(problem.status == 409 && problem.code == "prebuilt_segment", "\(body)")
            }
            let deleted = try await server.send("DELETE", path).problem()
            #expect(deleted.status == 409 && deleted.code == "prebuilt_segment")
            let both = try await server.send("PATCH", path, #"{"where":{"tag":"a"},"parameters":{"days":4}}"#).problem()
            #expect(both.code == "bad_value" && both.pointer == "/parameters")
        }
    }

    @Test func `a segment is reviewed and saved from a template`() async throws {
        try await withShop { server in
            try await server.ingest([order("1", "ada", "10"), order("2", "bob", "20")])
            let draft = #"{"prebuilt":"recent-customers","parameters":{"days":5}}"#
            let review = try await server.send("POST", Routes.review(in: "shop"), draft, over: .query)
                .decode(ReviewAnswer.self)
            #expect(review.count == 0 && review.contacts == 2)
            let change = #"{"segment":"recent-customers","parameters":{"days":5}}"#
            #expect(
                try await server.send("POST", Routes.review(in: "shop"), change).decode(ReviewAnswer.self).count == 0)
            let saved = try await server.send(
                "POST", Routes.segments(of: "shop"),
                #"{"name":"Half","prebuilt":"high-value-customers","parameters":{"share":0.5}}"#
            ).decode(SegmentAnswer.self)
            #expect(saved.kind == "saved" && saved.count == 1)
            #expect(saved.fit?.values == ["threshold": "20"])
            #expect(saved.fit?.foundAt == "2026-03-01T12:00:02Z")
        }
    }

    @Test(arguments: [
        (#"{"name":"X","prebuilt":"recent-customers","parameters":{"day":5}}"#, "unknown_parameter", "/parameters/day"),
        (
            #"{"name":"X","prebuilt":"recent-customers","parameters":{"days":"5"}}"#, "parameter_type",
            "/parameters/days"
        ),
        (
            #"{"name":"X","prebuilt":"recent-customers","parameters":{"days":0}}"#, "parameter_out_of_bounds",
            "/parameters/days"
        ),
        (#"{"name":"X","prebuilt":"recent"}"#, "unknown_prebuilt", "/prebuilt"),
        (#"{"name":"X","prebuilt":"recent-customers","where":{"tag":"a"}}"#, "bad_value", "/where"),
        (#"{"name":"X","where":{"tag":"a"},"parameters":{}}"#, "bad_value", "/parameters"),
        (#"{"name":"X","parameters":{}}"#, "bad_value", "/parameters"),
    ])
    func `what is wrong with a draft is named with its place`(
        draft: String, code: String, pointer: String
    ) async throws {
        try await withShop { server in
            let problem = try await server.send("POST", Routes.segments(of: "shop"), draft).problem()
            #expect(problem.status == 422)
            #expect(problem.code == code)
            #expect(problem.pointer == pointer)
        }
    }

    @Test func `integrations are listed, and what none offers is refused`() async throws {
        try await withShop { server in
            try await server.ingest([connected("api-3.0")])
            let byVendor = #"{"activity":"order","where":[{"field":"vendor","op":"is","value":"Acme"}]}"#
            let problem = try await server.send(
                "POST", Routes.segments(of: "shop"), #"{"name":"Acme","where":\#(byVendor)}"#
            ).problem()
            #expect(problem.status == 422 && problem.code == "missing_capability")
            #expect(problem.pointer == "/where/where/0")
            let lints = try await server.send("POST", Routes.review(in: "shop"), #"{"where":\#(byVendor)}"#)
                .decode(ReviewAnswer.self).lints
            #expect(lints.map(\.code) == ["missing_capability"])
            let list = try await server.send("GET", Routes.integrations(of: "shop"), over: .query)
                .decode(IntegrationsAnswer.self)
            #expect(list.integrations.map(\.integration) == ["api-3.0"])
            let state = try #require(list.integrations.first?.present)
            #expect(state.connected && state.capabilities.isEmpty && state.sequence == 1)
            #expect(state.visibleAt == "2026-03-01T12:00:01Z")
            #expect(
                state.stores == [
                    IntegrationStoreAnswer(store: "web", name: "Web", currency: "EUR", timezone: "Europe/Paris")
                ])
        }
    }
}
