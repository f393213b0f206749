import Admission
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// An audience whose clock is the machine's: what a jump makes visible, and what a restart remembers.
@Suite struct ClockedAudienceTests {
    @Test(arguments: [3 * 3_600, Seconds.day, 10 * Seconds.year] as [Int64])
    func `a jump makes nothing visible before its time`(seconds: Int64) async throws {
        let place = try TemporaryDirectory()
        let system = try SystemClocks()
        let clock = system.clock()
        let directory = try await DataDirectory.open(path: place.path, configuration: .small, clock: clock)
        let audience = try await directory.create(id: "shop", settings: AudienceSettings(name: "Shop"))
        _ = try await audience.ingest(AdmittedBatch([contact("anna")]))
        system.step(seconds: seconds)
        let receipt = try await audience.ingest(AdmittedBatch([contact("bert")]))
        #expect(receipt.recordedAt == (try Instant(rfc3339: "2026-03-01T12:00:00Z")))
        await directory.tick()
        #expect(await audience.status().contacts == 0)
        #expect(await audience.status().pending == 2)

        // Two hours later they are due by elapsed time, and the jump changes nothing about that.
        system.pass(seconds: 7_199)
        await directory.tick()
        #expect(await audience.status().contacts == 0)
        system.pass(seconds: 1)
        await directory.tick()
        #expect(await audience.status().contacts == 2)
        _ = try await audience.ingest(AdmittedBatch([contact("carl")]))

        // Accepted, the clock counts.
        #expect(clock.accept() != nil)
        await directory.tick()
        #expect(await audience.status().contacts == 3)
        #expect(await audience.status().frontier == system.reading.wall)
        try await directory.close()
    }

    @Test func `a clock set back holds frontier and recordedAt until it has caught up`() async throws {
        let place = try TemporaryDirectory()
        let system = try SystemClocks()
        let directory = try await DataDirectory.open(
            path: place.path, configuration: .small, clock: system.clock())
        let settings = AudienceSettings(name: "Shop", visibilityDelayMicroseconds: 0)
        let audience = try await directory.create(id: "shop", settings: settings)
        let first = try await audience.ingest(AdmittedBatch([contact("anna")]))
        await directory.tick()
        let frontier = await audience.status().frontier
        system.step(seconds: -Seconds.year)
        await directory.tick()
        #expect(await audience.status().frontier == frontier)
        let second = try await audience.ingest(AdmittedBatch([contact("bert")]))
        #expect(try #require(second.recordedAt) >= (try #require(first.recordedAt)))
        #expect(try #require(second.visibleAt) > frontier)
        try await directory.close()
    }

    /// Closed or killed, with events or without: a checkpoint, the log's end and the file `clock` all take part in it.
    @Test(arguments: [false, true], [false, true])
    func `no restart answers at an earlier instant`(isKilled: Bool, hasEvents: Bool) async throws {
        let place = try TemporaryDirectory()
        let system = try SystemClocks()
        let file = ClockFile(directory: place.path)
        var frontier = Instant.earliest
        for step in [0, -1, -3_600, 120, -10 * Seconds.year, 250, Seconds.day] as [Int64] {
            system.step(seconds: step)
            let clock = system.clock(file.read())
            let directory = try await DataDirectory.open(path: place.path, configuration: .small, clock: clock)
            let audience =
                if let known = directory.audiences.first { known } else {
                    try await directory.create(id: "shop", settings: AudienceSettings(name: "Shop"))
                }
            #expect(await audience.status().frontier >= frontier)
            if hasEvents { _ = try await audience.ingest(AdmittedBatch([contact("anna\(step)")])) }
            system.pass(seconds: 5)
            try file.write(clock.remember())
            system.pass(seconds: 5)
            await directory.tick()
            frontier = await audience.status().frontier
            if !isKilled { try file.write(clock.remember(isClean: true)) }
            try await directory.close()
        }
    }

    private func contact(_ id: String) -> Event {
        let change = ContactChange(
            contact: Identifier(id), attributes: [AttributeChange(key: .custom("level"), value: .text("7"))])
        return Event(source: "web", id: Identifier("event-" + id), time: nil, fact: .contactChanged(change))
    }
}
