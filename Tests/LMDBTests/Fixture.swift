import Glibc
import LMDB
import TestSupport
import Testing

/// A temporary directory with one environment, small but roomy enough for tests.
struct Fixture: ~Copyable {
    let temporary: TemporaryDirectory
    let directory: String
    let environment: Environment

    init(_ options: EnvironmentOptions = .init(mapSizeBytes: 64 << 20, durability: .unsynced)) throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path("environment")
        let environment = try Environment(directory: directory, options: options)
        self.temporary = temporary
        self.directory = directory
        self.environment = environment
    }

    /// Removes the files, which stay usable while open: for a test whose process will not live to tidy up.
    func removeFiles() {
        for name in ["data.mdb", "lock.mdb"] { unlink(directory + "/" + name) }
        rmdir(directory)
        rmdir(temporary.path)
    }

    func numbers() throws -> Table<UInt64Key, UInt64Value> {
        try environment.openTable("numbers", key: UInt64Key.self, value: UInt64Value.self)
    }

    func texts() throws -> Table<StringKey, StringValue> {
        try environment.openTable("texts", key: StringKey.self, value: StringValue.self)
    }
}

extension Table where Key.Value: Sendable {
    /// All keys in the order of a scan.
    func keys(in environment: Environment) throws -> [Key.Value] {
        try environment.withReadTransaction { transaction in
            var keys: [Key.Value] = []
            try forEach(in: transaction) { key, _ in
                keys.append(key)
                return .next
            }
            return keys
        }
    }
}

/// The file's mode and size.
func status(ofFile path: String) -> stat {
    var status = stat()
    stat(path, &status)
    return status
}

/// The permission bits of a file.
func permissions(ofFile path: String) -> mode_t {
    status(ofFile: path).st_mode & 0o777
}

/// The code of the LMDB error that the body throws, nil if it throws none.
func code(thrownBy body: () throws -> Void) -> LMDBError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? LMDBError)?.code
    }
}

struct Refusal: Error {}

/// How a process ends that broke a precondition; an error thrown by a test would end it otherwise.
#if arch(x86_64)
    let trap = ExitTest.Condition.signal(SIGILL)
#else
    let trap = ExitTest.Condition.signal(SIGTRAP)
#endif
