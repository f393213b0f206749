import ControlAPI
import ControlServer
import SegmentModel
import Testing

@Suite struct SegmentRouteTests {
    private static let french = #"{"field":"country","op":"is","value":"fr"}"#

    /// A shop with two French contacts, one German, and one French on the way.
    private func withFrenchSegment(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "anna", #""country":"FR","email":"anna@example.org""#),
                contactChanged("2", "bob", #""country":"DE""#),
                contactChanged("3", "zoé", #""country":"FR","email":"=1+1@example.org""#),
            ])
            let saved = try await server.send(
                "POST", Routes.segments(of: "shop"), #"{"name":"Live in France","where":\#(Self.french)}"#)
            #expect(saved.status == 201)
            #expect(saved.headers["location"] == "/v1/audiences/shop/segments/s1")
            try await body(server)
        }
    }

    @Test func `a saved segment is listed, and found by id and by name`() async throws {
        try await withFrenchSegment { server in
            let byID = try await server.send("GET", Routes.segment("s1", of: "shop")).decode(SegmentAnswer.self)
            let byName = try await server.send("GET", Routes.segment("Live in France", of: "shop"))
            #expect(try byName.decode(SegmentAnswer.self) == byID)
            #expect(byID.count == 2)
            #expect(byID.revision == 1)
            #expect(byID.frontier == "2026-03-01T12:00:02Z")
            let condition: JSONValue = .object([
                .init("field", .string("country")), .init("op", .string("is")), .init("value", .string("fr")),
            ])
            #expect(byID.where == JSONTree(condition))
            let list = try await server.send("GET", Routes.segments(of: "shop")).decode(SegmentList.self)
            #expect(list.segments == [byID])
            #expect(list.frontier == byID.frontier)
        }
    }

    @Test func `an edit makes a revision and keeps what it does not name`() async throws {
        try await withFrenchSegment { server in
            let edited = try await server.send(
                "PATCH", Routes.segment("s1", of: "shop"),
                #"{"description":"all","where":{"field":"country","op":"is_not_blank"}}"#)
            let segment = try edited.decode(SegmentAnswer.self)
            #expect(segment.name == "Live in France")
            #expect(segment.description == "all")
            #expect(segment.revision == 2)
            #expect(segment.count == 3)
        }
    }

    @Test func `a segment that others refer to is not deleted, and they are named`() async throws {
        try await withFrenchSegment { server in
            let other = #"{"name":"Elsewhere","where":{"not":{"segment":"Live in France"}}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), other).status == 201)
            let refused = try await server.send("DELETE", Routes.segment("s1", of: "shop"))
            #expect(refused.status == 409)
            #expect(try refused.problem().code == "segment_in_use")
            #expect(try refused.problem().related == ["Elsewhere"])
            #expect(try await server.send("DELETE", Routes.segment("Elsewhere", of: "shop")).status == 204)
            let deleted = try await server.send("DELETE", Routes.segment("s1", of: "shop"))
            #expect(deleted.status == 204)
            #expect(deleted.body.isEmpty)
            let gone = try await server.send("GET", Routes.segment("s1", of: "shop"))
            #expect(try gone.problem().code == "segment_not_found")
        }
    }

    @Test(
        arguments: [
            (#"{"where":{"field":"feld","op":"is","value":1}}"#, "unknown_field", "/where/field"),
            (#"{"where":{"all":[{"tag":"a"},{"tag":"b","x":1}]}}"#, "unknown_key", "/where/all/1/x"),
            (#"{"where":{"segment":"Live in Frnce"}}"#, "unknown_segment", "/where/segment"),
            (#"{"were":{}}"#, "unknown_key", "/were"),
            (#"{}"#, "missing_key", nil),
        ] as [(String, String, String?)])
    func `a review names the place of a mistake`(body: String, code: String, pointer: String?) async throws {
        try await withFrenchSegment { server in
            let problem = try await server.send("POST", Routes.review(in: "shop"), body).problem()
            #expect(problem.status == 422)
            #expect(problem.code == code)
            #expect(problem.pointer == pointer)
        }
    }

    @Test func `a review counts and samples without saving`() async throws {
        try await withFrenchSegment { server in
            let answer = try await server.send(
                "POST", Routes.review(in: "shop"), #"{"where":\#(Self.french)}"#, over: .query)
            let review = try answer.decode(ReviewAnswer.self)
            #expect(review.count == 2)
            #expect(review.contacts == 3)
            #expect(abs(review.share - 2.0 / 3) < 1e-9)
            #expect(review.sample == ["anna", "zoé"])
            #expect(review.conditions == 1)
            #expect(review.frontier == "2026-03-01T12:00:02Z")
            let list = try await server.send("GET", Routes.segments(of: "shop")).decode(SegmentList.self)
            #expect(list.segments.count == 1)
        }
    }

    @Test func `members come in pages that name the frontier`() async throws {
        try await withFrenchSegment { server in
            let first = try await server.send("GET", Routes.members(of: "s1", in: "shop", limit: 1))
                .decode(MemberList.self)
            #expect(
                first == MemberList(frontier: "2026-03-01T12:00:02Z", count: 2, members: ["anna"], next: "anna"))
            let second = try await server.send(
                "GET", Routes.members(of: "s1", in: "shop", limit: 1, after: first.next)
            ).decode(MemberList.self)
            #expect(second.members == ["zoé"])
            #expect(second.next == nil)
        }
    }

    @Test func `all members are streamed as CSV, without formulas`() async throws {
        try await withFrenchSegment { server in
            let answer = try await server.send(
                "GET", Routes.members(of: "s1", in: "shop"), headers: ["Accept: text/csv"])
            #expect(answer.text == "contact,email\r\nanna,anna@example.org\r\nzoé,'=1+1@example.org\r\n")
            #expect(answer.headers["segmentd-frontier"] == "2026-03-01T12:00:02Z")
            #expect(answer.headers["segmentd-count"] == "2")
        }
    }

    @Test func `all members are streamed as NDJSON`() async throws {
        try await withFrenchSegment { server in
            let answer = try await server.send(
                "GET", Routes.members(of: "s1", in: "shop"), headers: ["Accept: application/x-ndjson"])
            #expect(answer.headers["content-type"] == MediaType.ndjson)
            let lines = try answer.text.split(separator: "\n").map {
                try WireCoding.decode(ContactLine.self, from: Array($0.utf8))
            }
            #expect(
                lines == [
                    ContactLine(contact: "anna", email: "anna@example.org"),
                    ContactLine(contact: "zoé", email: "=1+1@example.org"),
                ])
            let paged = try await server.send(
                "GET", Routes.members(of: "s1", in: "shop", limit: 1), headers: ["Accept: application/x-ndjson"])
            #expect(try paged.problem().code == "bad_parameter")
        }
    }

    @Test func `an explanation shows what was found`() async throws {
        try await withFrenchSegment { server in
            let answer = try await server.send("GET", Routes.explain("s1", contact: "bob", in: "shop"))
            let explained = try answer.decode(ExplanationAnswer.self)
            #expect(explained.segment == SegmentName(id: "s1", name: "Live in France"))
            #expect(!explained.member)
            #expect(!explained.explanation.holds)
            #expect(explained.explanation.found?.contains("DE") == true)
            let missing = try await server.send("GET", Routes.segment("s1", of: "shop") + "/explain")
            #expect(try missing.problem().code == "bad_parameter")
            let nobody = try await server.send("GET", Routes.explain("s1", contact: "nobody", in: "shop"))
            #expect(try nobody.problem().code == "contact_not_found")
        }
    }
}
