internal import SegmentModel

/// Changes of membership as numbers, until somebody takes them.
final class ChangeBuffer {
    private enum Entry {
        /// What lanes changed, ordered by lane.
        case lanes([LaneChange], ArraySlice<Lane>)
        case definition(LaneChange, Ordinal, Instant)
    }

    private var entries: [Entry] = []
    /// The ids of contacts that are gone: their records no longer tell.
    private var erased: [Ordinal: Identifier] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// Takes the changes of a tile's lanes.
    func append(_ changed: [LaneChange], lanes: ArraySlice<Lane>) {
        if !changed.isEmpty { entries.append(.lanes(changed, lanes)) }
    }

    /// Takes what a definition changed.
    func append(_ segment: SegmentNumber, _ ordinal: Ordinal, isEntered: Bool, at instant: Instant) {
        let change = LaneChange(lane: 0, isEntered: isEntered, segment: segment)
        entries.append(.definition(change, ordinal, instant))
    }

    /// Keeps the id of a contact that is about to be gone.
    func remember(erased ordinal: Ordinal, record: RecordReference) {
        guard !record.isNone else { return }
        erased[ordinal] = Identifier(String(decoding: RecordReader(record.bytes).id, as: UTF8.self))
    }

    /// Appends all changes in order, and forgets them.
    func take(
        into taken: inout [MembershipChange], segmentID: (SegmentNumber) -> String?,
        contactID: (Ordinal) -> Identifier?
    ) {
        func append(_ change: LaneChange, _ contact: Identifier, _ instant: Instant, _ cause: MembershipChange.Cause) {
            guard let segment = segmentID(change.segment) else { return }
            taken.append(
                MembershipChange(
                    segment: segment, contact: contact, isEntered: change.isEntered, instant: instant, cause: cause))
        }
        for entry in entries {
            switch entry {
            case .definition(let change, let ordinal, let instant):
                if let contact = contactID(ordinal) { append(change, contact, instant, .definition) }
            case .lanes(let changes, let lanes):
                var (number, contact) = (UInt16.max, Identifier?.none)
                for change in changes {
                    let lane = lanes[lanes.startIndex + Int(change.lane)]
                    if change.lane != number {
                        (number, contact) = (change.lane, erased[lane.ordinal] ?? contactID(lane.ordinal))
                    }
                    guard let contact else { continue }
                    append(change, contact, Instant(microseconds: lane.instant), lane.cause)
                }
            }
        }
        entries.removeAll(keepingCapacity: true)
        erased.removeAll()
    }
}

extension Lane {
    fileprivate var cause: MembershipChange.Cause {
        if sequence == 0 { return .windowEdge }
        return isErasure ? .erasure(sequence: sequence) : .event(sequence: sequence)
    }
}
