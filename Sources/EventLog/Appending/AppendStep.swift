internal import Admission
internal import LMDB
internal import SegmentModel

/// One transaction's worth of appending.
struct AppendStep {
    let storage: LogStorage
    var open: OpenBlock
    var names: IndexNames

    /// Appends what is new in a batch and says what became of it all.
    mutating func append(
        _ batch: PreparedBatch, log: borrowing WriteTransaction, index: borrowing WriteTransaction
    ) throws -> AppendReceipt {
        var receipt = AppendReceipt()
        var known: [KnownEvent] = []
        var problems: [(position: Int, problem: Rejection)] = []
        var fieldPositions = batch.fieldPositions[...]
        try batch.bytes.withUnsafeBytes { bytes in
            var start = 0
            for position in 0..<batch.count {
                let event = UnsafeRawBufferPointer(rebasing: bytes[start..<batch.ends[position]])
                start = batch.ends[position]
                let hasFields = fieldPositions.first == position
                if hasFields { fieldPositions.removeFirst() }
                guard let head = EventHead(event) else {
                    throw LogError(.storage, "An event was encoded in a form that cannot be read.")
                }
                let next = open.end.sequence + 1
                if let sequence = try storage.index.insert(head, at: next, &names, in: index) {
                    known.append(KnownEvent(sequence: sequence, position: position))
                    continue
                }
                if hasFields, let problem = try checkFields(of: position, in: batch.request, index: index) {
                    problems.append((position, problem))
                    continue
                }
                open.append(event, at: tail(after: position, in: batch.request))
                receipt.note(appended: open.end)
                try open.closeIfFull(storage.events, in: log)
            }
            let conflicts = try conflicts(among: known, bytes: bytes, ends: batch.ends, log: log)
            receipt.conflicts = conflicts.count
            receipt.duplicates = known.count - conflicts.count
            problems += conflicts.map { ($0.position, Self.conflict(batch.request.events[$0.position], $0.sequence)) }
        }
        receipt.problems = problems.sorted { $0.position < $1.position }.map(\.problem)
        return receipt
    }

    /// The end of the log once the event is in it.
    private func tail(after position: Int, in request: AppendRequest) -> LogTail {
        let instant =
            switch request.recording {
            case .at(let instant): instant
            case .whenOccurred: request.events[position].event.time ?? open.end.recordedAt
            }
        let recordedAt = max(open.end.recordedAt, instant)
        return LogTail(
            sequence: open.end.sequence + 1, recordedAt: recordedAt,
            visibleAt: max(open.end.visibleAt, recordedAt.advanced(byMicroseconds: request.delayMicroseconds)))
    }

    /// Refuses an event whose custom fields have other types, taking it out of the index; learns from it otherwise.
    private mutating func checkFields(
        of position: Int, in request: AppendRequest, index: borrowing WriteTransaction
    ) throws -> Rejection? {
        let admitted = request.events[position]
        if let problem = names.fieldTypes.mismatch(in: admitted, declared: request.declaredTypes) {
            try storage.index.removeLast(names, in: index)
            return problem
        }
        try storage.index.learn(from: admitted.event, &names, in: index)
        return nil
    }
}

/// An event of a batch whose (source, id) is in the log already.
private struct KnownEvent {
    /// Where it stands in the log.
    let sequence: UInt64
    /// Where it stands in the batch.
    let position: Int
}

extension AppendStep {
    /// Those of the known events that are stored with other content; the rest are duplicates.
    ///
    /// Each block is read once, whatever the order of the batch.
    private func conflicts(
        among known: [KnownEvent], bytes: UnsafeRawBufferPointer, ends: [Int], log: borrowing WriteTransaction
    ) throws -> [KnownEvent] {
        var conflicts: [KnownEvent] = []
        var left = known.sorted { $0.sequence < $1.sequence }[...]
        while let first = left.first {
            let block = open.contains(first.sequence) ? open.events : try stored(first.sequence, log: log)
            _ = try block.forEach(from: first.sequence) { stored in
                while let event = left.first, event.sequence == stored.sequence {
                    let start = event.position == 0 ? 0 : ends[event.position - 1]
                    let sent = UnsafeRawBufferPointer(rebasing: bytes[start..<ends[event.position]])
                    if !sent.elementsEqual(stored.bytes) { conflicts.append(event) }
                    left.removeFirst()
                }
                return !left.isEmpty
            }
        }
        return conflicts
    }

    private func stored(_ sequence: UInt64, log: borrowing WriteTransaction) throws -> EventBlock {
        guard let block = try storage.block(holding: sequence, in: log) else {
            throw LogError(.damaged(sequence: sequence), "Event \(sequence) is missing from the log.")
        }
        return block
    }

    private static func conflict(_ admitted: AdmittedEvent, _ sequence: UInt64) -> Rejection {
        Rejection(
            line: admitted.line, pointer: "/id", code: .conflict,
            message: """
                An event with this source and id is in the log already, at sequence \(sequence), with other content; \
                this one is not stored. Give a new fact a new id.
                """,
            source: admitted.event.source.text, id: admitted.event.id.text)
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
