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
}
