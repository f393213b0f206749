internal import CLMDB

/// A table of bytes: the LMDB calls behind every `Table`, whatever its codecs.
@usableFromInline
struct RawTable: Sendable {
    let name: String
    let number: MDB_dbi
    let environmentID: UInt64

    /// Opens the table inside a write transaction that must be committed before the table is used, or makes it.
    init(name: String, in handle: TransactionHandle) throws(LMDBError) {
        try self.init(name: name, flags: UInt32(MDB_CREATE), in: handle)
    }

    /// Opens a table that is there inside any transaction that must be committed before the table is used.
    init(existing name: String, in handle: TransactionHandle) throws(LMDBError) {
        try self.init(name: name, flags: 0, in: handle)
    }

    private init(name: String, flags: UInt32, in handle: TransactionHandle) throws(LMDBError) {
        self.name = name
        environmentID = handle.environmentID
        var number: MDB_dbi = 0
        var result = mdb_dbi_open(handle.pointer, name, flags, &number)
        if result == 0 {
            var flags: UInt32 = 0
            mdb_dbi_flags(handle.pointer, number, &flags)
            // Duplicate keys lose rows when deleted by cursor, and reversed orders are not ours: plain tables only.
            result = flags == 0 ? 0 : MDB_INCOMPATIBLE
        }
        self.number = number
        guard result == 0 else { throw failure(result, while: "opening a table", handle) }
    }

    @usableFromInline
    func bytes(
        forKey key: UnsafeRawBufferPointer, in handle: TransactionHandle
    ) throws(LMDBError) -> UnsafeRawBufferPointer? {
        checkBelongs(handle)
        var key = MDB_val(key)
        var value = MDB_val()
        let result = mdb_get(handle.pointer, number, &key, &value)
        if result == MDB_NOTFOUND {
            return nil
        }
        guard result == 0 else { throw failure(result, while: "reading a value", handle) }
        return UnsafeRawBufferPointer(value)
    }

    @usableFromInline
    enum Placement {
        /// Any key, replacing what it had.
        case anywhere
        /// A key that is not there yet.
        case ifAbsent
        /// A key above all others.
        case atEnd

        fileprivate var flags: UInt32 {
            switch self {
            case .anywhere: 0
            case .ifAbsent: UInt32(MDB_NOOVERWRITE)
            case .atEnd: UInt32(MDB_APPEND)
            }
        }
    }

    @usableFromInline
    func put(
        _ value: UnsafeRawBufferPointer, forKey key: UnsafeRawBufferPointer, _ placement: Placement,
        in handle: TransactionHandle
    ) throws(LMDBError) {
        checkBelongs(handle)
        // LMDB 0.9 accepts up to 4 GiB and then fails to write what is above 2.
        guard value.count <= Int(Int32.max) else {
            throw failure(MDB_BAD_VALSIZE, while: "putting a value", handle)
        }
        var key = MDB_val(key)
        var value = MDB_val(value)
        let result = mdb_put(handle.pointer, number, &key, &value, placement.flags)
        guard result == 0 else { throw failure(result, while: "putting a value", handle) }
    }

    /// Puts a value for a key that is not there yet; returns the value of one that is, and then nothing changes.
    @usableFromInline
    func insert(
        _ value: UnsafeRawBufferPointer, forKey key: UnsafeRawBufferPointer, at cursor: OpaquePointer,
        in handle: TransactionHandle
    ) throws(LMDBError) -> UnsafeRawBufferPointer? {
        checkBelongs(handle)
        var key = MDB_val(key)
        var value = MDB_val(value)
        // When the key exists LMDB leaves what it has in `value`.
        let result = mdb_cursor_put(cursor, &key, &value, UInt32(MDB_NOOVERWRITE))
        guard result != MDB_KEYEXIST else { return UnsafeRawBufferPointer(value) }
        guard result == 0 else { throw failure(result, while: "putting a value", handle) }
        return nil
    }

    @usableFromInline
    func delete(key: UnsafeRawBufferPointer, in handle: TransactionHandle) throws(LMDBError) -> Bool {
        checkBelongs(handle)
        var key = MDB_val(key)
        let result = mdb_del(handle.pointer, number, &key, nil)
        guard result == 0 || result == MDB_NOTFOUND else {
            throw failure(result, while: "deleting a row", handle)
        }
        return result == 0
    }

    @usableFromInline
    func count(in handle: TransactionHandle) throws(LMDBError) -> Int {
        checkBelongs(handle)
        var status = MDB_stat()
        let result = mdb_stat(handle.pointer, number, &status)
        guard result == 0 else { throw failure(result, while: "counting rows", handle) }
        return status.ms_entries
    }

    @usableFromInline
    func removeAll(in handle: TransactionHandle) throws(LMDBError) {
        checkBelongs(handle)
        let result = mdb_drop(handle.pointer, number, 0)
        guard result == 0 else { throw failure(result, while: "removing all rows", handle) }
    }

    /// The error for stored bytes that the table's codec refuses.
    @usableFromInline
    func malformed(in handle: TransactionHandle) -> LMDBError {
        failure(LMDBError.Code.malformed.rawValue, while: "decoding a row", handle)
    }

    /// A table's number means another table in another environment: refuse, rather than read or write that one.
    func checkBelongs(_ handle: TransactionHandle) {
        precondition(
            environmentID == handle.environmentID,
            "table '\(name)' was used in a transaction of another environment")
    }

    func failure(_ result: CInt, while operation: String, _ handle: TransactionHandle) -> LMDBError {
        var path: UnsafePointer<CChar>?
        mdb_env_get_path(mdb_txn_env(handle.pointer), &path)
        return LMDBError(
            .init(rawValue: result), while: operation, path: path.map { String(cString: $0) } ?? "", table: name)
    }
}

extension MDB_val {
    /// Bytes that LMDB only reads, though its type does not say so.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }
}

extension UnsafeRawBufferPointer {
    /// Bytes in the map.
    init(_ value: MDB_val) {
        self.init(start: value.mv_data, count: value.mv_size)
    }
}
