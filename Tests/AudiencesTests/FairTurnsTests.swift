import Admission
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite(.timeLimit(.minutes(1))) struct FairTurnsTests {
    /// Several slices of events, between which others get their turn.
    private static let floodCount = 45_000

    @Test func `an audience that is flooded holds up neither frontier nor answers of another`() async throws {
        let home = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        let directory = try await DataDirectory.open(
            path: home.path, configuration: AudienceConfiguration(mapSizeBytes: 256 << 20), clock: clock)
        let settings = AudienceSettings(
            name: "Shop", timezone: "UTC", currency: "EUR", visibilityDelayMicroseconds: 1_000_000)
        let loud = try await directory.create(id: "a-loud", settings: settings)
        let quiet = try await directory.create(id: "b-quiet", settings: settings)
        _ = try await quiet.ingest(AdmittedBatch([Self.event(0)]))
        for start in stride(from: 0, to: Self.floodCount, by: 15_000) {
            _ = try await loud.ingest(AdmittedBatch((start..<start + 15_000).map(Self.event)))
        }
        clock.advance(by: 2_000_000)
        #expect(directory.beginTicks().isEmpty)
        while await quiet.status().frontier < clock.now() { await Task.yield() }
        #expect(await quiet.status().contacts == 1)
        // The other is still at it.
        let behind = try #require(loud.projection.published.peek())
        #expect(behind.frontier < clock.now())
        #expect(await directory.tick().isEmpty)
        #expect(await loud.status().contacts == Self.floodCount)
        try await directory.close()
    }

    private static func event(_ number: Int) -> Event {
        let change = ContactChange(contact: Identifier("c\(number)"), attributes: [], tags: .set(["a"]))
        return Event(source: "web", id: Identifier("\(number)"), time: nil, fact: .contactChanged(change))
    }
}
