/// A view of an environment's tables at one moment: a `ReadTransaction` or a `WriteTransaction`.
///
/// Exists only inside the closure it is lent to. Capture it in no task: it belongs to the closure's thread, and
/// the compiler of Swift 6.3 crashes there instead of explaining.
public protocol Transaction: ~Copyable {
    /// What the tables use; nothing for clients.
    var handle: TransactionHandle { get }
}

/// LMDB's transaction; opaque outside this module.
public struct TransactionHandle {
    let pointer: OpaquePointer
    let environmentID: UInt64
}

/// A snapshot that no commit changes.
public struct ReadTransaction: ~Copyable, Transaction {
    public let handle: TransactionHandle
}

/// The one transaction that may change tables; it sees its own changes.
public struct WriteTransaction: ~Copyable, Transaction {
    public let handle: TransactionHandle
}
