import ControlAPI
import Meters
import SegmentModel
import TestSupport
import Testing

@testable import Audiences
@testable import ControlServer

@Suite struct WatchingRouteTests {
    private func metrics(_ server: TestServer) async throws -> MetricsText {
        let answer = try await server.send("GET", Routes.metrics, over: .query)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try MetricsText(answer.text)
    }

    private func withShop(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([
                contactChanged("1", "ada", #""tags":{"set":["vip"]}"#), contactChanged("2", "bob", #""vip":true"#),
            ])
            let draft = #"{"name":"VIP","where":{"tag":"vip"}}"#
            #expect(try await server.send("POST", Routes.segments(of: "shop"), draft).status == 201)
            server.clock.advance(seconds: 1)
            await server.directory.tick()
            try await body(server)
        }
    }

    @Test func `every metric is told, in a text whose every line is as it must be`() async throws {
        try await withShop { server in
            let text = try await metrics(server)
            #expect(text.order == MetricsReport.families.map(\.name))
            for family in MetricsReport.families {
                let told = try #require(text.families[family.name])
                #expect(told.kind == family.kind.rawValue)
                for sample in told.samples {
                    #expect(Set(sample.labels.keys).subtracting(["le"]) == Set(family.labels), "\(sample.name)")
                }
                // What has happened to nobody yet has no sample; all else has one.
                let isRare = [
                    "segmentd_events_rejected_total", "segmentd_audit_timestamp_seconds", "segmentd_requests_total",
                    "segmentd_request_duration_seconds", "segmentd_erasure_due_timestamp_seconds",
                ]
                #expect(!told.samples.isEmpty || isRare.contains(family.name), "\(family.name)")
            }
        }
    }

    @Test func `the buckets of every histogram rise up to its count`() async throws {
        try await withShop { server in
            let text = try await metrics(server)
            let histograms = text.families.filter { $0.value.kind == "histogram" }
            #expect(histograms.count >= 3)
            for (name, family) in histograms {
                let counts = family.samples.filter { $0.name == name + "_count" }
                for count in counts {
                    let buckets = family.samples.filter { sample in
                        sample.name == name + "_bucket"
                            && sample.labels.filter { $0.key != "le" } == count.labels
                    }
                    #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
                    #expect(buckets.last?.labels["le"] == "+Inf" && buckets.last?.value == count.value)
                }
            }
        }
    }

