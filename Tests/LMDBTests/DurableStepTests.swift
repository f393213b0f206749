import Glibc
import LMDB
import Synchronization
import TestSupport
import Testing

/// Steps are named before and after they are done, and one that is refused is not done.
@Suite struct DurableStepTests {
    private let home: TemporaryDirectory
    private let observer = RefusingObserver()

    init() throws {
        home = try TemporaryDirectory()
    }

    @Test func `a refused commit fails with its code and leaves nothing`() throws {
        let environment = try Environment(
            directory: home.path("store"),
            options: EnvironmentOptions(mapSizeBytes: 1 << 20, steps: DurableSteps(observer: observer)))
        let table = try environment.openTable("table", key: UInt64Key.self, value: UInt64Value.self)
        observer.refusal.withLock { $0 = ENOSPC }
        #expect {
            try environment.withWriteTransaction { transaction throws in try table.put(1, forKey: 1, in: transaction) }
        } throws: { error in
            (error as? LMDBError)?.isDiskFull == true
        }
        observer.refusal.withLock { $0 = 0 }
        try environment.withWriteTransaction { transaction throws in
            let isThere = try table.contains(1, in: transaction)
            #expect(!isThere)
            try table.put(2, forKey: 2, in: transaction)
        }
        #expect(observer.done.withLock { $0 }.last == "commit synced")
        environment.close()
    }

    @Test func `a refused step answers as the system does`() {
        let steps = DurableSteps(observer: observer)
        observer.refusal.withLock { $0 = EIO }
        #expect(steps.makeDirectory(home.path("new")) == -1)
        #expect(errno == EIO)
        #expect(observer.done.withLock { $0 }.isEmpty)
        observer.refusal.withLock { $0 = 0 }
        #expect(steps.makeDirectory(home.path("new")) == 0)
        #expect(steps.makeDirectory(home.path("new")) == -1)
        #expect(errno == EEXIST)
        #expect(steps.removeDirectory(home.path("new")) == 0)
        #expect(observer.done.withLock { $0 } == ["mkdir", "remove"])
    }
}

private final class RefusingObserver: DurableStepObserver {
    let refusal = Mutex<CInt>(0)
    let done = Mutex<[String]>([])

    func willTake(_ step: DurableStep) -> CInt { refusal.withLock { $0 } }

    func didTake(_ step: DurableStep) {
        let name =
            switch step {
            case .makeDirectory: "mkdir"
            case .commit(_, let isSynced): isSynced ? "commit synced" : "commit"
            case .sync: "sync"
            case .syncDirectory: "sync directory"
            case .rename: "rename"
            case .remove: "remove"
            }
        done.withLock { $0.append(name) }
    }
}
