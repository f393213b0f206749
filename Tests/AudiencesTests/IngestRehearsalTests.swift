import Admission
import Audiences
import SegmentModel
import TestSupport
import Testing

@Suite struct IngestRehearsalTests {
    private func run(
        _ body: (Audience) async throws -> Void, _ change: (inout AudienceSettings) -> Void = { _ in }
    ) async throws {
        let home = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        let directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        var settings = AudienceSettings(name: "Shop", timezone: "Europe/London", currency: "GBP")
        change(&settings)
        try await body(try await directory.create(id: "shop", settings: settings))
        try await directory.close()
    }

    private func change(_ id: Int, _ value: AttributeValue) -> Event {
        let change = ContactChange(
            contact: "anna", attributes: [AttributeChange(key: .custom("age"), value: value)])
        return Event(source: "s", id: Identifier("\(id)"), time: nil, fact: .contactChanged(change))
    }

    /// What both say, sequences and instants apart.
    private func told(_ receipt: IngestReceipt) -> [String] {
        let problems = receipt.problems.map { "\($0.line) \($0.code) \($0.pointer) \($0.id ?? "")" }
        return ["\(receipt.appended) \(receipt.duplicates) \(receipt.conflicts)"] + problems
    }

    @Test(arguments: 0..<12)
    func `what is rehearsed is what then happens, batch by batch`(seed: Int) async throws {
        try await run { audience in
            var events = RandomEvents(seed: UInt64(seed))
            var random = SeededGenerator(seed: UInt64(seed))
            _ = try await audience.ingest(AdmittedBatch((0..<80).map { _ in events.next() }))
            var rehearsal = try audience.rehearsal()
            let batches = (0..<5).map { _ in
                AdmittedBatch((0..<Int.random(in: 1...60, using: &random)).map { _ in events.next() })
            }
            let rehearsed = try batches.map { try rehearsal.ingest($0) }
            for (batch, said) in zip(batches, rehearsed) {
                let done = try await audience.ingest(batch)
                #expect(told(done) == told(said), "seed \(seed)")
                #expect(said.types.values.reduce(0, +) == said.appended)
                #expect(said.firstSequence == nil && said.visibleAt == nil)
            }
        }
    }

    @Test func `a rehearsal stores nothing, however often it is done`() async throws {
        try await run { audience in
            let batch = AdmittedBatch([change(1, .number(Number(7))), change(1, .number(Number(8)))])
            for _ in 0..<2 {
                var rehearsal = try audience.rehearsal()
                let said = try rehearsal.ingest(batch)
                #expect(told(said) == ["1 0 1", "2 conflict /id 1"])
            }
            #expect(await audience.status().lastSequence == 0)
            let done = try await audience.ingest(batch)
            #expect(told(done) == ["1 0 1", "2 conflict /id 1"])
        }
    }

    @Test func `types of fields are those declared, those of the log, and those rehearsed before`() async throws {
        try await run { audience in
            var rehearsal = try audience.rehearsal()
            let first = try rehearsal.ingest(AdmittedBatch([change(1, .number(Number(7)))]))
            #expect(told(first) == ["1 0 0"])
            let second = try rehearsal.ingest(AdmittedBatch([change(2, .text("old")), change(2, .number(Number(8)))]))
            #expect(told(second) == ["1 0 0", "1 field_type /data/fields/age 2"])
        }
        try await run { audience in
            var rehearsal = try audience.rehearsal()
            let receipt = try rehearsal.ingest(AdmittedBatch([change(1, .number(Number(7)))]))
            #expect(receipt.problems.map(\.code) == ["field_type"])
        } _: {
            $0.fieldTypes["age"] = .text
        }
    }
}
