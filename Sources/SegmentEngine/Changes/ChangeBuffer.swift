internal import SegmentModel

/// Changes of membership as numbers, until somebody takes them.
final class ChangeBuffer {
    private struct Change {
        var segment: SegmentNumber
        var ordinal: Ordinal
        var isEntered: Bool
        var instant: Int64
        var cause: MembershipChange.Cause
    }

    private var changes: [Change] = []
    /// The ids of contacts that are gone: their records no longer tell.
    private var erased: [Ordinal: Identifier] = [:]

    var isEmpty: Bool { changes.isEmpty }

    /// Takes the changes of a tile's lanes.
    func append(_ changed: [LaneChange], lanes: ArraySlice<Lane>) {
        for change in changed {
            let lane = lanes[lanes.startIndex + Int(change.lane)]
            let cause: MembershipChange.Cause =
                lane.sequence == 0
                ? .windowEdge
                : lane.isErasure ? .erasure(sequence: lane.sequence) : .event(sequence: lane.sequence)
            changes.append(
                Change(
                    segment: change.segment, ordinal: lane.ordinal, isEntered: change.isEntered, instant: lane.instant,
                    cause: cause))
        }
    }

    /// Takes what a definition changed.
    func append(_ segment: SegmentNumber, _ ordinal: Ordinal, isEntered: Bool, at instant: Instant) {
        changes.append(
            Change(
                segment: segment, ordinal: ordinal, isEntered: isEntered, instant: instant.microseconds,
                cause: .definition))
    }

    /// Keeps the id of a contact that is about to be gone.
    func remember(erased ordinal: Ordinal, record: RecordReference) {
        guard !record.isNone else { return }
        erased[ordinal] = Identifier(String(decoding: RecordReader(record.bytes).id, as: UTF8.self))
    }

    /// Hands out all changes, in order, and forgets them.
    func take(segmentID: (SegmentNumber) -> String?, contactID: (Ordinal) -> Identifier?) -> [MembershipChange] {
        defer {
            changes.removeAll(keepingCapacity: true)
            erased.removeAll()
        }
        return changes.compactMap { change in
            guard let segment = segmentID(change.segment),
                let contact = erased[change.ordinal] ?? contactID(change.ordinal)
            else { return nil }
            return MembershipChange(
                segment: segment, contact: contact, isEntered: change.isEntered,
                instant: Instant(microseconds: change.instant), cause: change.cause)
        }
    }
}
