/// What a scan does after a row.
public enum Iteration: Sendable {
    /// Goes on to the next row.
    case next
    /// Ends the scan.
    case stop
}

extension Table {
    /// The row with the smallest key; nil if there are none.
    public func first(
        in transaction: borrowing some Transaction & ~Copyable
    ) throws(LMDBError) -> (key: Key.Value, value: Value.Value)? {
        var cursor = try Cursor<Key, Value>(raw, in: transaction)
        guard try cursor.moveToFirst() else { return nil }
        return (try cursor.key(), try cursor.value())
    }

    /// The row with the greatest key; nil if there are none.
    public func last(
        in transaction: borrowing some Transaction & ~Copyable
    ) throws(LMDBError) -> (key: Key.Value, value: Value.Value)? {
        var cursor = try Cursor<Key, Value>(raw, in: transaction)
        guard try cursor.moveToLast() else { return nil }
        return (try cursor.key(), try cursor.value())
    }

    /// Calls the body with each row from the first key at or after `start`, in ascending order, until it says stop.
    ///
    /// Values are given where they lie in the map: valid only during the call, and in a write transaction only
    /// until the next change. The body must not change this table. Costs some ten nanoseconds per row.
    public func forEach(
        from start: Key.Value? = nil, in transaction: borrowing some Transaction & ~Copyable,
        body: (Key.Value, UnsafeRawBufferPointer) throws -> Iteration
    ) throws {
        var cursor = try Cursor<Key, Value>(raw, in: transaction)
        var isAtRow = if let start { try cursor.move(atOrAfter: start) } else { try cursor.moveToFirst() }
        while isAtRow {
            guard try body(try cursor.key(), cursor.rawValue) == .next else { return }
            isAtRow = try cursor.next()
        }
    }

    /// Calls the body with each row as `forEach` does, in read transactions of at most `rowCountMax` rows each.
    ///
    /// For scans longer than a read transaction may last. Each transaction sees the table as it then is: rows
    /// written behind the scan are missed, rows before it are seen, none is seen twice.
    public func forEachReopening(
        from start: Key.Value? = nil, in environment: Environment, rowCountMax: Int = 10_000,
        body: (Key.Value, UnsafeRawBufferPointer) throws -> Iteration
    ) throws {
        precondition(rowCountMax > 0, "a transaction must read a row")
        var resumeAt = start
        repeat {
            let from = resumeAt
            resumeAt = try environment.withReadTransaction { transaction in
                try slice(from: from, rowCountMax: rowCountMax, in: transaction, body: body)
            }
        } while resumeAt != nil
    }

    /// Visits at most that many rows; the key to go on with, nil when the scan has ended.
    private func slice(
        from start: Key.Value?, rowCountMax: Int, in transaction: borrowing ReadTransaction,
        body: (Key.Value, UnsafeRawBufferPointer) throws -> Iteration
    ) throws -> Key.Value? {
        var rowCount = 0
        var resumeAt: Key.Value?
        try forEach(from: start, in: transaction) { key, value in
            guard rowCount < rowCountMax else {
                resumeAt = key
                return .stop
            }
            rowCount += 1
            return try body(key, value)
        }
        return resumeAt
    }
}
