import FoundationEssentials
import LMDB
import TestSupport
import Testing

/// The check of a data file that LMDB is not asked about.
struct EnvironmentFileTests {
    /// An environment with a past: rows of all sizes put, replaced and deleted.
    private static func churned(_ seed: UInt64, transactions: Int = 60) throws -> Fixture {
        let fixture = try Fixture()
        let rows = try fixture.environment.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        let texts = try fixture.texts()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<transactions {
            try fixture.environment.withWriteTransaction { transaction in
                for _ in 0..<UInt64.random(in: 1...80, using: &generator) {
                    let key = UInt64.random(in: 0..<900, using: &generator)
                    let size = generator.chance(0.1) ? 20_000 : 300
                    let value = [UInt8](repeating: UInt8(key % 251), count: Int.random(in: 0..<size, using: &generator))
                    if generator.chance(0.4) {
                        _ = try rows.delete(forKey: key, in: transaction)
                    } else {
                        try rows.put(value, forKey: key, in: transaction)
                        try texts.put("\(key)", forKey: "text \(key)", in: transaction)
                    }
                }
            }
        }
        return fixture
    }

    private static func rows(of directory: String, readsValues: Bool = true) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        try EnvironmentFile.check(directory: directory, readsValues: readsValues) { table, _, value in
            counts[table, default: 0] += 1
            if readsValues, value == nil { counts["unread", default: 0] += 1 }
        }
        return counts
    }

    @Test("a sound file is sound after any past, and its rows are all there", arguments: 1...8 as ClosedRange<UInt64>)
    func sound(seed: UInt64) throws {
        let fixture = try Self.churned(seed)
        let table = try fixture.environment.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        let texts = try fixture.texts()
        let expected = [
            "rows": try table.keys(in: fixture.environment).count,
            "texts": try texts.keys(in: fixture.environment).count,
        ]
        fixture.environment.close()
        #expect(try Self.rows(of: fixture.directory) == expected)
        let summary = try #require(try EnvironmentFile.check(directory: fixture.directory))
        #expect(summary.tables == expected)
        #expect(summary.usedPageCount > 10 && summary.usedPageCount < summary.pageCount)
    }

    @Test("a new environment, an empty file and a missing one are no damage")
    func new() throws {
        let fixture = try Fixture()
        fixture.environment.close()
        #expect(try EnvironmentFile.check(directory: fixture.directory)?.tables == [:])
        try FileBytes.truncate(to: 0, fixture.directory + "/data.mdb")
        #expect(try EnvironmentFile.check(directory: fixture.directory) == nil)
        #expect(try EnvironmentFile.check(directory: fixture.temporary.path("nothing")) == nil)
    }

    @Test("values are what LMDB reads")
    func values() throws {
        let fixture = try Self.churned(9)
        let table = try fixture.environment.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        var expected: [[UInt8]] = []
        try fixture.environment.withReadTransaction { transaction in
            try table.forEach(in: transaction) { _, value in
                expected.append([UInt8](value))
                return .next
            }
        }
        fixture.environment.close()
        var found: [[UInt8]] = []
        try EnvironmentFile.check(directory: fixture.directory, readsValues: true) { table, _, value in
            if table == "rows" { found.append(value.map { [UInt8]($0) } ?? []) }
        }
        #expect(found == expected)
    }

    @Test(
        "pages of noise, and files cut off, are found wherever something is lost",
        arguments: 1...40 as ClosedRange<UInt64>)
    func garbage(seed: UInt64) throws {
        let fixture = try Self.churned(seed % 4, transactions: 20)
        fixture.environment.close()
        let path = fixture.directory + "/data.mdb"
        let content = try Data(contentsOf: URL(filePath: path))
        let before = try #require(try EnvironmentFile.check(directory: fixture.directory))
        var generator = SeededGenerator(seed: seed)
        let page = Int.random(in: 0..<content.count / 4096, using: &generator)
        if generator.chance(0.5) {
            var damaged = content
            for offset in page * 4096..<(page + 1) * 4096 {
                damaged[offset] = UInt8.random(in: 0...255, using: &generator)
            }
            try damaged.write(to: URL(filePath: path))
        } else {
            try content.prefix(max(1, page * 4096 - 100)).write(to: URL(filePath: path))
        }
        // Either the check says so, or nothing that is in use was hit.
        if let after = try? EnvironmentFile.check(directory: fixture.directory, readsValues: true) {
            #expect(after.tables == before.tables)
            let again = try Environment(directory: fixture.directory, options: .init(mapSizeBytes: 64 << 20))
            let table = try again.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
            #expect(try table.keys(in: again).count == before.tables["rows"])
            again.close()
        }
    }

    @Test("what damage leaves is visited, also behind a page that led to it")
    func salvage() throws {
        let fixture = try Self.churned(5)
        fixture.environment.close()
        let path = fixture.directory + "/data.mdb"
        let content = try Data(contentsOf: URL(filePath: path))
        var whole: Set<[UInt8]> = []
        try EnvironmentFile.check(directory: fixture.directory) { _, key, _ in whole.insert([UInt8](key)) }
        var damaged = content
        // Of the pages that lead to others, one that is in use.
        let branch = try #require(
            try (2..<content.count / 4096).first { page in
                guard content[page * 4096 + 10] == 1, content[page * 4096 + 11] == 0 else { return false }
                damaged = content
                for offset in page * 4096..<(page + 1) * 4096 { damaged[offset] = 0xAA }
                try damaged.write(to: URL(filePath: path))
                return (try? EnvironmentFile.check(directory: fixture.directory)) == nil
            })
        var found: Set<[UInt8]> = []
        let damages = try EnvironmentFile.salvage(directory: fixture.directory) { _, key, _ in
            found.insert([UInt8](key))
        }
        #expect(damages.allSatisfy { $0.page == UInt64(branch) || $0.reason.contains("counts") })
        #expect(!damages.isEmpty)
        #expect(found.isSuperset(of: whole))
    }

    @Test("a compacting copy of a busy environment is sound, private, and as of one commit")
    func copy() throws {
        let fixture = try Self.churned(6)
        let table = try fixture.environment.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        let keys = try table.keys(in: fixture.environment)
        let target = fixture.temporary.path("copy")
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        try fixture.environment.copyCompacted(to: target)
        #expect(permissions(ofFile: target + "/data.mdb") == 0o600)
        #expect(try EnvironmentFile.check(directory: target)?.tables["rows"] == keys.count)
        let refused = code { try fixture.environment.copyCompacted(to: target) }
        #expect(refused == LMDBError.Code(rawValue: 17))
        fixture.environment.close()

        let copy = try Environment(directory: target, options: .init(mapSizeBytes: 64 << 20, isReadOnly: true))
        let same = try copy.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        #expect(try same.keys(in: copy) == keys)
        #expect(code { _ = try copy.openTable("none", key: UInt64Key.self, value: BytesValue.self) } == .notFound)
        #expect(!FileManager.default.fileExists(atPath: target + "/lock.mdb"))
        copy.close()
    }
}
