/// A table with typed keys and values: a small handle, passed about freely, that works in any transaction of its
/// environment.
///
/// Rows stand in the order of their keys' bytes, one value per key. A table outlives no environment: with a
/// transaction of another one it stops the program.
public struct Table<Key: KeyCodec, Value: ValueCodec>: Sendable {
    @usableFromInline let raw: RawTable

    init(raw: RawTable) {
        self.raw = raw
    }

    /// The table's name in its environment.
    public var name: String { raw.name }
}

extension Environment {
    /// Opens the table of that name, making it if missing, in a write transaction of its own.
    ///
    /// To be called before the transactions that use it begin, and not inside one. The codecs are not stored: the
    /// same name must always come with the same ones. Throws `tablesFull` past `EnvironmentOptions.tableCountMax`.
    public func openTable<Key: KeyCodec, Value: ValueCodec>(
        _ name: String, key: Key.Type, value: Value.Type
    ) throws -> Table<Key, Value> {
        guard !options.isReadOnly else {
            return Table(raw: try openExistingTable(name))
        }
        return try withWriteTransaction { transaction in
            Table(raw: try RawTable(name: name, in: transaction.handle))
        }
    }
}

// Reading.
extension Table {
    /// The value of a key, copied out; nil if there is none. Costs one descent of the tree.
    @inlinable
    public func value(
        forKey key: Key.Value, in transaction: borrowing some Transaction & ~Copyable
    ) throws(LMDBError) -> Value.Value? {
        let handle = transaction.handle
        guard let bytes = try bytes(forKey: key, in: handle) else { return nil }
        guard let value = Value.decode(bytes) else { throw raw.malformed(in: handle) }
        return value
    }

    /// Calls the body with the bytes of a key's value where they lie in the map, nil if there is none.
    ///
    /// Copies nothing. The bytes are unaligned and valid only during the call, and in a write transaction only
    /// until the next change.
    @inlinable
    public func withBytes<Result: ~Copyable>(
        forKey key: Key.Value, in transaction: borrowing some Transaction & ~Copyable,
        body: (UnsafeRawBufferPointer?) throws -> Result
    ) throws -> Result {
        try body(try bytes(forKey: key, in: transaction.handle))
    }

    /// True if the key has a value.
    @inlinable
    public func contains(
        _ key: Key.Value, in transaction: borrowing some Transaction & ~Copyable
    ) throws(LMDBError) -> Bool {
        try bytes(forKey: key, in: transaction.handle) != nil
    }

    /// The number of rows, in constant time.
    @inlinable
    public func count(in transaction: borrowing some Transaction & ~Copyable) throws(LMDBError) -> Int {
        try raw.count(in: transaction.handle)
    }

    /// True if there are no rows, in constant time.
    @inlinable
    public func isEmpty(in transaction: borrowing some Transaction & ~Copyable) throws(LMDBError) -> Bool {
        try raw.count(in: transaction.handle) == 0
    }

    @inlinable
    func bytes(
        forKey key: Key.Value, in handle: TransactionHandle
    ) throws(LMDBError) -> UnsafeRawBufferPointer? {
        try Key.withBytes(of: key) { (key) throws(LMDBError) in try raw.bytes(forKey: key, in: handle) }
    }
}
