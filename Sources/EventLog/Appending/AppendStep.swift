internal import Admission
internal import LMDB
internal import SegmentModel

/// One transaction's worth of appending.
struct AppendStep {
    let storage: LogStorage
    var open: OpenBlock
    var names: IndexNames
    let compressor: BlockCompressor

    /// Appends what is new in a batch and says what became of it all.
    ///
    /// - Parameter ids: at any row of the index's ids.
    mutating func append(
        _ batch: PreparedBatch, log: borrowing WriteTransaction, index: borrowing WriteTransaction,
        ids: inout EventIndex.IDCursor
    ) throws -> AppendReceipt {
        var receipt = AppendReceipt()
        var known: [KnownEvent] = []
        var problems: [(position: Int, problem: Rejection)] = []
        var fieldChanges = batch.fieldChanges[...]
        try batch.request.events.bytes.withUnsafeBytes { bytes in
            for position in 0..<batch.count {
                let event = UnsafeRawBufferPointer(rebasing: bytes[batch.request.events.range(at: position)])
                let fieldChange = fieldChanges.first?.position == position ? fieldChanges.removeFirst().event : nil
                guard let head = EventHead(event) else {
                    throw LogError(.storage, "An event was encoded in a form that cannot be read.")
                }
                let next = open.end.sequence + 1
                if let sequence = try storage.sequence(ofErased: head, names.identities, in: index) {
                    known.append(KnownEvent(sequence: sequence, position: position))
                    continue
                }
                if let sequence = try storage.index.insert(head, at: next, &names, &ids, in: index) {
                    known.append(KnownEvent(sequence: sequence, position: position))
                    continue
                }
                if let fieldChange,
                    let problem = try checkFields(of: fieldChange, at: position, in: batch.request, index: index)
                {
                    problems.append((position, problem))
                    continue
                }
                open.append(event, at: tail(after: head, in: batch.request))
                receipt.note(appended: open.end)
                if head.isIntegration {
                    try storage.index.note(integration: StoredEvent(event, at: open.end), &names, in: index)
                }
                if head.isErasure {
                    try storage.index.note(erasure: StoredEvent(event, at: open.end), &names, in: index)
                }
                try open.closeIfFull(storage.events, with: compressor, in: log)
            }
            let conflicts = try KnownEvent.conflicts(among: known, in: batch.request.events, bytes) { sequence in
                open.contains(sequence) ? open.events : try storage.block(holding: sequence, in: log)
            }
            receipt.conflicts = conflicts.count
            receipt.duplicates = known.count - conflicts.count
            problems += try conflicts.map { conflict in
                (conflict.position, try conflict.rejection(in: batch.request.events))
            }
        }
        receipt.problems = problems.sorted { $0.position < $1.position }.map(\.problem)
        return receipt
    }

    /// The end of the log once the event is in it.
    private func tail(after event: EventHead, in request: AppendRequest) -> LogTail {
        let instant =
            switch request.recording {
            case .at(let instant): instant
            case .whenOccurred: event.time ?? open.end.recordedAt
            }
        let recordedAt = max(open.end.recordedAt, instant)
        return LogTail(
            sequence: open.end.sequence + 1, recordedAt: recordedAt,
            visibleAt: max(open.end.visibleAt, recordedAt.advanced(byMicroseconds: request.delayMicroseconds)))
    }

    /// Refuses an event whose custom fields have other types, taking it out of the index; learns from it otherwise.
    private mutating func checkFields(
        of event: Event, at position: Int, in request: AppendRequest, index: borrowing WriteTransaction
    ) throws -> Rejection? {
        let line = request.events[position].line
        if let problem = names.fieldTypes.mismatch(in: event, line: line, declared: request.declaredTypes) {
            try storage.index.removeLast(&names, in: index)
            return problem
        }
        try storage.index.learn(from: event, &names, in: index)
        return nil
    }
}

extension StoredEvent {
    /// The event that the log ends with.
    fileprivate init(_ bytes: UnsafeRawBufferPointer, at tail: LogTail) {
        self.init(sequence: tail.sequence, recordedAt: tail.recordedAt, visibleAt: tail.visibleAt, bytes: bytes)
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
