internal import LMDB

/// The events after the last full block.
///
/// On disk they are plain rows, one for each commit, so that a commit of one event writes one event. In memory they are
/// one body; once that is full, the rows are replaced by one compressed block in the same transaction that filled it.
/// An event is thus written at most twice, and a log of any commits ends up as full blocks and less than one block of
/// plain rows.
struct OpenBlock {
    /// Bytes of body that make a block full: with more, the log shrinks by little and reading one event costs more.
    static let fullSize = 64 << 10

    /// The end of the log before the block's first event.
    private var start: LogTail
    /// The end of the log.
    private(set) var end: LogTail
    private var body: [UInt8] = []
    /// The plain rows that hold the body up to `storedSize`, by their keys.
    private var rows: [UInt64] = []
    private var storedEnd: LogTail
    private var storedSize = 0

    /// An empty block at the end of the log.
    init(after end: LogTail) {
        start = end
        self.end = end
        storedEnd = end
    }

    /// Whether the event is in this block.
    func contains(_ sequence: UInt64) -> Bool { sequence > start.sequence && sequence <= end.sequence }

    /// The events so far, stored or not.
    var events: EventBlock {
        EventBlock(start: start, count: Int(end.sequence - start.sequence), body: body)
    }

    /// Adds an event in its binary form; it becomes the log's `tail`.
    mutating func append(_ event: UnsafeRawBufferPointer, at tail: LogTail) {
        BlockBody.append(event, at: tail, after: end, to: &body)
        end = tail
    }

    /// Takes over a plain row that was found at the log's end, in order.
    mutating func takeStored(_ row: EventBlock) throws {
        rows.append(row.firstSequence)
        body.append(contentsOf: row.body)
        end = try row.end()
        storedEnd = end
        storedSize = body.count
    }

    /// Stores the block as a compressed one in place of its rows, if it is full, and goes on with an empty one.
    mutating func closeIfFull(
        _ table: Table<UInt64Key, BytesValue>, with compressor: BlockCompressor,
        in transaction: borrowing WriteTransaction
    ) throws {
        guard body.count >= Self.fullSize else { return }
        for row in rows { _ = try table.delete(forKey: row, in: transaction) }
        let record = try body.withUnsafeBytes { bytes in
            try EventBlock.encode(
                bytes, compressor, count: Int(end.sequence - start.sequence), start: start)
        }
        try table.append(record, forKey: start.sequence + 1, in: transaction)
        start = end
        storedEnd = end
        storedSize = 0
        body.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
    }

    /// Stores the events that are in no row yet as one; to be called before every commit.
    mutating func storeRest(
        _ table: Table<UInt64Key, BytesValue>, in transaction: borrowing WriteTransaction
    ) throws {
        guard storedEnd.sequence < end.sequence else { return }
        let record = try body.withUnsafeBytes { bytes in
            try EventBlock.encode(
                UnsafeRawBufferPointer(rebasing: bytes[storedSize...]),
                count: Int(end.sequence - storedEnd.sequence), start: storedEnd)
        }
        try table.append(record, forKey: storedEnd.sequence + 1, in: transaction)
        rows.append(storedEnd.sequence + 1)
        storedEnd = end
        storedSize = body.count
    }
}
