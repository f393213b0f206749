import Admission
import EventLog
import FoundationEssentials
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import Audiences

/// Damage to a directory that nobody has open, as the next start finds it.
@Suite struct DirectoryDamageTests {
    private func failure(_ shop: StoredShop) async -> AudienceError? {
        do {
            _ = try await shop.served()
            return nil
        } catch {
            return error as? AudienceError
        }
    }

    /// The offset of the middle of a row's value in a data file.
    private func place(of table: String, in directory: String, row: Int = 0) throws -> Int {
        var values: [[UInt8]] = []
        try EnvironmentFile.check(directory: directory, readsValues: true) { name, _, value in
            if name == table, let value { values.append([UInt8](value)) }
        }
        let value = values[row]
        try #require(value.count > 8)
        let start = try #require(try FileBytes.position(of: value, in: directory + "/data.mdb"))
        return start + value.count / 2
    }

    private func view(_ shop: StoredShop) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: shop.audience + "/view")
        return shop.audience + "/view/" + (try #require(names.first))
    }

    @Test func `a changed bit in the log refuses the start and names audience, event and what to do`() async throws {
        let shop = try await StoredShop()
        _ = try await shop.served()
        // As after a backup: nothing that is derived hides it.
        for name in ["index", "view"] { FileTree.remove(shop.audience + "/" + name) }
        let offset = try place(of: "events", in: shop.audience + "/log")
        try FileBytes.flipBit(at: offset, in: shop.audience + "/log/data.mdb")
        let error = await failure(shop)
        #expect(error?.code == .dataDamaged)
        let message = error?.message ?? ""
        for part in ["“shop”", shop.audience, "event 1 is damaged", "backup", "segment-replay salvage"] {
            #expect(message.contains(part), "\(message)")
        }
        #expect(try shop.verify().problems.first?.contains("event 1 ") == true)
    }

    @Test(arguments: ["sequence", "log cut off", "garbage page"])
    func `a log whose pages are damaged is refused before anything is read of it`(kind: String) async throws {
        let shop = try await StoredShop()
        let file = shop.audience + "/log/data.mdb"
        var content = try Data(contentsOf: URL(filePath: file))
        switch kind {
        case "log cut off": content = content.prefix(content.count / 2)
        case "garbage page":
            for offset in 4096 * 3..<content.count - 4096 * 2 {
                content[offset] = UInt8(truncatingIfNeeded: offset &* 7)
            }
        default: content[144] ^= 8
        }
        try content.write(to: URL(filePath: file))
        let error = await failure(shop)
        #expect(error?.code == .dataDamaged)
        #expect(error?.message.contains("log/data.mdb") == true, "\(error?.message ?? "")")
        #expect(!(try shop.verify().isSound))
    }

    @Test func `a damaged view is built anew, and said so`() async throws {
        let shop = try await StoredShop()
        let expected = try await shop.served()
        var record: [UInt8] = []
        try EnvironmentFile.check(directory: view(shop), readsValues: true) { table, key, value in
            if table == "records", key.last == 5, let value { record = [UInt8](value) }
        }
        let file = try view(shop) + "/data.mdb"
        var content = try Data(contentsOf: URL(filePath: file))
        // Every copy of it: LMDB leaves some in the gaps of other pages.
        while let range = content.firstRange(of: Data(record)) { content[range.lowerBound + record.count / 2] ^= 0x10 }
        try content.write(to: URL(filePath: file))
        try await shop.run { audience in
            #expect(audience.repairs.count == 1)
            #expect(audience.repairs.first?.contains("view") == true)
            let served = try await StoredShop.served(by: audience)
            #expect(served == expected)
        }
        try await shop.run { #expect($0.repairs.isEmpty) }
        #expect(try shop.verify().view == .agrees)
    }

    @Test func `a view without one of its tables is not an audience without contacts`() async throws {
        let shop = try await StoredShop()
        let expected = try await shop.served()
        let file = try view(shop) + "/data.mdb"
        let name = try #require(try FileBytes.position(of: Array("records".utf8), in: file))
        var content = try Data(contentsOf: URL(filePath: file))
        while let range = content.firstRange(of: Data("records".utf8)) { content[range.lowerBound] = UInt8(ascii: "s") }
        try content.write(to: URL(filePath: file))
        #expect(name > 0)
        try await shop.run { audience in
            #expect(!audience.repairs.isEmpty)
            let served = try await StoredShop.served(by: audience)
            #expect(served == expected)
        }
    }

    @Test(arguments: ["ids", "sources"])
    func `a damaged index is built anew, so that no event is taken twice`(table: String) async throws {
        let shop = try await StoredShop()
        let file = shop.audience + "/index/data.mdb"
        let key = table == "ids" ? Array("event-301-x".utf8) : Array("till".utf8)
        let offset = try #require(try FileBytes.position(of: key, in: file))
        var content = try Data(contentsOf: URL(filePath: file))
        // Every copy of it, as a stale page may hold one too.
        for place in content.indices where content[place...].starts(with: key) { content[place + 2] ^= 0x20 }
        #expect(offset > 0)
        try content.write(to: URL(filePath: file))
        try await shop.run { audience in
            #expect(audience.repairs.first?.contains("index") == true)
            let again = try await audience.ingest(AdmittedBatch((0..<StoredShop.events).map(shop.event)))
            #expect((again.appended, again.duplicates) == (0, StoredShop.events))
        }
    }

    @Test func `a definition that the log has lost is missed`() async throws {
        let shop = try await StoredShop()
        let log = try Environment(
            directory: shop.audience + "/log", options: EnvironmentOptions(mapSizeBytes: 64 << 20))
        let table = try log.openTable("definitions", key: UInt64Key.self, value: BytesValue.self)
        try log.withWriteTransaction { transaction in
            let last = try table.last(in: transaction)?.key ?? 0
            #expect(try table.delete(forKey: last, in: transaction))
        }
        log.close()
        let error = await failure(shop)
        #expect(error?.code == .dataDamaged)
        #expect(error?.message.contains("definition 5") == true, "\(error?.message ?? "")")
    }

    @Test func `an index of a version that wrote no sums is believed and gets them`() async throws {
        let shop = try await StoredShop()
        let index = try Environment(
            directory: shop.audience + "/index", options: EnvironmentOptions(mapSizeBytes: 64 << 20))
        let state = try index.openTable("state", key: StringKey.self, value: UInt64Value.self)
        try index.withWriteTransaction { transaction in
            for key in ["digest", "filterDigest", "definitions"] { _ = try state.delete(forKey: key, in: transaction) }
        }
        index.close()
        try await shop.run { audience in
            #expect(audience.repairs.isEmpty)
            let again = try await audience.ingest(AdmittedBatch([shop.event(3), shop.event(7_777)]))
            #expect((again.appended, again.duplicates) == (1, 1))
        }
        try await shop.run { #expect($0.repairs.isEmpty) }
        #expect(try shop.verify().index == .agrees)
    }

    @Test func `sound directories are found sound, whatever they have been through`() async throws {
        let shop = try await StoredShop()
        for round in 0..<3 {
            try await shop.run { audience in
                _ = try await audience.ingest(AdmittedBatch([shop.event(20_000 + round), shop.event(4)]))
                shop.clock.advance(by: 1_000_000)
                try await audience.tick()
                // Makes filters.
                _ = try await audience.contact("c5")
            }
            let found = try shop.verify()
            #expect(found.isSound, "\(found)")
            #expect(found.index == .agrees && found.view == .agrees)
            #expect(found.recipientLists == 2 && found.definitions == 5)
        }
    }

    @Test func `verify names a damaged list`() async throws {
        let shop = try await StoredShop()
        try FileBytes.flipBit(at: 30, in: shop.audience + "/sent/1")
        #expect(try shop.verify().problems.first?.contains("spring") == true)
    }
}
