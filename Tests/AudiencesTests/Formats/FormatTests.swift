import Admission
import EventLog
import FoundationEssentials
import Glibc
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Directories as releases have left them, and as later ones may.
///
/// `Tests/Fixtures/format-1` is one that this release's format 1 wrote. With SEGMENTD_UPDATE_FIXTURES set it is written
/// anew: only ever when a format gets a version of its own.
@Suite struct FormatTests {
    private static let fixture: String = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return tests.path + "/Fixtures/format-1"
    }()

    private static let events = [
        #"{"specversion":"1.0","id":"1","source":"web","type":"contact.changed","data":{"contact":"ada","email":"ada@example.org","country":"FR","tags":{"add":["vip"]},"fields":{"size":"L"}}}"#,
        #"{"specversion":"1.0","id":"2","source":"web","type":"contact.changed","data":{"contact":"bo","email":"bo@example.org","country":"DE","tags":{"add":["vip"]}}}"#,
        #"{"specversion":"1.0","id":"3","source":"web","type":"contact.changed","data":{"contact":"cy","status":"unsubscribed","tags":{"add":["vip"]}}}"#,
        #"{"specversion":"1.0","id":"order-7","source":"till","type":"order.placed","time":"2026-02-20T09:00:00Z","data":{"order":"7","contact":"bo","store":"s","currency":"EUR","total":"120.50","lines":[{"product":"p1","quantity":2,"price":"60.25"}]}}"#,
        #"{"specversion":"1.0","id":"order-8","source":"till","type":"order.placed","time":"2025-06-01T09:00:00Z","data":{"order":"8","contact":"ada","store":"s","currency":"EUR","total":"10"}}"#,
        #"{"specversion":"1.0","id":"c7d3f1de-1111-4222-8333-444455556666","source":"mail","type":"campaign.opened","time":"2026-02-25T08:00:00Z","data":{"contact":"cy","campaign":"winter"}}"#,
        #"{"specversion":"1.0","id":"i1","source":"till","type":"integration.connected","data":{"integration":"i1","platform":"shopify","stores":[{"store":"s"}]}}"#,
    ]

    private func write(to path: String) async throws {
        let clock = ManualClock(try Instant(rfc3339: "2026-03-01T12:00:00Z"))
        let data = try await DataDirectory.open(path: path, configuration: .small, clock: clock)
        let shop = try await data.create(
            id: "shop",
            settings: AudienceSettings(
                name: "Shop", timezone: "Europe/Paris", currency: "EUR", visibilityDelayMicroseconds: 0,
                fieldTypes: ["renewal": .date]))
        _ = try await shop.save(name: "VIP", where: ["tag": "vip"])
        _ = try await shop.save(name: "Recent", where: ["activity": "order", "within": ["last": "P30D"]])
        _ = try await shop.save(name: "Opened", where: ["activity": "open"])
        let admission = NDJSONAdmission()
        admission.feed(Array((Self.events.joined(separator: "\n") + "\n").utf8))
        _ = try await shop.ingest(admission.finish())
        clock.advance(by: 1_000_000)
        try await shop.tick()
        _ = try await shop.send("VIP", campaign: "spring")
        _ = try await shop.contact("ada")
        try await data.close()
    }

    private func fixture() async throws -> TemporaryDirectory {
        if getenv("SEGMENTD_UPDATE_FIXTURES") != nil {
            FileTree.remove(Self.fixture)
            try await write(to: Self.fixture)
            for name in try FileManager.default.subpathsOfDirectory(atPath: Self.fixture)
            where name.hasSuffix("lock.mdb") {
                try FileManager.default.removeItem(atPath: Self.fixture + "/" + name)
            }
            FileTree.remove(Self.fixture + "/lock")
        }
        let place = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: Self.fixture, toPath: place.path("data"))
        return place
    }

    /// Opens a directory as it stands and lends its audience.
    private func run(_ place: TemporaryDirectory, _ body: (Audience) async throws -> Void) async throws {
        let clock = ManualClock(try Instant(rfc3339: "2026-03-02T12:00:00Z"))
        let data = try await DataDirectory.open(path: place.path("data"), configuration: .small, clock: clock)
        try await body(try data.audience("shop"))
        try await data.close()
    }

    private func refusal(_ place: TemporaryDirectory) async -> AudienceError? {
        do {
            try await run(place) { _ in }
            return nil
        } catch {
            return error as? AudienceError
        }
    }

    private func checkMembers(_ shop: Audience) async throws {
        let served = try await StoredShop.served(by: shop)
        #expect(served.members == ["VIP": ["ada", "bo", "cy"], "Recent": ["bo"], "Opened": ["cy"]])
        #expect(served.lastSequence == 7)
    }

    private func put(
        _ bytes: [UInt8], _ key: UInt64, in table: String, of directory: String
    ) throws {
        let environment = try Environment(directory: directory, options: EnvironmentOptions(mapSizeBytes: 64 << 20))
        let rows = try environment.openTable(table, key: UInt64Key.self, value: BytesValue.self)
        try environment.withWriteTransaction { try rows.put(bytes, forKey: key, in: $0) }
        environment.close()
    }

    private func view(_ place: TemporaryDirectory) throws -> String {
        let views = place.path("data/audiences/shop/view")
        return views + "/" + (try #require(FileManager.default.contentsOfDirectory(atPath: views).first))
    }

    @Test func `a directory of format 1 opens, and everything in it is what it was`() async throws {
        let place = try await fixture()
        try await run(place) { shop in
            #expect(shop.repairs.isEmpty, "\(shop.repairs)")
            try await checkMembers(shop)
            let list = try await shop.recipients(of: "spring", limit: 10)
            #expect(
                list.recipients == [
                    Member(contact: "ada", email: "ada@example.org"), Member(contact: "bo", email: "bo@example.org"),
                ])
            #expect(shop.settings().timezone == "Europe/Paris")
            let admission = NDJSONAdmission()
            admission.feed(Array((Self.events.joined(separator: "\n") + "\n").utf8))
            #expect(try await shop.ingest(admission.finish()).duplicates == 7)
        }
        let scratch = try TemporaryDirectory()
        let found = try DirectoryVerifier(path: Self.fixture, scratch: scratch.path, configuration: .small).verify(
            "shop")
        #expect(found.isSound, "\(found)")
        #expect(found.view == .agrees)
    }

    @Test(arguments: ["data/FORMAT", "data/audiences/shop/FORMAT"])
    func `a newer directory is refused, and both formats are named`(file: String) async throws {
        let place = try await fixture()
        let text = try String(contentsOfFile: place.path(file), encoding: .utf8)
        try text.replacing("format 1", with: "format 2").write(
            toFile: place.path(file), atomically: false, encoding: .utf8)
        let error = await refusal(place)
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains("format 2") == true && error?.message.contains("format 1") == true)
    }

    @Test(arguments: [("events", "version 3", "version 2"), ("definitions", "version 3", "version 1")])
    func `a newer record of the log is refused, and both versions are named`(
        table: String, newer: String, known: String
    ) async throws {
        let place = try await fixture()
        let log = place.path("data/audiences/shop/log")
        try put([3] + [UInt8](repeating: 0, count: 60), table == "events" ? 1 : 5, in: table, of: log)
        let error = await refusal(place)
        #expect(error?.code == .unsupportedFormat)
        #expect(error?.message.contains(newer) == true && error?.message.contains(known) == true)
    }

    @Test func `a newer form of the file of the log is refused, and both versions are named`() async throws {
        let place = try await fixture()
        let file = place.path("data/audiences/shop/log/data.mdb")
        var content = try Data(contentsOf: URL(filePath: file))
        for head in [0, 4096] { content[head + 20] = 2 }
        try content.write(to: URL(filePath: file))
        let error = await refusal(place)
        #expect(error?.code == .dataDamaged)
        #expect(error?.message.contains("version 2; this program reads version 1") == true)
    }

    @Test func `a newer view is built anew, and both versions are named`() async throws {
        let place = try await fixture()
        let environment = try Environment(directory: view(place), options: EnvironmentOptions(mapSizeBytes: 64 << 20))
        let state = try environment.openTable("state", key: StringKey.self, value: BytesValue.self)
        try environment.withWriteTransaction { transaction in
            var bytes = try #require(try state.value(forKey: "view", in: transaction))
            bytes[0] = 3
            try state.put(bytes, forKey: "view", in: transaction)
        }
        environment.close()
        try await run(place) { shop in
            let repair = shop.repairs.first
            #expect(repair?.contains("version 3; this version of segmentd reads version 2 and before") == true)
            try await checkMembers(shop)
        }
    }

    @Test func `a newer checkpoint is not used`() async throws {
        let place = try await fixture()
        let file = try view(place) + "/checkpoint"
        var content = try Data(contentsOf: URL(filePath: file))
        content[0] = 2
        try content.write(to: URL(filePath: file))
        try await run(place) { try await checkMembers($0) }
    }

    @Test func `a newer index is built anew, and both versions are named`() async throws {
        let place = try await fixture()
        let file = place.path("data/audiences/shop/index/data.mdb")
        var content = try Data(contentsOf: URL(filePath: file))
        for head in [0, 4096] { content[head + 20] = 2 }
        try content.write(to: URL(filePath: file))
        try await run(place) { shop in
            #expect(shop.repairs.first?.contains("version 2; this program reads version 1") == true)
            try await checkMembers(shop)
        }
    }

    @Test func `a newer recipient list is refused, and both versions are named`() async throws {
        let place = try await fixture()
        let file = place.path("data/audiences/shop/sent/1")
        var content = try Data(contentsOf: URL(filePath: file))
        let length = content.suffix(4).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        content[content.count - 4 - length] = 2
        try content.write(to: URL(filePath: file))
        try await run(place) { shop in
            let error = await #expect(throws: AudienceError.self) {
                _ = try await shop.recipients(of: "spring", limit: 10)
            }
            #expect(error?.code == .listDamaged)
            #expect(error?.message.contains("version 2; this version of segmentd reads version 1") == true)
        }
    }
}
