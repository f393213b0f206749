import CLMDB
import FoundationEssentials
import Glibc
import LMDB
import TestSupport
import Testing

struct EnvironmentTests {
    @Test("a new directory is for its owner only")
    func permissionsOfANewDirectory() throws {
        let fixture = try Fixture()
        #expect(permissions(ofFile: fixture.directory) == 0o700)
        #expect(permissions(ofFile: fixture.directory + "/data.mdb") == 0o600)
        #expect(permissions(ofFile: fixture.directory + "/lock.mdb") == 0o600)
    }

    @Test("the lock file, which is written through memory, has its room on the disk from the start")
    func lockFile() throws {
        let fixture = try Fixture()
        var information = stat()
        #expect(stat(fixture.directory + "/lock.mdb", &information) == 0)
        #expect(information.st_size > 0)
        #expect(information.st_blocks * 512 >= information.st_size)
    }

    @Test("a directory without a parent is refused by name")
    func missingParent() throws {
        let temporary = try TemporaryDirectory()
        let thrown = code { _ = try Environment(directory: temporary.path("no/where")) }
        #expect(thrown == .noSuchFile)
    }

    @Test("a second open of a directory is refused, by another path too, until the first is closed")
    func secondOpen() throws {
        let fixture = try Fixture()
        let alias = fixture.temporary.path("alias")
        #expect(symlink(fixture.directory, alias) == 0)
        #expect(code { _ = try Environment(directory: fixture.directory) } == .alreadyOpen)
        #expect(code { _ = try Environment(directory: alias) } == .alreadyOpen)
        fixture.environment.close()
        #expect(code { _ = try Environment(directory: alias) } == nil)
    }

    @Test("a new directory is not mistaken for one that was removed while open")
    func removedDirectory() throws {
        let temporary = try TemporaryDirectory()
        let removed = try Environment(directory: temporary.path("removed"))
        for name in ["/data.mdb", "/lock.mdb"] { unlink(removed.directory + name) }
        #expect(rmdir(removed.directory) == 0)
        // The system gives new directories the numbers of those that are gone.
        for number in 1...20 {
            #expect(code { _ = try Environment(directory: temporary.path("new-\(number)")) } == nil)
        }
        removed.close()
    }

    @Test("dropping the last reference closes the environment")
    func dropping() throws {
        let temporary = try TemporaryDirectory()
        for _ in 1...2 {
            #expect(code { _ = try Environment(directory: temporary.path("environment")) } == nil)
        }
    }

