import Admission
import FoundationEssentials
import LMDB
import SegmentModel
import TestSupport

@testable import Audiences

/// An audience without a delay, its list of erasures beside the data, and contacts whose every text can be looked for.
struct ErasureWorld {
    /// Everything that was said of eva and of nobody else.
    static let canaries = [
        "eva-17", "eva@canary.test", "order-4711", "tag-of-eva", "https://shop.test/of-eva", "value-of-eva",
        "event-of-eva",
        "product-of-eva", "fields-of-eva", "city-of-eva",
    ]

    let home: TemporaryDirectory
    let clock: ManualClock
    var directory: DataDirectory

    init() async throws {
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        directory = try await Self.open(home.path("data"), home.path("erasures"), clock)
        let audience = try await directory.create(
            id: "shop", settings: AudienceSettings(name: "Shop", visibilityDelayMicroseconds: 0))
        _ = try await audience.save(name: "Reachable", where: ["field": "email", "op": "is_not_blank"])
        _ = try await audience.save(name: "Buyers", where: ["activity": "order"])
    }

    var audience: Audience { get throws { try directory.audience("shop") } }
    var data: String { home.path("data") }

    static func open(
        _ data: String, _ list: String, _ clock: ManualClock, steps: DurableSteps = .system
    ) async throws -> DataDirectory {
        var configuration = AudienceConfiguration(
            mapSizeBytes: 64 << 20, erasure: ErasureSettings(listDirectory: list))
        configuration.steps = steps
        return try await DataDirectory.open(path: data, configuration: configuration, clock: clock)
    }

    /// As a process that ends and is started again, on the same data or on others.
    mutating func restart(on data: String? = nil) async throws {
        try await directory.close()
        directory = try await Self.open(data ?? self.data, home.path("erasures"), clock)
    }

    /// Everything about eva, and something about bob.
    func tell() async throws {
        let eva: Identifier = "eva-17"
        try await say(
            [
                .contactChanged(
                    ContactChange(
                        contact: eva,
                        attributes: [
                            AttributeChange(key: .known(.email), value: .text("eva@canary.test")),
                            AttributeChange(key: .known(.city), value: .text("city-of-eva")),
                            AttributeChange(key: .custom("fields-of-eva"), value: .text("value-of-eva")),
                        ], tags: .edit(add: ["tag-of-eva"], remove: []))),
                .orderPlaced(
                    OrderState(
                        key: OrderKey(store: "web", order: "order-4711"), contact: eva, currency: "EUR",
                        total: Amount(tenThousandths: 100_000),
                        lines: [
                            OrderLine(
                                product: "product-of-eva", quantity: Amount(tenThousandths: 10_000),
                                price: Amount(tenThousandths: 100_000))
                        ])),
                .orderCancelled(OrderKey(store: "web", order: "order-4711")),
                .campaignActivity(
                    CampaignActivity(kind: .clicked, contact: eva, campaign: "spring", url: "https://shop.test/of-eva")),
            ], id: "event-of-eva")
        try await say([Self.reachable("bob"), Self.reachable("zoe")], id: "others")
    }

    static func reachable(_ contact: String) -> Fact {
        .contactChanged(
            ContactChange(
                contact: Identifier(contact),
                attributes: [AttributeChange(key: .known(.email), value: .text(contact + "@x.test"))]))
    }

    /// Hands facts in, and moves the clock to where they count.
    func say(_ facts: [Fact], id: String) async throws {
        let events = facts.enumerated().map { index, fact in
            Event(source: "shop", id: Identifier("\(id)-\(index)"), time: clock.now(), fact: fact)
        }
        _ = try await audience.ingest(AdmittedBatch(events))
        try await pass(1)
    }

    /// Moves the clock by microseconds, and the frontier with it.
    func pass(_ microseconds: Int64) async throws {
        clock.advance(by: microseconds)
        try await audience.tick()
    }

    /// The files of a directory that have the bytes of one of the canaries in them.
    static func residue(in path: String) throws -> [String] {
        var found: [String] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            guard let content = Audiences.FileBytes.read(path + "/" + name) else { continue }
            let data = Data(content)
            for canary in canaries where data.firstRange(of: Data(canary.utf8)) != nil {
                found.append("\(name): \(canary)")
            }
        }
        return found
    }
}
