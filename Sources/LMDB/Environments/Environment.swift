internal import CLMDB
internal import Glibc
public import Meters
internal import Synchronization

/// One LMDB environment: a directory with a data file and a lock file, opened once in this process.
///
/// What comes in are transactions, what goes out are rows. It keeps these invariants: a directory is open at most
/// once; a write transaction begins and ends on one thread, and a thread has at most one; the handle outlives
/// every transaction; nothing is committed when a body throws.
///
/// Any thread may use it. Readers never wait for the writer; writers wait for each other.
public final class Environment: Sendable {
    private struct State {
        var userCount = 0
        var isClosing = false
        var longestRead = Duration.zero
        var agedReadCount = 0
    }

    /// The directory, as it was given.
    public let directory: String
    /// The options it was opened with.
    public let options: EnvironmentOptions
    /// Distinguishes environments in this process, those that have been closed too.
    let id: UInt64
    /// How long commits took; with `Durability.synced` that is mostly the sync.
    public let commits = TimeHistogram()

    // LMDB's environment handle may be used by any thread; `state` keeps it from being used once closed.
    private nonisolated(unsafe) let opened: OpenedEnvironment
    private let state = Mutex(State())
    private let writerThread = Atomic<UInt>(0)
    private static let lastID = Atomic<UInt64>(0)

    /// Opens the environment in that directory, making it (mode 0700, files 0600) if missing; its parent must exist.
    ///
    /// Throws `alreadyOpen` if this process has the directory open, by whatever path.
    public init(directory: String, options: EnvironmentOptions = .init()) throws(LMDBError) {
        self.directory = directory
        self.options = options
        opened = try OpenedEnvironment(directory: directory, options: options)
        id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
        _ = try checkReaders()
    }

    deinit {
        // A transaction in progress holds the environment: none is open here.
        if !state.withLock({ $0.isClosing }) {
            opened.close()
        }
    }

    /// LMDB's handle, for extensions in this module, within `beginUse` and `endUse`.
    var handle: OpaquePointer { opened.pointer }

    /// Refuses new transactions and closes the environment, at once or as soon as the last open transaction ends.
    ///
    /// Harmless when repeated. Does not sync an unsynced environment.
    public func close() {
        let closesNow = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing && state.userCount == 0
        }
        if closesNow {
            opened.close()
        }
    }

    /// Calls the body with a snapshot of all tables that later commits do not change.
    ///
    /// Costs about a microsecond and one reader slot. Keep it short, at most `EnvironmentOptions.readerAgeMax`: copy
    /// out what is needed, end the transaction, then send. Rethrows what the body throws.
    public func withReadTransaction<Result: ~Copyable>(
        _ body: (borrowing ReadTransaction) throws -> Result
    ) throws -> Result {
        try beginUse(while: "beginning a read transaction")
        defer { endUse() }
        let pointer = try begin(flags: UInt32(MDB_RDONLY), while: "beginning a read transaction")
        let startedAt = ContinuousClock.now
        defer {
            mdb_txn_abort(pointer)
            noteRead(lasting: startedAt.duration(to: .now))
        }
        return try body(ReadTransaction(handle: TransactionHandle(pointer: pointer, environmentID: id)))
    }

    /// Calls the body with the only write transaction there is; commits when it returns, aborts when it throws.
    ///
    /// Waits while another thread or process writes. The body's changes become visible together, and with
    /// `Durability.synced` they are on disk when this returns. When the commit itself throws, whether it reached
    /// the disk is known only after a restart. A body must not begin another write transaction.
    public func withWriteTransaction<Result: ~Copyable>(
        _ body: (borrowing WriteTransaction) throws -> Result
    ) throws -> Result {
        try beginUse(while: "beginning a write transaction")
        defer { endUse() }
        let pointer = try beginWrite()
        var isCommitting = false
        defer {
            if !isCommitting {
                writerThread.store(0, ordering: .relaxed)
                mdb_txn_abort(pointer)
            }
        }
        let result = try body(WriteTransaction(handle: TransactionHandle(pointer: pointer, environmentID: id)))
        let step = DurableStep.commit(directory, isSynced: options.durability == .synced)
        try check(options.steps.willCommit(step), while: "committing")
        isCommitting = true
        writerThread.store(0, ordering: .relaxed)
        // Frees the transaction, whether it succeeds or not.
        let startedAt = ContinuousClock.now
        try check(mdb_txn_commit(pointer), while: "committing")
        commits.note(since: startedAt)
        options.steps.didCommit(step)
        return result
    }

    /// Writes everything that is committed to the disk; needed only after `Durability.unsynced`.
    public func sync() throws(LMDBError) {
        try beginUse(while: "syncing")
        defer { endUse() }
        let step = DurableStep.sync(directory + "/data.mdb")
        try check(options.steps.willCommit(step), while: "syncing")
        try check(mdb_env_sync(opened.pointer, 1), while: "syncing")
        options.steps.didCommit(step)
    }

    /// Frees the reader slots of processes that died, and says how many; to be called every minute.
    ///
    /// A dead reader would keep pages from being used again.
    public func checkReaders() throws(LMDBError) -> Int {
        try beginUse(while: "checking readers")
        defer { endUse() }
        var dead: CInt = 0
        try check(mdb_reader_check(opened.pointer, &dead), while: "checking readers")
        return Int(dead)
    }

    /// What the environment uses now. Costs no input or output; throws only when closed.
    public var usage: EnvironmentUsage {
        get throws(LMDBError) {
            try beginUse(while: "measuring")
            defer { endUse() }
            var status = MDB_stat()
            var environment = MDB_envinfo()
            try check(mdb_env_stat(opened.pointer, &status), while: "measuring")
            try check(mdb_env_info(opened.pointer, &environment), while: "measuring")
            let (longestRead, agedReadCount) = state.withLock { ($0.longestRead, $0.agedReadCount) }
            return EnvironmentUsage(
                mapSizeBytes: environment.me_mapsize,
                usedBytes: (environment.me_last_pgno + 1) * Int(status.ms_psize),
                pageSizeBytes: Int(status.ms_psize),
                readerSlotCount: Int(environment.me_numreaders),
                readerSlotCountMax: Int(environment.me_maxreaders),
                longestRead: longestRead,
                agedReadCount: agedReadCount)
        }
    }
}

