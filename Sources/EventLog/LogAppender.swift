internal import Admission
internal import LMDB
internal import SegmentModel

/// What appending needs to remember between transactions: the end of the log and the types of fields.
///
/// Both move only when a transaction is committed; a failed one leaves them, and the log, as they were.
struct LogAppender {
    private(set) var tail: LogTail
    private var fieldTypes: FieldTypes
    /// Set when the log's commit succeeded and the index's did not; the index is caught up before the next append.
    private var isIndexBehind = false

    init(tail: LogTail, fieldTypes: FieldTypes) {
        self.tail = tail
        self.fieldTypes = fieldTypes
    }

    /// Appends the requests' events in order, in one transaction of the log and one of the index.
    mutating func append(_ requests: [AppendRequest], to storage: LogStorage) throws -> [AppendReceipt] {
        if isIndexBehind {
            fieldTypes = try storage.catchUpIndex()
            isIndexBehind = false
        }
        var step = AppendStep(tail: tail, fieldTypes: fieldTypes)
        var isLogCommitted = false
        do {
            // The log commits first, inside: an index that is behind is caught up, one that is ahead would refuse
            // events the log does not hold.
            try storage.index.environment.withWriteTransaction { index in
                try storage.environment.withWriteTransaction { log in
                    for request in requests { try step.append(request, to: storage, log: log, index: index) }
                    try storage.index.setSequence(step.tail.sequence, in: index)
                }
                isLogCommitted = true
            }
        } catch  where isLogCommitted {
            isIndexBehind = true
        }
        tail = step.tail
        fieldTypes = step.fieldTypes
        storage.publish(tail, fieldTypes)
        return step.receipts
    }
}

/// One transaction's worth of appending.
private struct AppendStep {
    var tail: LogTail
    var fieldTypes: FieldTypes
    var receipts: [AppendReceipt] = []

    private var key: [UInt8] = []
    private var encoded: [UInt8] = []
    private var record: [UInt8] = []

    init(tail: LogTail, fieldTypes: FieldTypes) {
        self.tail = tail
        self.fieldTypes = fieldTypes
    }

    mutating func append(
        _ request: AppendRequest, to storage: LogStorage, log: borrowing WriteTransaction,
        index: borrowing WriteTransaction
    ) throws {
        var receipt = AppendReceipt()
        for admitted in request.events {
            EventIndex.key(of: admitted.event, into: &key)
            encoded.removeAll(keepingCapacity: true)
            admitted.event.encode(into: &encoded)
            let next = tail.sequence + 1
            guard try storage.index.ids.insert(next, forKey: key, in: index) else {
                try noteKnown(admitted, in: &receipt, storage: storage, log: log, index: index)
                continue
            }
            if let problem = fieldTypes.mismatch(in: admitted, declared: request.declaredTypes) {
                _ = try storage.index.ids.delete(forKey: key, in: index)
                receipt.problems.append(problem)
                continue
            }
            for (name, type) in fieldTypes.learn(from: admitted.event) {
                try storage.index.fields.put(type.rawValue, forKey: name, in: index)
            }
            advanceTail(for: admitted.event, request: request)
            LogRecord.encode(
                event: encoded, sequence: next, recordedAt: tail.recordedAt, visibleAt: tail.visibleAt, into: &record)
            try record.withUnsafeBytes { try storage.events.appendBytes($0, forKey: next, in: log) }
            receipt.note(appended: tail)
        }
        receipts.append(receipt)
    }

    private mutating func advanceTail(for event: Event, request: AppendRequest) {
        let recordedAt =
            switch request.recording {
            case .at(let instant): instant
            case .whenOccurred: event.time ?? tail.recordedAt
            }
        tail.sequence += 1
        tail.recordedAt = max(tail.recordedAt, recordedAt)
        tail.visibleAt = max(tail.visibleAt, tail.recordedAt.advanced(byMicroseconds: request.delayMicroseconds))
    }

    /// The pair (source, id) is known: the same content is a duplicate, any other a conflict.
    private func noteKnown(
        _ admitted: AdmittedEvent, in receipt: inout AppendReceipt, storage: LogStorage,
        log: borrowing WriteTransaction, index: borrowing WriteTransaction
    ) throws {
        guard let sequence = try storage.index.ids.value(forKey: key, in: index) else {
            throw LogError(.storage, "The index lost a key while it was being written.")
        }
        let isSame = try storage.events.withBytes(forKey: sequence, in: log) { bytes in
            guard let bytes else {
                throw LogError(.damaged(sequence: sequence), "Event \(sequence) is missing from the log.")
            }
            let stored = try LogRecord.eventBytes(bytes, sequence: sequence)
            return stored.elementsEqual(encoded)
        }
        guard !isSame else {
            receipt.duplicates += 1
            return
        }
        receipt.conflicts += 1
        receipt.problems.append(
            Rejection(
                line: admitted.line, pointer: "/id", code: .conflict,
                message: """
                    An event with this source and id is in the log already, at sequence \(sequence), with other content; \
                    this one is not stored. Give a new fact a new id.
                    """,
                source: admitted.event.source.text, id: admitted.event.id.text))
    }
}

extension AppendReceipt {
    fileprivate mutating func note(appended tail: LogTail) {
        appended += 1
        if firstSequence == nil { firstSequence = tail.sequence }
        lastSequence = tail.sequence
        recordedAt = tail.recordedAt
        visibleAt = tail.visibleAt
    }
}
