import ControlAPI
import ControlServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct DryRunRouteTests {
    private static let target = Routes.events(of: "shop", dryRun: true)

    private func lines(_ ids: ClosedRange<Int>, _ value: String = "3") -> String {
        ids.map { contactChanged("e\($0)", "c\($0)", "\"rating\":\(value)") + "\n" }.joined()
    }

    @Test func `a dry run says what would become of every line and stores nothing`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            try await server.ingest([contactChanged("known", "anna", #""fields":{"age":7}"#)])
            let body = [
                contactChanged("known", "anna", #""fields":{"age":7}"#),
                contactChanged("known", "anna", #""fields":{"age":8}"#),
                contactChanged("1", "bob", #""fields":{"age":"old"}"#), "{}",
                contactChanged("2", "bob", #""rating":3"#),
                contactChanged("2", "bob", #""rating":3"#),
            ].joined(separator: "\n")
            let answer = try await server.send("POST", Self.target + "&firstLine=11", body, type: MediaType.ndjson)
            let receipt = try answer.decode(IngestAnswer.self)
            #expect(receipt.dryRun == true)
            #expect(receipt.types == ["contact.changed": 1])
            #expect((receipt.appended, receipt.duplicates, receipt.conflicts, receipt.rejected) == (1, 2, 1, 2))
            #expect(receipt.problems.map(\.line) == [12, 13, 14])
            #expect(receipt.problems.map(\.code) == ["conflict", "field_type", "missing_key"])
            #expect(receipt.firstSequence == nil && receipt.recordedAt == nil)
            let status = try await server.send("GET", Routes.status).decode(StatusAnswer.self)
            #expect(status.audiences.map(\.lastSequence) == [1])
        }
    }

    @Test func `duplicates within a request are known beyond a batch`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let body = lines(1...10_500) + lines(1...5)
            let answer = try await server.send("POST", Self.target, body, type: MediaType.ndjson)
            let receipt = try answer.decode(IngestAnswer.self)
            #expect((receipt.lines, receipt.appended, receipt.duplicates) == (10_505, 10_500, 5))
        }
    }

    @Test func `events and batches of events are tried as well, and only senders may`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let one = contactChanged("1", "anna", #""vip":true"#)
            for (body, type) in [(one, MediaType.cloudEvent), ("[\(one)]", MediaType.cloudEventsBatch)] {
                let answer = try await server.send("POST", Self.target, body, type: type, over: .ingest)
                #expect(try answer.decode(IngestAnswer.self).appended == 1)
            }
            #expect(try await server.send("POST", Self.target, one, type: MediaType.ndjson, over: .query).status == 403)
        }
    }

    @Test func `dryRun is true or false`() async throws {
        try await TestServer.run { server in
            try await server.makeShop()
            let target = Routes.events(of: "shop") + "?dryRun="
            #expect(
                try await server.send("POST", target + "yes", "{}", type: MediaType.ndjson).problem().code
                    == "bad_parameter")
            let answer = try await server.send("POST", target + "false", lines(1...1), type: MediaType.ndjson)
            let receipt = try answer.decode(IngestAnswer.self)
            #expect(receipt.lastSequence == 1 && receipt.dryRun == nil)
        }
    }
}