extension Environment {
    /// Opens a table that is there, in a read transaction of its own, whose commit keeps the handle.
    func openExistingTable(_ name: String) throws(LMDBError) -> RawTable {
        try beginUse(while: "opening a table")
        defer { endUse() }
        let pointer = try begin(flags: UInt32(MDB_RDONLY), while: "opening a table")
        let table: RawTable
        do throws(LMDBError) {
            table = try RawTable(existing: name, in: TransactionHandle(pointer: pointer, environmentID: id))
        } catch {
            mdb_txn_abort(pointer)
            throw error
        }
        try check(mdb_txn_commit(pointer), while: "opening a table")
        return table
    }

    func beginUse(while operation: String) throws(LMDBError) {
        let isOpen = state.withLock { state in
            if !state.isClosing {
                state.userCount += 1
            }
            return !state.isClosing
        }
        guard isOpen else { throw LMDBError(.closed, while: operation, path: directory) }
    }

    func endUse() {
        let closesNow = state.withLock { state in
            state.userCount -= 1
            return state.isClosing && state.userCount == 0
        }
        if closesNow {
            opened.close()
        }
    }

    func begin(flags: UInt32, while operation: String) throws(LMDBError) -> OpaquePointer {
        var begun: OpaquePointer?
        let result = mdb_txn_begin(opened.pointer, nil, flags, &begun)
        guard result == 0, let begun else {
            throw LMDBError(.init(rawValue: result), while: operation, path: directory)
        }
        return begun
    }

    private func beginWrite() throws(LMDBError) -> OpaquePointer {
        let thread = UInt(pthread_self())
        // LMDB's write lock belongs to a thread: a second transaction on it would wait for itself for ever.
        precondition(
            writerThread.load(ordering: .relaxed) != thread,
            "a write transaction was begun inside another one on the same thread")
        let pointer = try begin(flags: 0, while: "beginning a write transaction")
        writerThread.store(thread, ordering: .relaxed)
        return pointer
    }

    private func noteRead(lasting age: Duration) {
        state.withLock { state in
            state.longestRead = max(state.longestRead, age)
            if age > options.readerAgeMax {
                state.agedReadCount += 1
            }
        }
    }

    private func check(_ result: CInt, while operation: String) throws(LMDBError) {
        guard result == 0 else { throw LMDBError(.init(rawValue: result), while: operation, path: directory) }
    }
}
