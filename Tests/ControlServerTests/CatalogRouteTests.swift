import ControlAPI
import SegmentModel
import Testing

@testable import Audiences
@testable import ControlServer

@Suite struct CatalogRouteTests {
    /// A shop with two VIPs among three contacts and two segments that share a condition.
    private func withSegments(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "anna", #""tags":{"add":["vip"]}"#),
                contactChanged("2", "bob", #""tags":{"add":["vip","new"]}"#),
                contactChanged("3", "zoé", #""country":"FR""#),
            ])
            for draft in [
                #"{"name":"VIPs","where":{"tag":"vip"}}"#,
                #"{"name":"New VIPs","where":{"all":[{"tag":"vip"},{"tag":"new"}]}}"#,
            ] {
                #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201)
            }
            try await body(server)
        }
    }

    @Test func `the catalog lists the most used conditions, as many as are asked for`() async throws {
        try await withSegments { server in
            let answer = try await server.send("GET", Routes.catalog(of: "shop"), over: .query)
            let catalog = try answer.decode(CatalogAnswer.self)
            #expect(catalog.segments == 2)
            #expect(catalog.contacts == 3)
            #expect(catalog.leafReferences == 3)
            #expect(catalog.leaves == 2)
            #expect(catalog.gates == 1)
            #expect(catalog.edges == 2)
            #expect(catalog.columnBytes > 0)
            #expect(catalog.mostUsed.map(\.segments) == [2, 1])
            #expect(catalog.mostUsed.map(\.contacts) == [2, 1])
            #expect(catalog.mostUsed.map(\.sentence) == ["has the tag “vip”", "has the tag “new”"])
            let first = try await server.send("GET", Routes.catalog(of: "shop", limit: 1)).decode(CatalogAnswer.self)
            #expect(first.mostUsed == [catalog.mostUsed[0]])
            let none = try await server.send("GET", Routes.catalog(of: "shop", limit: 0))
            #expect(try none.problem().code == "bad_parameter")
        }
    }

    @Test func `a segment's catalog says what deleting it would free`() async throws {
        try await withSegments { server in
            let route = Routes.catalog(ofSegment: "New VIPs", in: "shop")
            let own = try await server.send("GET", route).decode(SegmentCatalogAnswer.self)
            #expect(own.segment == SegmentName(id: "s2", name: "New VIPs"))
            #expect(own.leaves.map(\.segments) == [2, 1])
            #expect(own.gates == 1)
            #expect(own.ownGates == 1)
            #expect(own.freedLeaves == 1)
            #expect(own.freedBytes == own.leaves[1].bytes)
            let other = #"{"name":"Rest","where":{"not":{"segment":"New VIPs"}}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), other).status == 201)
            let kept = try await server.send("GET", route).decode(SegmentCatalogAnswer.self)
            #expect(kept.referrers == ["Rest"])
            #expect(kept.freedLeaves == 0)
            #expect(kept.freedBytes == 0)
            let nobody = try await server.send("GET", Routes.catalog(ofSegment: "Nobody", in: "shop"))
            #expect(try nobody.problem().code == "segment_not_found")
        }
    }

    @Test func `a review carries lints with their places, and what saving takes`() async throws {
        try await withSegments { server in
            let body = #"{"where":{"all":[{"tag":"vip"},{"not":{"tag":"VIP"}},{"tag":"lost"}]}}"#
            let review = try await server.send("POST", Routes.review(in: "shop"), body).decode(ReviewAnswer.self)
            #expect(review.count == 0)
            #expect(review.lints.map(\.code) == ["contradiction"])
            #expect(review.lints.first?.pointers == ["/where/all/0", "/where/all/1/not"])
            #expect(review.cost.newConditions == 1)
            #expect(review.cost.recordsToLookAt == 3)
            #expect(
                review.cost.conditions == [
                    ConditionCostAnswer(sentence: "has the tag “vip”", isKnown: true, segments: 2, contacts: 2),
                    ConditionCostAnswer(sentence: "has the tag “lost”", isKnown: false, segments: 0),
                ])
        }
    }

    private func lints(_ body: String, _ server: TestServer) async throws -> [LintAnswer] {
        try await server.send("POST", Routes.review(in: "shop"), body).decode(ReviewAnswer.self).lints
    }

    @Test func `a review for an edit leaves out the segment itself`() async throws {
        try await withSegments { server in
            #expect(try await lints(#"{"where":{"tag":"vip"}}"#, server).map(\.code) == ["duplicate_segment"])
            #expect(try await lints(#"{"where":{"tag":"vip"},"segment":"vips"}"#, server).isEmpty)
            #expect(
                try await lints(#"{"where":{"tag":"vip"},"segment":"s2"}"#, server).map(\.code) == ["duplicate_segment"]
            )
            let nobody = try await server.send(
                "POST", Routes.review(in: "shop"), #"{"where":{"tag":"vip"},"segment":"Nobody"}"#)
            #expect(try nobody.problem().code == "unknown_segment")
            let number = try await server.send(
                "POST", Routes.review(in: "shop"), #"{"where":{"tag":"vip"},"segment":1}"#)
            #expect(try number.problem().pointer == "/segment")
        }
    }

    @Test func `a definition that was overtaken is answered as a conflict`() throws {
        let problem = Problem(AudienceError(.superseded, "A later definition took its place."))
        #expect(problem.status == 409)
        #expect(problem.code == ProblemCode.superseded.rawValue)
        #expect(problem.detail == "A later definition took its place.")
    }

    @Test func `looks under way are part of an audience's status`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let audience = try server.directory.audience("shop")
            var status = await audience.status()
            #expect(AudienceStatusAnswer(audience, status).builds.isEmpty)
            status.builds = [SegmentBuildStatus(segment: "VIPs", contactsDone: 1, contacts: 4)]
            let answer = AudienceStatusAnswer(audience, status)
            #expect(answer.builds == [BuildAnswer(segment: "VIPs", contactsDone: 1, contacts: 4)])
            #expect(answer.builds.first?.share == 0.25)
        }
    }
}
