import Admission
import FoundationEssentials
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// The rules of a zone's name change with editions of the time zone data.
@Suite struct ZoneRulesTests {
    /// At this instant it is 1 March in New York and 2 March in Paris.
    private static let signedUp = "2026-03-01T23:30:00Z"
    private static let condition: JSONValue = ["field": "signedUpAt", "op": "on", "value": "2026-03-01"]

    @Test(arguments: [false, true])
    func `other rules are named, and memberships follow them`(isRestarted: Bool) async throws {
        let place = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2026-03-03T12:00:00Z"))
        var (directory, audience) = try await shop(in: place, clock)
        #expect(try await audience.segment("First of March").count == 0)
        #expect(audience.zone?.rules.edition == "2025a")
        #expect(audience.zone?.replaced == nil)

        // Another edition with the same rules of this zone changes nothing.
        try install("Europe/Paris", edition: "2025b", in: place)
        #expect(try await !audience.reloadZone())
        try await directory.close()
        directory = try await open(place, clock)
        audience = try directory.audience("shop")
        #expect(audience.zone?.rules.edition == "2025b")
        #expect(audience.zone?.replaced == nil)

        try install("America/New_York", edition: "2025c", in: place)
        if isRestarted {
            try await directory.close()
            directory = try await open(place, clock)
            audience = try directory.audience("shop")
        } else {
            // Until it is asked to read them again, the daemon goes by the rules it has, in all that it does.
            #expect(try await audience.segment("First of March").count == 0)
            try await expectExact(audience)
            #expect(try await audience.reloadZone())
        }
        #expect(audience.zone?.rules.edition == "2025c")
        #expect(audience.zone?.replaced?.edition == "2025b")
        #expect(try await audience.segment("First of March").count == 1)
        try await expectExact(audience)
        try await directory.close()

        directory = try await open(place, clock)
        #expect(try directory.audience("shop").zone?.replaced == nil)
        #expect(try await directory.audience("shop").segment("First of March").count == 1)
        try await directory.close()
    }

    @Test func `rules that are read again while the engine is made anew are those of the new one`() async throws {
        let place = try TemporaryDirectory()
        let (directory, audience) = try await shop(in: place)
        #expect(try await audience.segment("First of March").count == 0)
        try await audience.projection.renew {
            do {
                try install("America/New_York", edition: "2025c", in: place)
                _ = try await audience.reloadZone()
            } catch { Issue.record(error) }
            return false
        }
        #expect(try await audience.segment("First of March").count == 1)
        try await expectExact(audience)
        try await directory.close()
    }

    @Test func `a zone that the audience had once and the system has no longer is in nobody's way`() async throws {
        let place = try TemporaryDirectory()
        var (directory, audience) = try await shop(in: place)
        var settings = audience.settings()
        settings.timezone = "UTC"
        try await audience.change(settings)
        try await directory.close()
        try FileManager.default.removeItem(atPath: place.path("zones/Test/Zone"))

        directory = try await open(place, ManualClock(try Instant(rfc3339: "2026-03-04T12:00:00Z")))
        audience = try directory.audience("shop")
        try await audience.tick()
        #expect(try await audience.contact("anna").segments.map(\.segment.name) == ["First of March"])
        #expect(try await audience.explain("First of March", contact: "anna").isMember)
        try await directory.close()
    }

    /// An audience of one contact in `Test/Zone`, which is as Paris.
    private func shop(
        in place: TemporaryDirectory, _ clock: ManualClock? = nil
    ) async throws -> (DataDirectory, Audience) {
        try install("Europe/Paris", edition: "2025a", in: place)
        let clock = try clock ?? ManualClock(Instant(rfc3339: "2026-03-03T12:00:00Z"))
        let directory = try await open(place, clock)
        let audience = try await directory.create(
            id: "shop",
            settings: AudienceSettings(name: "Shop", timezone: "Test/Zone", visibilityDelayMicroseconds: 0))
        let change = ContactChange(
            contact: "anna",
            attributes: [
                AttributeChange(key: .known(.signedUpAt), value: .instant(try Instant(rfc3339: Self.signedUp)))
            ])
        _ = try await audience.ingest(
            AdmittedBatch([Event(source: "web", id: "1", time: nil, fact: .contactChanged(change))]))
        clock.advance(by: 1_000_000)
        await directory.tick()
        _ = try await audience.save(name: "First of March", where: Self.condition)
        return (directory, audience)
    }

    @Test func `an audience that takes another zone has no other rules, only another zone`() async throws {
        let place = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2026-03-03T12:00:00Z"))
        var directory = try await DataDirectory.open(path: place.path("data"), configuration: .small, clock: clock)
        let audience = try await directory.create(id: "shop", settings: AudienceSettings(name: "Shop", timezone: "UTC"))
        var settings = audience.settings()
        settings.timezone = "Europe/Paris"
        try await audience.change(settings)
        #expect(audience.zone?.rules.name == "Europe/Paris")
        #expect(audience.zone?.replaced == nil)
        try await directory.close()
        directory = try await DataDirectory.open(path: place.path("data"), configuration: .small, clock: clock)
        #expect(try directory.audience("shop").zone?.replaced == nil)
        try await directory.close()
    }

    @Test func `the edition stands in tzdata.zi, else in +VERSION, else nowhere`() throws {
        let place = try TemporaryDirectory()
        let zones = ZoneDirectory(path: place.path)
        #expect(zones.edition() == nil)
        try place.write("2024b\n", to: "+VERSION")
        #expect(zones.edition() == "2024b")
        try place.write("# version 2025b\n# and so on\n", to: "tzdata.zi")
        #expect(zones.edition() == "2025b")
        try place.write("# version two words\n", to: "tzdata.zi")
        #expect(zones.edition() == nil)
    }

    /// The live members are those that the reference finds in the log.
    private func expectExact(_ audience: Audience) async throws {
        let rerun = try await audience.rerun("First of March")
        #expect((rerun.missingCount, rerun.unexpectedCount) == (0, 0))
    }

    private func open(_ place: TemporaryDirectory, _ clock: ManualClock) async throws -> DataDirectory {
        try await DataDirectory.open(
            path: place.path("data"),
            configuration: AudienceConfiguration(mapSizeBytes: 64 << 20, zoneDirectory: place.path("zones")),
            clock: clock)
    }

    /// Puts the rules of an installed zone in the place of those of `Test/Zone`.
    private func install(_ zone: String, edition: String, in place: TemporaryDirectory) throws {
        try FileManager.default.createDirectory(
            atPath: place.path("zones/Test"), withIntermediateDirectories: true)
        try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/" + zone))
            .write(to: URL(filePath: place.path("zones/Test/Zone")))
        try place.write("# version \(edition)\n", to: "zones/tzdata.zi")
    }
}
