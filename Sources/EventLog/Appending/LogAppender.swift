internal import LMDB
internal import SegmentModel

/// What appending needs to remember between transactions: the end of the log, and the index's sources and field types.
///
/// Both move only when a transaction is committed; a failed one leaves them, and the log, as they were.
struct LogAppender {
    private var open: OpenBlock
    private var names: IndexNames
    /// Set when the log's commit succeeded and the index's did not; the index is caught up before the next append.
    private var isIndexBehind = false
    private let compressor = BlockCompressor()

    init(open: OpenBlock, names: IndexNames) {
        self.open = open
        self.names = names
    }

    /// Appends the batches' events in order, in one transaction of the log and one of the index.
    mutating func append(_ batches: [PreparedBatch], to storage: LogStorage) throws -> [AppendReceipt] {
        if isIndexBehind {
            names = try storage.catchUpIndex(to: open.end.sequence)
            isIndexBehind = false
        }
        var step = AppendStep(storage: storage, open: open, names: names, compressor: compressor)
        var receipts: [AppendReceipt] = []
        var isLogCommitted = false
        do {
            // The log commits first, inside: an index that is behind is caught up, one that is ahead would refuse
            // events the log does not hold.
            try storage.index.environment.withWriteTransaction { index in
                try storage.environment.withWriteTransaction { log in
                    var ids = try index.cursor(over: storage.index.ids)
                    for batch in batches {
                        receipts.append(try step.append(batch, log: log, index: index, ids: &ids))
                    }
                    try step.open.storeRest(storage.events, in: log)
                    try storage.index.setSequence(step.open.end.sequence, step.names, in: index)
                }
                isLogCommitted = true
            }
        } catch  where isLogCommitted {
            isIndexBehind = true
        }
        open = step.open
        names = step.names
        storage.publish(open.end, names)
        return receipts
    }
}
