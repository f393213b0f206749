internal import LMDB
internal import SegmentModel

extension LogStorage {
    /// Calls the body for stored events as `EventLog.forEachStored` does.
    func forEachStored(
        from first: UInt64, countMax: Int, _ body: (StoredEvent) throws -> Bool
    ) throws -> UInt64 {
        var next = max(first, 1)
        var left = countMax
        var isGoingOn = left > 0
        while isGoingOn {
            (next, isGoingOn) = try forEachStored(inBlockOf: next) { event in
                left -= 1
                return try body(event) && left > 0
            }
        }
        return next
    }

    /// Calls the body for the events from `first` on to the end of the block that holds it, until it returns false.
    ///
    /// - Returns: the sequence to go on with, and whether to: the body never returned false, and the log has not ended.
    func forEachStored(
        inBlockOf first: UInt64, _ body: (StoredEvent) throws -> Bool
    ) throws -> (next: UInt64, isGoingOn: Bool) {
        // A block is copied out in a transaction of its own, so that none waits for the body.
        guard let found = try environment.withReadTransaction({ try block(holding: first, in: $0) }) else {
            return (first, false)
        }
        var next = first
        let isGoingOn = try found.forEach(from: first) { event in
            next = event.sequence + 1
            return try body(event)
        }
        return (next, isGoingOn)
    }

    /// Events from `first` on, in order, each checked, as many as the bounds allow; empty at the log's end.
    func read(from first: UInt64, countMax: Int, bytesMax: Int) throws -> [LoggedEvent] {
        var found: [LoggedEvent] = []
        var bytesRead = 0
        _ = try forEachStored(from: first, countMax: countMax) { event in
            found.append(try event.logged())
            bytesRead += event.bytes.count
            return bytesRead < bytesMax
        }
        return found
    }

    /// The block or plain row that holds the event; nil if the log ends before it.
    func block(
        holding sequence: UInt64, in transaction: borrowing some Transaction & ~Copyable
    ) throws -> EventBlock? {
        var cursor = try transaction.cursor(over: events)
        let isBeforeLast = try cursor.move(atOrAfter: sequence)
        var key = isBeforeLast ? try cursor.key() : nil
        if key != sequence {
            key = try cursor.previousKey(isAtRow: isBeforeLast)
        }
        guard let key else {
            // No row stands before it: the log is empty, or lost its beginning.
            guard !isBeforeLast else { throw missing(sequence) }
            return nil
        }
        let block = try cursor.valueBytes.withUnsafeBytes { try EventBlock($0, firstSequence: key) }
        guard sequence > block.lastSequence else { return block }
        guard !isBeforeLast else { throw missing(sequence) }
        return nil
    }

    /// The end of the log as it is on disk, with the plain rows that the next full block will replace.
    func openBlock() throws -> OpenBlock {
        try environment.withReadTransaction { transaction in
            var rows: [EventBlock] = []
            var cursor = try transaction.cursor(over: events)
            var isAtRow = try cursor.moveToLast()
            while isAtRow {
                let key = try cursor.key()
                let row = try cursor.valueBytes.withUnsafeBytes { try EventBlock($0, firstSequence: key) }
                guard try row.end().sequence == rows.last?.start.sequence ?? row.lastSequence else {
                    throw missing(row.lastSequence + 1)
                }
                rows.append(row)
                guard row.form == .plain else { break }
                isAtRow = try cursor.previous()
            }
            return try OpenBlock(endingWith: rows.reversed())
        }
    }

    private func missing(_ sequence: UInt64) -> LogError {
        LogError(.damaged(sequence: sequence), "Event \(sequence) is missing from the log.")
    }
}

extension OpenBlock {
    /// - Parameter rows: the last full block, if there is one, and the plain rows after it, in order.
    fileprivate init(endingWith rows: [EventBlock]) throws {
        guard let first = rows.first else {
            self.init(after: .empty)
            return
        }
        self.init(after: first.form == .frame ? try first.end() : first.start)
        for row in rows where row.form == .plain { try takeStored(row) }
    }
}

extension Cursor where Key == UInt64Key {
    /// Moves to the row before the current one or, past the end, to the last; nil if there is none.
    fileprivate mutating func previousKey(isAtRow: Bool) throws(LMDBError) -> UInt64? {
        guard try isAtRow ? previous() : moveToLast() else { return nil }
        return try key()
    }
}
