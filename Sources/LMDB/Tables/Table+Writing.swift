extension Table {
    /// Stores the value, replacing what the key had.
    @inlinable
    public func put(
        _ value: Value.Value, forKey key: Key.Value, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) {
        let handle = transaction.handle
        try Value.withBytes(of: value) { (bytes) throws(LMDBError) in
            try put(bytes, forKey: key, .anywhere, in: handle)
        }
    }

    /// Stores the value after the last row; throws `keyExists` if the key is not above the last one.
    ///
    /// Denser and faster than `put` for rising keys: full pages are not split.
    @inlinable
    public func append(
        _ value: Value.Value, forKey key: Key.Value, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) {
        let handle = transaction.handle
        try Value.withBytes(of: value) { (bytes) throws(LMDBError) in
            try put(bytes, forKey: key, .atEnd, in: handle)
        }
    }

    /// Stores those bytes after the last row, as `append` does; they must be what the value's codec reads.
    @inlinable
    public func appendBytes(
        _ bytes: UnsafeRawBufferPointer, forKey key: Key.Value, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) {
        try put(bytes, forKey: key, .atEnd, in: transaction.handle)
    }

    /// Stores the value unless the key has one; false if it has, and then nothing changes.
    @inlinable
    public func insert(
        _ value: Value.Value, forKey key: Key.Value, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) -> Bool {
        let handle = transaction.handle
        do throws(LMDBError) {
            try Value.withBytes(of: value) { (bytes) throws(LMDBError) in
                try put(bytes, forKey: key, .ifAbsent, in: handle)
            }
            return true
        } catch {
            guard error.code == .keyExists else { throw error }
            return false
        }
    }

    /// Deletes a row; false if there was none. Its bytes stay in the file until their page is used again.
    @inlinable
    public func delete(
        forKey key: Key.Value, in transaction: borrowing WriteTransaction
    ) throws(LMDBError) -> Bool {
        let handle = transaction.handle
        return try Key.withBytes(of: key) { (key) throws(LMDBError) in try raw.delete(key: key, in: handle) }
    }

    /// Deletes all rows, in time proportional to the table's pages, not its rows.
    @inlinable
    public func removeAll(in transaction: borrowing WriteTransaction) throws(LMDBError) {
        try raw.removeAll(in: transaction.handle)
    }

    @inlinable
    func put(
        _ bytes: UnsafeRawBufferPointer, forKey key: Key.Value, _ placement: RawTable.Placement,
        in handle: TransactionHandle
    ) throws(LMDBError) {
        try Key.withBytes(of: key) { (key) throws(LMDBError) in
            try raw.put(bytes, forKey: key, placement, in: handle)
        }
    }
}
