internal import Admission
internal import SegmentModel

/// An event of a batch whose (source, id) is in the log already.
struct KnownEvent {
    /// Where it stands in the log.
    let sequence: UInt64
    /// Where it stands in the batch.
    let position: Int

    /// Those of the known events that are stored with other content; the rest are duplicates.
    ///
    /// Each block is read once, whatever the order of the batch.
    ///
    /// - Parameter block: the block that holds a sequence.
    static func conflicts(
        among known: [KnownEvent], in events: AdmittedEvents, _ bytes: UnsafeRawBufferPointer,
        block: (UInt64) throws -> EventBlock?
    ) throws -> [KnownEvent] {
        var conflicts: [KnownEvent] = []
        var left = known.sorted { $0.sequence < $1.sequence }[...]
        while let first = left.first {
            guard let block = try block(first.sequence) else {
                throw LogError(
                    .damaged(sequence: first.sequence), "Event \(first.sequence) is missing from the log.")
            }
            _ = try block.forEach(from: first.sequence) { stored in
                while let event = left.first, event.sequence == stored.sequence {
                    let sent = bytes[events.range(at: event.position)]
                    // Of an event of an erased contact nobody can tell any more what it said.
                    if !stored.isErased, !sent.elementsEqual(stored.bytes) { conflicts.append(event) }
                    left.removeFirst()
                }
                return !left.isEmpty
            }
        }
        return conflicts
    }

    /// What is said of it where its content differs.
    func rejection(in events: AdmittedEvents) throws -> Rejection {
        try Rejection(conflict: events[position], place: "is in the log already, at sequence \(sequence),")
    }
}

extension Rejection {
    /// An event whose source and id another has, which stands in that place.
    init(conflict admitted: AdmittedEvent, place: String) throws {
        let event = try admitted.event
        self.init(
            line: admitted.line, pointer: "/id", code: .conflict,
            message: """
                An event with this source and id \(place) with other content; this one is not stored. Give a new fact a \
                new id.
                """,
            source: event.source.text, id: event.id.text)
    }
}