    @Test func `what was handed in is counted by what became of it`() async throws {
        try await withShop { server in
            let again = contactChanged("1", "ada", #""tags":{"set":["vip"]}"#)
            let other = contactChanged("1", "ada", #""tags":{"set":["new"]}"#)
            try await server.ingest([again, other, "{}", "no JSON", contactChanged("3", "eve", #""vip":false"#)])
            let text = try await metrics(server)
            let shop = ["audience": "shop"]
            #expect(text["segmentd_events_appended_total", shop] == 3)
            #expect(text["segmentd_events_duplicate_total", shop] == 1)
            #expect(text["segmentd_events_conflict_total", shop] == 1)
            #expect(text["segmentd_events_rejected_total", ["audience": "shop", "code": "missing_key"]] == 1)
            #expect(text["segmentd_events_rejected_total", ["audience": "shop", "code": "invalid_json"]] == 1)
            #expect(text["segmentd_ingest_batches_total", shop] == 2)
            #expect(text["segmentd_log_sequence", shop] == 3)
            #expect(text["segmentd_contacts", shop] == 3)
            #expect(text["segmentd_segments", shop] == 1)
            #expect(text["segmentd_leaves", shop] == 1)
            let commits = text["segmentd_commit_duration_seconds_count", ["audience": "shop", "store": "log"]]
            #expect(try #require(commits) >= 3)
        }
    }

    @Test func `the lag of the frontier and the age of what is pending go by the daemon's clock`() async throws {
        try await withShop { server in
            let body = contactChanged("9", "eve", #""vip":true"#) + "\n"
            _ = try await server.send("POST", Routes.events(of: "shop"), body, type: MediaType.ndjson)
            server.clock.advance(seconds: 90)
            var text = try await metrics(server)
            #expect(text["segmentd_frontier_lag_seconds", ["audience": "shop"]] == 90)
            #expect(text["segmentd_events_pending", ["audience": "shop"]] == 1)
            #expect(text["segmentd_pending_oldest_seconds", ["audience": "shop"]] == 90)
            await server.directory.tick()
            text = try await metrics(server)
            #expect(text["segmentd_frontier_lag_seconds", ["audience": "shop"]] == 0)
            #expect(text["segmentd_events_pending", ["audience": "shop"]] == 0)
            #expect(text["segmentd_pending_oldest_seconds", ["audience": "shop"]] == 0)
        }
    }

    @Test func `backups, scrubs and erasures that wait have their times`() async throws {
        try await withShop { server in
            let audience = try #require(server.directory.audiences.first)
            let now = server.clock.now()
            let home = try TemporaryDirectory()
            _ = try await server.directory.backUp(to: home.path("backup"))
            try await audience.scrub {}
            _ = try await audience.erase("ada")
            let text = try await metrics(server)
            let shop = ["audience": "shop"]
            #expect(text["segmentd_backup_timestamp_seconds", [:]] == now.seconds)
            #expect(text["segmentd_scrub_timestamp_seconds", shop] == now.seconds)
            #expect(text["segmentd_scrub_faults_total", shop] == 0)
            #expect(text["segmentd_erasures_waiting", shop] == 1)
            #expect(try #require(text["segmentd_erasure_due_timestamp_seconds", shop]) > now.seconds)
        }
    }

    @Test func `requests are counted by their route's template, so that no label names a contact`() async throws {
        try await withShop { server in
            let secret = "ada@example.org"
            for _ in 0..<2 { _ = try await server.send("GET", Routes.contact(secret, of: "shop")) }
            _ = try await server.send("GET", "/nowhere/\(secret)")
            _ = try await server.send("DELETE", "/v1/status")
            let text = try await metrics(server)
            let route = Routes.Template.contact
            #expect(text["segmentd_requests_total", ["method": "GET", "route": route, "status": "404"]] == 2)
            #expect(text["segmentd_request_duration_seconds_count", ["method": "GET", "route": route]] == 2)
            #expect(text["segmentd_requests_total", ["method": "none", "route": "none", "status": "404"]] == 1)
            #expect(text["segmentd_requests_total", ["method": "none", "route": "none", "status": "405"]] == 1)
            let labels = text.families.values.flatMap(\.samples).flatMap(\.labels.values)
            #expect(!labels.contains { $0.contains("ada") || $0.contains("nowhere") || $0 == "DELETE" })
        }
    }

    @Test func `connections are counted by the socket they came over`() async throws {
        try await TestServer.run { server in
            try await Connection.open(server.path(.ingest)) { _, _ in
                // The connection is there once it is served; that another one is answered shows it is not before that.
                var text = try await metrics(server)
                while text["segmentd_connections_open", ["role": "ingest"]] == 0 { text = try await metrics(server) }
                #expect(text["segmentd_connections_open", ["role": "ingest"]] == 1)
                #expect(text["segmentd_connections_accepted_total", ["role": "ingest"]] == 1)
                #expect(try #require(text["segmentd_connections_accepted_total", ["role": "query"]]) >= 1)
                #expect(text["segmentd_connections_open", ["role": "operator"]] == 0)
            }
        }
    }

    @Test func `metrics are for readers, and text only`() async throws {
        try await TestServer.run { server in
            #expect(try await server.send("GET", Routes.metrics, over: .ingest).problem().code == "role_forbids")
            #expect(try await server.send("GET", Routes.metrics, over: .operator).status == 200)
            let json = try await server.send("GET", Routes.metrics, headers: ["Accept: application/json"])
            #expect(try json.problem().code == "not_acceptable")
            let asked = "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            #expect(try await server.send("GET", Routes.metrics, headers: [asked]).status == 200)
            #expect(try await server.send("GET", Routes.metrics + "?x=1").problem().code == "bad_parameter")
        }
    }

    // MARK: Status and verification

    @Test func `the status says what each audience does, and to senders nothing about segments`() async throws {
        try await withShop { server in
            let audience = try server.directory.audience("shop")
            let report = AuditReport(
                digest: "00", subject: .leaf("email is “ada@example.org”"), isTrueByLog: true, frontier: .earliest)
            audience.audits.note([report], at: server.clock.now())
            let status = try await server.send("GET", Routes.status).decode(StatusAnswer.self)
            let figures = try #require(status.audiences.first?.figures)
            #expect(figures.appended == 2 && figures.leaves == 1 && figures.frontierLagSeconds == 0)
            #expect(figures.stores.map(\.name) == ["log", "index", "view"])
            #expect(figures.audit.differences == 1)
            #expect(figures.audit.reports.map(\.leaf) == ["email is “ada@example.org”"])
            #expect(try #require(status.figures).requests > 0)
            let sender = try await server.send("GET", Routes.status, over: .ingest)
            #expect(!sender.text.contains("ada@"))
            #expect(try sender.decode(StatusAnswer.self).audiences.first?.figures?.audit.differences == 1)
        }
    }

    @Test func `all contacts are verified, and a difference is named`() async throws {
        try await withShop { server in
            let route = Routes.verification(of: "shop")
            var found = try await server.send("POST", route, over: .query).decode(VerificationAnswer.self)
            #expect(found.contacts == 2 && found.segments == 1 && found.leaves == 1)
            #expect(found.differenceCount == 0 && found.differences.isEmpty && found.wrongCounts.isEmpty)
            let audience = try server.directory.audience("shop")
            await audience.projection.turnLeaf(of: "bob")
            found = try await server.send("POST", route).decode(VerificationAnswer.self)
            #expect(found.differenceCount == 2)
            #expect(found.differences.map(\.kind) == ["segment", "leaf"])
            #expect(found.differences.allSatisfy { $0.contact == "bob" && !$0.byLog })
            #expect(found.differences.first?.segment == SegmentName(id: "s1", name: "VIP"))
            #expect(found.differences.first?.digest == audience.digest(of: "bob"))
            #expect(
                found.wrongCounts == [
                    WrongCountAnswer(segment: SegmentName(id: "s1", name: "VIP"), count: 1, members: 2)
                ])
            #expect(try await server.send("POST", route, over: .ingest).problem().code == "role_forbids")
        }
    }
}
