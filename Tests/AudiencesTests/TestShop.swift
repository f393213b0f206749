import Admission
import SegmentModel
import TestSupport

@testable import Audiences

/// An audience without a visibility delay, whose contacts are made by their tags.
struct TestShop {
    let clock: ManualClock
    let audience: Audience
    private let home: TemporaryDirectory
    private let directory: DataDirectory

    /// Lends a shop, and closes it.
    static func run(
        _ tags: [String: [String]] = [:], plan: Plan = .premium, _ body: (TestShop) async throws -> Void
    ) async throws {
        let home = try TemporaryDirectory()
        let clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        let directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        let settings = AudienceSettings(
            name: "Shop", timezone: "Europe/London", currency: "GBP", plan: plan, visibilityDelayMicroseconds: 0)
        let audience = try await directory.create(id: "shop", settings: settings)
        let shop = TestShop(clock: clock, audience: audience, home: home, directory: directory)
        try await shop.tag(tags)
        try await body(shop)
        try await directory.close()
    }

    /// Gives contacts all their tags, and lets that become visible.
    func tag(_ tags: [String: [String]]) async throws {
        let events = tags.sorted { $0.key < $1.key }.map { contact, tags in
            let change = ContactChange(
                contact: Identifier(contact),
                attributes: [AttributeChange(key: .known(.email), value: .text(contact + "@example.org"))],
                tags: .set(tags))
            return Event(
                source: "web", id: Identifier("\(contact) \(tags) \(clock.now())"), time: nil,
                fact: .contactChanged(change))
        }
        _ = try await audience.ingest(AdmittedBatch(events))
        clock.advance(by: 1_000_000)
        try await audience.tick()
    }

    /// The same audience after a restart, for as long as the body runs; the shop itself is closed then.
    func reopened(_ body: (Audience) async throws -> Void) async throws {
        try await directory.close()
        let again = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        try await body(again.audience("shop"))
        try await again.close()
    }

    /// What a call was refused with; nil if it was not.
    func failure(_ body: () async throws -> Void) async -> AudienceError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? AudienceError
        }
    }
}
