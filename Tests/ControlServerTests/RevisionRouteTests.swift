import ControlAPI
import ControlServer
import SegmentModel
import Testing

@Suite struct RevisionRouteTests {
    /// A shop with two VIPs, one of them new, and the segment `VIP` of them, to which `Others` refers.
    private func withSegments(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "ada", #""email":"ada@example.org","tags":{"set":["vip"]}"#),
                contactChanged("2", "bob", #""tags":{"set":["vip","new"]}"#),
                contactChanged("3", "eve", #""tags":{"set":["new"]}"#),
            ])
            for draft in [
                #"{"name":"VIP","where":{"tag":"vip"}}"#,
                #"{"name":"Others","where":{"not":{"segment":"VIP"}}}"#,
            ] {
                let saved = try await server.send("POST", Routes.segments(of: "shop"), draft)
                #expect(saved.status == 201)
            }
            try await body(server)
        }
    }

    private func edit(_ server: TestServer, _ body: String) async throws -> Answer {
        try await server.send("PATCH", Routes.segment("VIP", of: "shop"), body)
    }

    @Test func `an edit is announced with its members, then does just that`() async throws {
        try await withSegments { server in
            let body = #"{"description":"new ones","where":{"tag":"new"}}"#
            let answer = try await server.send(
                "POST", Routes.difference(of: "VIP", in: "shop"), body, over: .query)
            let difference = try answer.decode(DifferenceAnswer.self)
            #expect(difference.segment == SegmentName(id: "s1", name: "VIP"))
            #expect(difference.revision == 1 && difference.contacts == 3)
            #expect(difference.entering == MemberSampleAnswer(count: 1, sample: [ContactLine(contact: "eve")]))
            #expect(difference.leaving.sample == [ContactLine(contact: "ada", email: "ada@example.org")])
            #expect(difference.staying.sample.map(\.contact) == ["bob"])
            #expect(
                difference.referrers == [
                    ReferrerDifferenceAnswer(
                        segment: SegmentName(id: "s2", name: "Others"), entering: 1, leaving: 1, staying: 0)
                ])
            #expect(difference.changes.description == TextChangeAnswer(after: "new ones"))
            #expect(difference.changes.came.map(\.sentence) == ["has the tag “new”"])
            #expect(difference.changes.went.map(\.pointer) == ["/where"])
            #expect(difference.cost.newConditions == 1)
            let edited = try await edit(server, body.dropLast() + #","revision":1}"#).decode(SegmentAnswer.self)
            #expect(edited.change == EditOutcome(entered: 1, left: 1, stayed: 1))
            #expect(edited.revision == 2 && edited.description == "new ones")
            let shown = try await server.send("GET", Routes.segment("VIP", of: "shop")).decode(SegmentAnswer.self)
            #expect(shown.change == nil)
        }
    }

    @Test func `an edit for an earlier revision is a conflict`() async throws {
        try await withSegments { server in
            #expect(try await edit(server, #"{"name":"Very important","revision":1}"#).status == 200)
            let late = try await server.send(
                "PATCH", Routes.segment("s1", of: "shop"), #"{"name":"VIP","revision":1}"#)
            let problem = try late.problem()
            #expect(problem.status == 409 && problem.code == "revision_conflict" && problem.pointer == "/revision")
            for body in [#"{"revision":0}"#, #"{"revision":"1"}"#, #"{"automation":"yes"}"#] {
                let refused = try await server.send("PATCH", Routes.segment("s1", of: "shop"), body)
                #expect(try refused.problem().code == "wrong_type", "\(body)")
            }
        }
    }

    @Test func `revisions are listed, shown, compared and brought back`() async throws {
        try await withSegments { server in
            #expect(try await edit(server, #"{"where":{"tag":"new"}}"#).status == 200)
            let list = try await server.send("GET", Routes.revisions(of: "VIP", in: "shop", limit: 1), over: .query)
                .decode(RevisionList.self)
            #expect(list.count == 2 && list.next == 2)
            #expect(list.revisions.map(\.isPresent) == [true])
            let first = try await server.send("GET", Routes.revisions(of: "VIP", in: "shop", after: 2))
                .decode(RevisionList.self)
            let shown = try await server.send("GET", Routes.revision(1, of: "VIP", in: "shop"))
                .decode(RevisionAnswer.self)
            #expect(first.revisions == [shown])
            #expect(shown.sentence == "has the tag “vip”")
            let compared = try await server.send("GET", Routes.comparison(ofRevision: 1, of: "VIP", in: "shop"))
                .decode(RevisionComparisonAnswer.self)
            #expect(compared.onlyEarlier?.sample.map(\.contact) == ["ada"])
            #expect(compared.onlyLater?.sample.map(\.contact) == ["eve"])
            #expect(compared.both?.count == 1)
            let announced = try await server.send(
                "POST", Routes.difference(of: "VIP", in: "shop"), #"{"restore":1}"#
            ).decode(DifferenceAnswer.self)
            #expect(announced.entering.sample.map(\.contact) == ["ada"])
            let restored = try await server.send("POST", Routes.restore(1, of: "VIP", in: "shop"))
                .decode(SegmentAnswer.self)
            #expect(restored.revision == 3 && restored.change == EditOutcome(entered: 1, left: 1, stayed: 1))
            let late = try await server.send(
                "POST", Routes.restore(2, of: "VIP", in: "shop"), #"{"revision":2}"#)
            #expect(try late.problem().code == "revision_conflict")
        }
    }

    @Test func `revisions that there are not, and numbers that are none, are refused`() async throws {
        try await withSegments { server in
            let missing = try await server.send("GET", Routes.revision(9, of: "VIP", in: "shop")).problem()
            #expect(missing.status == 404 && missing.code == "revision_not_found")
            let base = Routes.revisions(of: "VIP", in: "shop")
            for target in [base + "/0", base + "/first", base + "/1/comparison?with=x", base + "?after=0"] {
                #expect(try await server.send("GET", target).problem().code == "bad_parameter", "\(target)")
            }
            let both = try await server.send(
                "POST", Routes.difference(of: "VIP", in: "shop"), #"{"restore":1,"name":"X"}"#)
            #expect(try both.problem().pointer == "/restore")
            let denied = try await server.send("POST", Routes.restore(1, of: "VIP", in: "shop"), over: .query)
            #expect(denied.status == 403)
        }
    }

    @Test func `a segment is recomputed from the log`() async throws {
        try await withSegments { server in
            let rerun = try await server.send("POST", Routes.rerun("Others", in: "shop"), over: .query)
                .decode(RerunAnswer.self)
            #expect(rerun.segment.id == "s2" && rerun.revision == 1)
            #expect(rerun.checked == 3 && rerun.members == 1)
            #expect(rerun.missingCount == 0 && rerun.unexpectedCount == 0)
            let unknown = try await server.send("POST", Routes.rerun("Nobody", in: "shop"))
            #expect(try unknown.problem().code == "segment_not_found")
        }
    }

    @Test func `segments are deleted together, all or none`() async throws {
        try await withSegments { server in
            let route = Routes.deletion(in: "shop")
            let refused = try await server.send("POST", route, #"{"segments":["VIP"]}"#).problem()
            #expect(refused.status == 409 && refused.related == ["Others"])
            for body in [#"{}"#, #"{"segments":[]}"#, #"{"segments":[1]}"#, #"{"segments":["VIP","X"]}"#] {
                let status = try await server.send("POST", route, body).status
                #expect(status == 422 || status == 404, "\(body)")
            }
            let answer = try await server.send("POST", route, #"{"segments":["VIP","Others"]}"#)
            #expect(
                try answer.decode(DeletionAnswer.self).deleted == [
                    DeletedSegmentAnswer(id: "s2", name: "Others", count: 1),
                    DeletedSegmentAnswer(id: "s1", name: "VIP", count: 2),
                ])
            let list = try await server.send("GET", Routes.segments(of: "shop")).decode(SegmentList.self)
            #expect(list.segments.isEmpty)
        }
    }

    @Test func `a segment marked for automations is flat, and says so`() async throws {
        try await withSegments { server in
            let nested = #"{"all":[{"tag":"a"},{"any":[{"tag":"b"},{"tag":"c"}]}]}"#
            let refused = try await server.send(
                "POST", Routes.segments(of: "shop"), #"{"name":"A","where":\#(nested),"automation":true}"#)
            #expect(try refused.problem().code == "automation_limit")
            let marked = try await edit(server, #"{"automation":true}"#).decode(SegmentAnswer.self)
            #expect(marked.automation && marked.revision == 2)
            let list = try await server.send("GET", Routes.segments(of: "shop")).decode(SegmentList.self)
            #expect(list.segments.map(\.automation) == [false, true])
        }
    }
}
