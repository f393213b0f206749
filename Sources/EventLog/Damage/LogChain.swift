internal import SegmentModel

/// Follows a log block by block and compares each with what came before: what holds of every log that nobody damaged
/// (docs/format.md, invariants 1 to 6).
struct LogChain {
    /// The end of what was followed.
    private(set) var end = LogTail.empty
    /// CRC-32C over all events with their sequences and instants: equal for equal logs, however they are stored.
    private(set) var digest: UInt32 = 0

    /// Takes the events of a block that lie behind the end, and lends each; throws `damaged` where something is wrong.
    mutating func take(_ block: EventBlock, _ visit: (StoredEvent) throws -> Void = { _ in }) throws {
        let next = end.sequence + 1
        guard block.firstSequence <= next, block.lastSequence >= next else {
            throw LogError(.damaged(sequence: next), "Event \(next) is missing from the log.")
        }
        if block.firstSequence == next, block.start != end {
            throw LogError(
                .damaged(sequence: next),
                "The block that begins with event \(next) does not continue the one before: its instants are others.")
        }
        _ = try block.forEach(from: next) { event in
            try check(event)
            digest = Self.digest(of: event, continuing: digest)
            end = LogTail(sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
            try visit(event)
            return true
        }
    }

    private func check(_ event: StoredEvent) throws {
        guard event.recordedAt >= end.recordedAt, event.visibleAt >= end.visibleAt, event.visibleAt >= event.recordedAt
        else {
            throw LogError(
                .damaged(sequence: event.sequence), "The instants of event \(event.sequence) lie before earlier ones.")
        }
        // Bytes that decode at all are the canonical ones.
        _ = try event.logged()
    }

    private static func digest(of event: StoredEvent, continuing digest: UInt32) -> UInt32 {
        var digest = digest
        for number in [Int64(bitPattern: event.sequence), event.recordedAt.microseconds, event.visibleAt.microseconds] {
            digest = withUnsafeBytes(of: number.littleEndian) { CRC32C.checksum($0, continuing: digest) }
        }
        return CRC32C.checksum(event.bytes, continuing: digest)
    }
}
