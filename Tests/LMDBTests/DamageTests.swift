import Glibc
import LMDB
import TestSupport
import Testing

struct DamageTests {
    @Test("a file that was cut off answers with an error instead of killing the process")
    func truncatedFile() throws {
        let fixture = try Fixture()
        let numbers = try fixture.numbers()
        try fixture.environment.withWriteTransaction { transaction in
            for key in 0..<20_000 as Range<UInt64> { try numbers.append(key, forKey: key, in: transaction) }
        }
        fixture.environment.close()
        let file = fixture.directory + "/data.mdb"
        #expect(truncate(file, status(ofFile: file).st_size / 8) == 0)

        let again = try Environment(directory: fixture.directory)
        let thrown = code {
            let numbers = try again.openTable("numbers", key: UInt64Key.self, value: UInt64Value.self)
            _ = try numbers.keys(in: again)
        }
        #expect(thrown == .corrupted)
    }

    @Test("a sound file that lacks its last free pages opens with all its rows")
    func shortFile() throws {
        let fixture = try Fixture()
        let rows = try fixture.environment.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        var generator = SeededGenerator(seed: 1)
        var isShort = false
        for _ in 0..<2000 where !isShort {
            try churn(rows, in: fixture.environment, using: &generator)
            isShort =
                Int(status(ofFile: fixture.directory + "/data.mdb").st_size) < (try fixture.environment.usage.usedBytes)
        }
        try #require(isShort, "the churn never left a page unwritten: choose another seed")
        let keys = try rows.keys(in: fixture.environment)
        fixture.environment.close()

        let again = try Environment(directory: fixture.directory)
        #expect(Int(status(ofFile: fixture.directory + "/data.mdb").st_size) >= (try again.usage.usedBytes))
        let sameRows = try again.openTable("rows", key: UInt64Key.self, value: BytesValue.self)
        #expect(try sameRows.keys(in: again) == keys)
    }

    @Test("a file that is no environment is refused by name")
    func foreignFile() throws {
        let fixture = try Fixture()
        fixture.environment.close()
        let file = fixture.directory + "/data.mdb"
        let descriptor = open(file, O_WRONLY)
        let noise = [UInt8](repeating: 0x55, count: 8192)
        #expect(write(descriptor, noise, noise.count) == noise.count)
        close(descriptor)
        #expect(code { _ = try Environment(directory: fixture.directory) } == .invalid)
    }

    @Test(
        "a full disk is told from a failing one, reading goes on, and writing too once space returns",
        .enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"))
    func fullDisk() throws {
        let temporary = try TemporaryDirectory()
        let disk = try SmallDisk(at: temporary.path)
        try disk.fillBallast(byteCount: 1 << 20)
        let environment = try Environment(directory: temporary.path("environment"))
        let blobs = try environment.openTable("blobs", key: UInt64Key.self, value: BytesValue.self)
        let blob = [UInt8](repeating: 7, count: 100_000)
        var lastKey: UInt64 = 0
        var refusal: LMDBError?
        while refusal == nil, lastKey < 1000 {
            do {
                try environment.withWriteTransaction { try blobs.append(blob, forKey: lastKey + 1, in: $0) }
                lastKey += 1
            } catch {
                refusal = error as? LMDBError
            }
        }
        let full = try #require(refusal)
        #expect(full.isDiskFull)
        #expect(!full.isFatal)
        #expect("\(full)".contains("disk is full"))
        #expect(try blobs.keys(in: environment) == Array(1...lastKey))

        disk.dropBallast()
        try environment.withWriteTransaction { try blobs.append(blob, forKey: lastKey + 1, in: $0) }
        #expect(try blobs.keys(in: environment) == Array(1...lastKey + 1))
        environment.close()
    }
}

/// One transaction that adds many rows and deletes most of them again.
private func churn(
    _ rows: Table<UInt64Key, BytesValue>, in environment: Environment, using generator: inout SeededGenerator
) throws {
    let base = generator.next()
    let count = UInt64.random(in: 1...300, using: &generator)
    try environment.withWriteTransaction { transaction in
        for offset in 0..<count {
            let value = [UInt8](repeating: 7, count: Int.random(in: 0..<1000, using: &generator))
            try rows.put(value, forKey: base &+ offset, in: transaction)
        }
        for offset in 0..<count where generator.chance(0.9) {
            _ = try rows.delete(forKey: base &+ offset, in: transaction)
        }
    }
}

/// A file system of 4 MiB in memory.
private final class SmallDisk {
    private let path: String
    private var ballast: String { path + "/ballast" }

    static let isPossible: Bool = {
        guard let temporary = try? TemporaryDirectory(), let disk = try? SmallDisk(at: temporary.path) else {
            return false
        }
        return withExtendedLifetime(disk) { true }
    }()

    init(at path: String) throws {
        self.path = path
        guard mount("tmpfs", path, "tmpfs", 0, "size=4m") == 0 else { throw Refusal() }
    }

    deinit {
        umount2(path, CInt(MNT_DETACH))
    }

    func fillBallast(byteCount: Int) throws {
        let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        guard posix_fallocate(descriptor, 0, byteCount) == 0 else { throw Refusal() }
    }

    func dropBallast() {
        unlink(ballast)
    }
}
