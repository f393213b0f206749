internal import CLMDB

/// A position in a table that moves row by row, bound to its transaction: it cannot outlive it.
///
/// Starts before the first row. A span of the current row ends where the cursor moves; in a write transaction it
/// must not be read after a change either, which the compiler does not see.
public struct Cursor<Key: KeyCodec, Value: ValueCodec>: ~Copyable, ~Escapable {
    @usableFromInline let table: RawTable
    private let handle: TransactionHandle
    @usableFromInline let pointer: OpaquePointer
    private(set) var rawKey = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var rawValue = UnsafeRawBufferPointer(start: nil, count: 0)

    @_lifetime(borrow transaction)
    init(_ table: RawTable, in transaction: borrowing some Transaction & ~Copyable) throws(LMDBError) {
        let handle = transaction.handle
        table.checkBelongs(handle)
        var opened: OpaquePointer?
        let result = mdb_cursor_open(handle.pointer, table.number, &opened)
        guard result == 0, let opened else {
            throw table.failure(result, while: "opening a cursor", handle)
        }
        self.table = table
        self.handle = handle
        pointer = opened
    }

    deinit {
        mdb_cursor_close(pointer)
    }

    /// Moves to the first row; false if the table is empty.
    public mutating func moveToFirst() throws(LMDBError) -> Bool {
        try move(MDB_FIRST, MDB_val())
    }

    /// Moves to the last row; false if the table is empty.
    public mutating func moveToLast() throws(LMDBError) -> Bool {
        try move(MDB_LAST, MDB_val())
    }

    /// Moves to the first row whose key is the given one or above it; false if there is none.
    public mutating func move(atOrAfter key: Key.Value) throws(LMDBError) -> Bool {
        // The bytes are valid only inside the closure, where a cursor cannot be changed: the call happens there,
        // the current row is set here.
        let pointer = pointer
        let (result, foundKey, foundValue) = Key.withBytes(of: key) { (bytes) -> (CInt, MDB_val, MDB_val) in
            var key = MDB_val(bytes)
            var value = MDB_val()
            let result = mdb_cursor_get(pointer, &key, &value, MDB_SET_RANGE)
            return (result, key, value)
        }
        return try settle(result, foundKey, foundValue)
    }

    /// Moves to the next row, from a new cursor to the first; false past the last.
    public mutating func next() throws(LMDBError) -> Bool {
        try move(MDB_NEXT, MDB_val())
    }

    /// Moves to the row before, from a new cursor to the last; false before the first.
    public mutating func previous() throws(LMDBError) -> Bool {
        try move(MDB_PREV, MDB_val())
    }

    /// The current row's key as it lies in the map; empty if the last move was false.
    public var keyBytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            _overrideLifetime(RawSpan(_unsafeBytes: rawKey), borrowing: self)
        }
    }

    /// The current row's value as it lies in the map; empty if the last move was false.
    public var valueBytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            _overrideLifetime(RawSpan(_unsafeBytes: rawValue), borrowing: self)
        }
    }

    /// The current row's key; throws `malformed` if the last move was false or its codec refuses the bytes.
    public borrowing func key() throws(LMDBError) -> Key.Value {
        guard rawKey.count > 0, let key = Key.decode(rawKey) else { throw table.malformed(in: handle) }
        return key
    }

    /// The current row's value, copied out; throws `malformed` as `key()` does.
    public borrowing func value() throws(LMDBError) -> Value.Value {
        guard rawKey.count > 0, let value = Value.decode(rawValue) else { throw table.malformed(in: handle) }
        return value
    }

    /// Stores the value unless the key has one; returns the one it has, and then nothing changes. Moves to the row.
    ///
    /// Costs no descent of the tree where the key belongs to the page that the cursor is on.
    @inlinable
    public mutating func insertOrRead(
        _ value: Value.Value, forKey key: Key.Value, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) -> Value.Value? {
        leaveRow()
        let (table, pointer, handle) = (table, pointer, transaction.handle)
        return try Value.withBytes(of: value) { (bytes) throws(LMDBError) in
            try Key.withBytes(of: key) { (key) throws(LMDBError) in
                guard let found = try table.insert(bytes, forKey: key, at: pointer, in: handle) else { return nil }
                guard let value = Value.decode(found) else { throw table.malformed(in: handle) }
                return value
            }
        }
    }

    /// What was read of a row ends with the next change.
    @usableFromInline
    mutating func leaveRow() {
        rawKey = UnsafeRawBufferPointer(start: nil, count: 0)
        rawValue = rawKey
    }

    private mutating func move(_ step: MDB_cursor_op, _ target: MDB_val) throws(LMDBError) -> Bool {
        var key = target
        var value = MDB_val()
        let result = mdb_cursor_get(pointer, &key, &value, step)
        return try settle(result, key, value)
    }

    private mutating func settle(_ result: CInt, _ key: MDB_val, _ value: MDB_val) throws(LMDBError) -> Bool {
        guard result == 0 else {
            leaveRow()
            guard result == MDB_NOTFOUND else { throw table.failure(result, while: "moving a cursor", handle) }
            return false
        }
        rawKey = UnsafeRawBufferPointer(key)
        rawValue = UnsafeRawBufferPointer(value)
        return true
    }
}

// A method of the transaction: as one of `Table` it crashes the compiler of Swift 6.3 (docs/workarounds.md).
extension Transaction where Self: ~Copyable {
    /// A cursor before the table's first row.
    @_lifetime(borrow self)
    public borrowing func cursor<Key, Value>(over table: Table<Key, Value>) throws(LMDBError) -> Cursor<Key, Value> {
        try Cursor(table.raw, in: self)
    }
}
