internal import CLMDB

/// A snapshot of an environment that stays open as long as this object: its rows may be read where they lie in the map.
///
/// Only for environments that are not written to any more: a snapshot that is kept would make any other grow.
/// Any thread may read through it.
public final class PinnedSnapshot: Sendable {
    private let environment: Environment
    // LMDB allows a read transaction to be used by any thread, one at a time, without thread-local slots; reading rows
    // in the map needs no call at all.
    private nonisolated(unsafe) let pointer: OpaquePointer

    /// Begins the snapshot; the environment stays open until it ends.
    public init(of environment: Environment) throws(LMDBError) {
        self.environment = environment
        try environment.beginUse(while: "pinning a snapshot")
        do throws(LMDBError) {
            pointer = try environment.begin(flags: UInt32(MDB_RDONLY), while: "pinning a snapshot")
        } catch {
            environment.endUse()
            throw error
        }
    }

    deinit {
        mdb_txn_abort(pointer)
        environment.endUse()
    }

    /// Calls the body with the snapshot as a transaction. Bytes that a scan lends stay valid as long as this object.
    public func withTransaction<Result: ~Copyable>(
        _ body: (borrowing ReadTransaction) throws -> Result
    ) rethrows -> Result {
        try body(ReadTransaction(handle: TransactionHandle(pointer: pointer, environmentID: environment.id)))
    }
}
