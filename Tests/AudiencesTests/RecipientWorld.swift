import Admission
import SegmentModel
import TestSupport

@testable import Audiences

/// An audience without a delay, whose segment `VIP` has the contacts with the tag.
struct RecipientWorld {
    let home: TemporaryDirectory
    let clock: ManualClock
    var directory: DataDirectory
    var audience: Audience

    init() async throws {
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try await directory.create(
            id: "shop", settings: AudienceSettings(name: "Shop", visibilityDelayMicroseconds: 0))
        _ = try await audience.save(name: "VIP", where: ["tag": "vip"])
    }

    /// As a process that ends and is started again.
    mutating func restart() async throws {
        try await directory.close()
        directory = try await DataDirectory.open(path: home.path, configuration: .small, clock: clock)
        audience = try directory.audience("shop")
    }

    /// The file of the list with that number.
    func file(_ number: Int) -> String { home.path("audiences/shop/sent/\(number)") }

    /// Says something of contacts; it counts from the next microsecond of the clock on.
    func say(_ changes: [ContactChange]) async throws {
        let events = changes.enumerated().map { index, change in
            Event(
                source: "test", id: Identifier("\(clock.now().microseconds)-\(index)"), time: clock.now(),
                fact: .contactChanged(change))
        }
        _ = try await audience.ingest(AdmittedBatch(events))
        clock.advance(by: 1)
    }

    /// A contact with the tag.
    static func vip(
        _ id: String, email: String? = "x@y.test", status: String? = nil
    ) -> ContactChange {
        var change = ContactChange(contact: Identifier(id), tags: .edit(add: ["vip"], remove: []))
        change.attributes = [AttributeChange(key: .known(.email), value: email.map { .text($0) })]
        if let status { change.attributes.append(AttributeChange(key: .known(.status), value: .text(status))) }
        return change
    }

    /// All recipients of a campaign, page by page.
    func recipients(_ campaign: Identifier, pageCount: Int = 1_000) async throws -> [Member] {
        var recipients: [Member] = []
        var after: Identifier?
        repeat {
            let page = try await audience.recipients(of: campaign, after: after, limit: pageCount)
            recipients += page.recipients
            after = page.next
        } while after != nil
        return recipients
    }

    func close() async throws {
        try await directory.close()
    }
}
