import Admission
import EventLog
import FoundationEssentials
import SegmentModel
import TestSupport

@testable import Audiences

/// An audience with prebuilt segments, and a clock that a test moves.
final class ProvidedShop {
    let home: TemporaryDirectory
    let clock: ManualClock
    private var directory: DataDirectory
    private(set) var audience: Audience

    /// The folder of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// What is shipped.
    static func shipped() throws -> AudienceProvisions {
        AudienceProvisions(
            templates: try SegmentTemplate.read(directory: root + "/Config/prebuilt"),
            platforms: try PlatformCapabilities.read(file: root + "/Config/platforms.json"))
    }

    init(
        _ provisions: AudienceProvisions, at now: String = "2026-03-01T12:00:00Z", mapSizeBytes: Int = 64 << 20,
        _ change: (inout AudienceSettings) -> Void = { _ in }
    ) async throws {
        home = try TemporaryDirectory()
        clock = ManualClock(try Instant(rfc3339: now))
        directory = try await DataDirectory.open(
            path: home.path, configuration: Self.configuration(provisions, mapSizeBytes), clock: clock)
        var settings = AudienceSettings(
            name: "Shop", timezone: "Europe/London", currency: "GBP", visibilityDelayMicroseconds: 0)
        change(&settings)
        audience = try await directory.create(id: "shop", settings: settings)
    }

    private static func configuration(_ provisions: AudienceProvisions, _ mapSizeBytes: Int) -> AudienceConfiguration {
        AudienceConfiguration(mapSizeBytes: mapSizeBytes, provisions: provisions)
    }

    /// Closes the directory and opens it again, with other provisions if they are given.
    func restart(_ provisions: AudienceProvisions) async throws {
        try await directory.close()
        directory = try await DataDirectory.open(
            path: home.path, configuration: Self.configuration(provisions, 64 << 20), clock: clock)
        audience = try directory.audience("shop")
        await audience.projection.settleFits()
    }

    func close() async throws { try await directory.close() }

    /// Hands events in and goes on a second, or as far as the visibility delay lasts, and until nothing is left to be fitted.
    @discardableResult
    func ingest(_ lines: String) async throws -> IngestReceipt {
        let admission = NDJSONAdmission()
        admission.feed(Array(lines.utf8))
        let receipt = try await audience.ingest(admission.finish())
        try await pass(seconds: 1)
        return receipt
    }

    func pass(seconds: Int64) async throws {
        clock.advance(by: seconds * 1_000_000)
        try await audience.tick()
        await audience.projection.settleFits()
    }

    func members(of segment: String) async throws -> String {
        try await audience.members(of: segment).members.map(\.contact.text).joined(separator: " ")
    }

    /// The members of a definition that is not saved, told by a sample that is large enough.
    func members(where definition: JSONValue) async throws -> String {
        try await audience.review(definition, sample: 1_000).sample.map(\.text).joined(separator: " ")
    }

    /// The records of the definitions table of that kind.
    func records(_ kind: String) throws -> [JSONValue] {
        try audience.log.definitions().filter { $0["kind"]?.stringValue == kind }
    }

    /// Why the body was refused.
    func failure(_ body: () async throws -> Void) async -> AudienceError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? AudienceError
        }
    }
}

extension ProvidedShop {
    /// An order as a line of NDJSON.
    static func order(
        _ number: String, _ contact: String, _ placedAt: String, _ total: String, _ more: String = ""
    ) -> String {
        """
        {"specversion":"1.0","type":"order.placed","source":"shop","id":"order-\(number)","time":"\(placedAt)",\
        "data":{"store":"web","order":"\(number)","contact":"\(contact)","currency":"GBP","total":\(total)\(more)}}

        """
    }

    static func contact(_ id: String) -> String {
        """
        {"specversion":"1.0","type":"contact.changed","source":"shop","id":"contact-\(id)",\
        "time":"2025-01-01T00:00:00Z","data":{"contact":"\(id)"}}

        """
    }

    static func connected(_ id: String, _ platform: String, name: String, _ more: String = "") -> String {
        """
        {"specversion":"1.0","type":"integration.connected","source":"shop","id":"connected-\(id)-\(name)",\
        "data":{"integration":"\(id)","platform":"\(platform)","stores":[{"store":"\(id)","name":"\(name)"}]\(more)}}

        """
    }

    static func disconnected(_ id: String) -> String {
        """
        {"specversion":"1.0","type":"integration.disconnected","source":"shop","id":"disconnected-\(id)",\
        "data":{"integration":"\(id)"}}

        """
    }
}
