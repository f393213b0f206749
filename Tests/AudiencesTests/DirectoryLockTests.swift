import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Audiences

@Suite struct DirectoryLockTests {
    private let home: TemporaryDirectory
    private var path: String { home.path + "/lock" }

    init() throws {
        home = try TemporaryDirectory()
    }

    @Test func `a second one is refused until the first is released`() throws {
        let lock = try DirectoryLock(path: path)
        #expect(throws: AudienceError.self) { try DirectoryLock(path: path) }
        lock.release()
        try DirectoryLock(path: path).release()
    }

    @Test func `what a forked process still has of it does not keep it locked`() throws {
        let lock = try DirectoryLock(path: path)
        let inherited = lock.descriptor.withLock { dup($0) }
        defer { close(inherited) }
        lock.release()
        try DirectoryLock(path: path).release()
    }
}
