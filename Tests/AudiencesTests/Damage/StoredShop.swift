import Admission
import FoundationEssentials
import SegmentModel
import TestSupport

@testable import Audiences

/// A data directory with a shop that has everything that is stored: full blocks and plain rows, definitions, sends, index
/// and view. It is closed.
struct StoredShop {
    let home: TemporaryDirectory
    let clock: ManualClock
    /// The data directory.
    var path: String { home.path("data") }
    var audience: String { path + "/audiences/shop" }

    static let events = 900

    init(_ clock: ManualClock? = nil) async throws {
        home = try TemporaryDirectory()
        self.clock = try clock ?? ManualClock(Instant(rfc3339: "2026-03-01T12:00:00Z"))
        try await run { shop in
            _ = try await shop.save(name: "VIP", where: ["tag": "vip"])
            _ = try await shop.save(name: "Buyers", where: ["activity": "order", "within": ["last": "P30D"]])
            for start in stride(from: 0, to: Self.events, by: 300) {
                _ = try await shop.ingest(AdmittedBatch((start..<start + 300).map(event)))
                self.clock.advance(by: 1_000_000)
                try await shop.tick()
            }
            _ = try await shop.send("VIP", campaign: "spring")
            _ = try await shop.send("Buyers", campaign: "summer")
        }
    }

    /// Event number n: most say something of a contact, some are orders.
    func event(_ number: Int) -> Event {
        let contact = Identifier("c\(number % 97)")
        let id = Identifier(
            number % 2 == 0 ? "\(number)" : "event-\(number)-\(String(repeating: "x", count: number % 150))")
        var change = ContactChange(
            contact: contact,
            tags: number % 3 == 0 ? .edit(add: ["vip"], remove: []) : .edit(add: ["t\(number)"], remove: []))
        change.attributes = [AttributeChange(key: .known(.email), value: .text("c\(number % 97)@example.org"))]
        return Event(source: number % 5 == 0 ? "web" : "till", id: id, time: nil, fact: .contactChanged(change))
    }

    /// Opens the directory as the daemon does, lends the shop, and closes it; creates the shop if there is none.
    @discardableResult
    func run<Value>(
        at path: String? = nil, _ body: (Audience) async throws -> Value
    ) async throws -> Value {
        let data = try await DataDirectory.open(path: path ?? self.path, configuration: .small, clock: clock)
        do {
            let shop =
                if let found = try? data.audience("shop") { found } else {
                    try await data.create(
                        id: "shop", settings: AudienceSettings(name: "Shop", visibilityDelayMicroseconds: 0))
                }
            let value = try await body(shop)
            try await data.close()
            return value
        } catch {
            try? await data.close()
            throw error
        }
    }

    /// What is served: members of both segments, and recipients of both lists.
    struct Served: Equatable {
        var members: [String: [Identifier]] = [:]
        var recipients: [String: [Member]] = [:]
        var lastSequence: UInt64 = 0
    }

    static func served(by shop: Audience) async throws -> Served {
        var served = Served()
        for segment in await shop.segments() {
            served.members[segment.name] = try await shop.members(of: segment.id).members.map(\.contact)
        }
        for list in try await shop.recipientLists(limit: 100).lists {
            served.recipients[list.campaign.text] = try await shop.recipients(of: list.campaign, limit: 10_000)
                .recipients
        }
        served.lastSequence = await shop.status().lastSequence
        return served
    }

    func served(at path: String? = nil) async throws -> Served {
        try await run(at: path) { try await Self.served(by: $0) }
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + name)
    }

    func verify(_ path: String? = nil) throws -> StoredAudienceReport {
        let scratch = try TemporaryDirectory()
        let verifier = try DirectoryVerifier(path: path ?? self.path, scratch: scratch.path, configuration: .small)
        return try verifier.verify("shop")
    }
}
