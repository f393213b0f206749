import Admission
import EventLog
import FoundationEssentials
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

@Suite struct SalvageTests {
    private func salvage(_ shop: StoredShop) throws -> (AudienceSalvage, path: String) {
        let path = shop.home.path("saved")
        let salvage = try DirectorySalvage(from: shop.path, to: path, configuration: .small)
        #expect(salvage.audiences == ["shop"])
        return (salvage.save("shop"), path)
    }

    private func rows(_ shop: StoredShop) throws -> [(key: UInt64, record: [UInt8])] {
        var rows: [(UInt64, [UInt8])] = []
        try EnvironmentFile.check(directory: shop.audience + "/log", readsValues: true) { table, key, value in
            guard table == "events", let value else { return }
            rows.append((key.reduce(0) { $0 << 8 | UInt64($1) }, [UInt8](value)))
        }
        return rows
    }

    @Test func `of a sound directory everything is saved`() async throws {
        let shop = try await StoredShop()
        let expected = try await shop.served()
        let (found, path) = try salvage(shop)
        #expect(found.isComplete, "\(found)")
        #expect(found.log.eventCount == UInt64(StoredShop.events))
        #expect(try await shop.served(at: path) == expected)
        #expect(try shop.verify(path).digest == shop.verify().digest)
    }

    @Test func `an audience whose log is gone is named, and one in an exchange of logs is saved from what decides`()
        async throws
    {
        let shop = try await StoredShop()
        let expected = try await shop.served()
        let (log, rewrite) = (shop.audience + "/log", shop.audience + "/rewrite")
        try FileManager.default.createDirectory(atPath: rewrite, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: log, toPath: rewrite + "/log")
        try FileManager.default.moveItem(atPath: log, toPath: shop.audience + "/log.former")
        #expect(try shop.verify().problems.first?.contains("was cut short") == true)
        let (found, path) = try salvage(shop)
        #expect(found.failure == nil && found.log.eventCount == UInt64(StoredShop.events))
        #expect(try await shop.served(at: path) == expected)
        try FileManager.default.removeItem(atPath: path)
        for lost in [rewrite, shop.audience + "/log.former"] { try FileManager.default.removeItem(atPath: lost) }
        #expect(try salvage(shop).0.failure != nil)
    }

    @Test func `a damaged block is lost, named by sequence and id, and the rest keeps its instants`() async throws {
        let shop = try await StoredShop()
        let rows = try rows(shop)
        try #require(rows.count >= 2)
        let (first, record) = rows[1]
        let end = rows.count > 2 ? rows[2].key - 1 : UInt64(StoredShop.events)
        let file = shop.audience + "/log/data.mdb"
        let offset = try #require(try FileBytes.position(of: record, in: file))
        try FileBytes.flipBit(at: offset + record.count / 2, in: file)
        let (found, path) = try salvage(shop)
        #expect(!found.isComplete)
        #expect(found.log.lostSequences == [first...end])
        #expect(found.log.lostCount == end - first + 1)
        #expect(found.log.isRenumbered == (rows.count > 2))
        #expect(found.log.lostEvents.map(\.sequence) == Array(first...end))
        let lost = try #require(found.log.lostEvents.first)
        let event = shop.event(Int(first) - 1)
        #expect((lost.source, lost.id) == (event.source.text, event.id.text))
        // The sources send it again, and everything is there.
        let verified = try shop.verify(path)
        #expect(verified.isSound)
        #expect(verified.lastSequence == UInt64(StoredShop.events) - found.log.lostCount)
        try await shop.run(at: path) { audience in
            let again = try await audience.ingest(AdmittedBatch((0..<StoredShop.events).map(shop.event)))
            #expect(UInt64(again.appended) == found.log.lostCount)
        }
    }

    @Test func `a lost definition takes with it only what makes no sense without it`() async throws {
        let shop = try await StoredShop()
        var definitions: [[UInt8]] = []
        try EnvironmentFile.check(directory: shop.audience + "/log", readsValues: true) { table, _, value in
            if table == "definitions", let value { definitions.append([UInt8](value)) }
        }
        let file = shop.audience + "/log/data.mdb"
        let content = try Data(contentsOf: URL(filePath: file))
        var damaged = content
        // The segment VIP, wherever a copy of it lies.
        for place in content.indices where content[place...].starts(with: definitions[1]) { damaged[place + 20] ^= 1 }
        try damaged.write(to: URL(filePath: file))
        let (found, path) = try salvage(shop)
        #expect(found.log.lostDefinitions == [2])
        #expect(found.definitionsKept == 4)
        #expect(try await shop.served(at: path).members.keys.sorted() == ["Buyers"])
    }

    @Test func `behind garbage pages there is what still lies in the file`() async throws {
        let shop = try await StoredShop()
        let file = shop.audience + "/log/data.mdb"
        var content = try Data(contentsOf: URL(filePath: file))
        // Both heads: nothing leads anywhere any more.
        for offset in 0..<2 * 4096 { content[offset] = 0x5A }
        try content.write(to: URL(filePath: file))
        let (found, path) = try salvage(shop)
        #expect(found.failure == nil, "\(found)")
        #expect(found.log.eventCount == UInt64(StoredShop.events))
        #expect(!found.log.damages.isEmpty)
        #expect(try shop.verify(path).isSound)
    }

    @Test func `an audience without settings cannot be saved, and that is said`() async throws {
        let shop = try await StoredShop()
        try FileBytes.truncate(to: 8192, shop.audience + "/log/data.mdb")
        let (found, path) = try salvage(shop)
        #expect(found.failure?.contains("settings") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/audiences").isEmpty)
    }

    @Test func `nothing is saved over anything, nor from under a daemon`() async throws {
        let shop = try await StoredShop()
        #expect(throws: AudienceError.self) {
            _ = try DirectorySalvage(from: shop.path, to: shop.home.path, configuration: .small)
        }
        try await shop.run { _ in
            let error = #expect(throws: AudienceError.self) { _ = try salvage(shop) }
            #expect(error?.code == .directoryInUse)
            let other = #expect(throws: AudienceError.self) { _ = try shop.verify() }
            #expect(other?.code == .directoryInUse)
        }
    }
}