    @Test("a failed opening leaves the directory free")
    func failedOpening() throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path("environment")
        // More address space than there is.
        let impossible = EnvironmentOptions(mapSizeBytes: 1 << 60)
        #expect(code { _ = try Environment(directory: directory, options: impossible) } == .outOfMemory)
        #expect(code { _ = try Environment(directory: directory) } == nil)
    }

    @Test("no descriptor of an environment reaches a program that a child executes")
    func closeOnExec() throws {
        let fixture = try Fixture()
        var count = 0
        // As many as there are: other tests have files open beside this one.
        for descriptor in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap({ CInt($0) })
        {
            var target = [CChar](repeating: 0, count: 4096)
            guard readlink("/proc/self/fd/\(descriptor)", &target, target.count - 1) > 0 else { continue }
            let path = String(decoding: target.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard path.hasPrefix(fixture.directory) else { continue }
            count += 1
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0, "\(path)")
        }
        #expect(count >= 2)
    }

    @Test("values survive closing and opening", arguments: [EnvironmentOptions.Durability.synced, .unsynced])
    func reopening(durability: EnvironmentOptions.Durability) throws {
        let fixture = try Fixture(.init(mapSizeBytes: 1 << 20, durability: durability))
        let texts = try fixture.texts()
        try fixture.environment.withWriteTransaction { try texts.put("Grüße", forKey: "hello", in: $0) }
        try fixture.environment.sync()
        fixture.environment.close()

        let again = try Environment(directory: fixture.directory)
        let sameTexts = try again.openTable("texts", key: StringKey.self, value: StringValue.self)
        let value = try again.withReadTransaction { try sameTexts.value(forKey: "hello", in: $0) }
        #expect(value == "Grüße")
    }

    @Test("a closed environment refuses everything")
    func closed() throws {
        let fixture = try Fixture()
        fixture.environment.close()
        fixture.environment.close()
        #expect(code { try fixture.environment.withReadTransaction { _ in } } == .closed)
        #expect(code { try fixture.environment.withWriteTransaction { _ in } } == .closed)
        #expect(code { try fixture.environment.sync() } == .closed)
        #expect(code { _ = try fixture.environment.checkReaders() } == .closed)
        #expect(code { _ = try fixture.environment.usage } == .closed)
        #expect(code { _ = try fixture.numbers() } == .closed)
    }

    @Test("closing waits for the transactions that are open")
    func closingInsideATransaction() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        try fixture.environment.withWriteTransaction { try numbers.put(5, forKey: 1, in: $0) }
        try fixture.environment.withReadTransaction { transaction throws in
            fixture.environment.close()
            #expect(try numbers.value(forKey: 1, in: transaction) == 5)
            #expect(code { _ = try Environment(directory: fixture.directory) } == .alreadyOpen)
        }
        #expect(code { _ = try Environment(directory: fixture.directory) } == nil)
    }

    @Test("more tables than were asked for are refused by name")
    func tablesFull() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 1 << 20, tableCountMax: 1))
        _ = try fixture.numbers()
        _ = try fixture.numbers()
        #expect(code { _ = try fixture.texts() } == .tablesFull)
    }

    @Test("a table with duplicate keys, which lose rows in LMDB, is refused")
    func duplicateKeys() throws {
        let fixture = try Fixture()
        fixture.environment.close()
        try makeTableWithDuplicateKeys(named: "numbers", in: fixture.directory)
        let again = try Environment(directory: fixture.directory)
        let thrown = code { _ = try again.openTable("numbers", key: UInt64Key.self, value: UInt64Value.self) }
        #expect(thrown == .incompatible)
    }

    @Test("usage tells size, use and slots")
    func usage() throws {
        let fixture = try Fixture(.init(mapSizeBytes: 100_000, readerCountMax: 7, durability: .unsynced))
        let numbers = try fixture.numbers()
        let before = try fixture.environment.usage
        #expect(before.pageSizeBytes == sysconf(Int32(_SC_PAGESIZE)))
        #expect(
            before.mapSizeBytes == (100_000 + before.pageSizeBytes - 1) / before.pageSizeBytes * before.pageSizeBytes)
        #expect(before.readerSlotCountMax == 7)
        #expect(before.readerSlotCount == 0)
        try fixture.environment.withWriteTransaction { transaction in
            for key in 1...1000 as ClosedRange<UInt64> { try numbers.append(key, forKey: key, in: transaction) }
        }
        try fixture.environment.withReadTransaction { _ in }
        let after = try fixture.environment.usage
        #expect(after.usedBytes >= before.usedBytes + 16_000)
        #expect(after.usedPart > before.usedPart)
        #expect(after.readerSlotCount == 1)
    }
}

private func makeTableWithDuplicateKeys(named name: String, in directory: String) throws {
    var environment: OpaquePointer?
    var transaction: OpaquePointer?
    var table: MDB_dbi = 0
    let results = [
        mdb_env_create(&environment), mdb_env_set_maxdbs(environment, 4),
        mdb_env_open(environment, directory, 0, 0o600),
        mdb_txn_begin(environment, nil, 0, &transaction),
        mdb_dbi_open(transaction, name, UInt32(MDB_CREATE | MDB_DUPSORT), &table), mdb_txn_commit(transaction),
    ]
    mdb_env_close(environment)
    try #require(results.allSatisfy { $0 == 0 })
}
