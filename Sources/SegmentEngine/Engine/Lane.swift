/// One step of one contact: the truths of its leaves before and after an event or a window edge.
struct Lane: Comparable {
    /// Microseconds since 1970.
    var instant: Int64
    /// The event's sequence; 0 for a window edge, which comes before the events of its instant.
    var sequence: UInt64
    var ordinal: Ordinal
    var isErasure: Bool
    /// Which walker's memory the truths lie in.
    var walker: UInt32
    /// Numbers of truth lists in it; nil where the contact does not exist.
    var old: UInt32?
    var new: UInt32?

    /// The order in which lanes count, whoever made them: it does not depend on how events are batched.
    static func < (left: Lane, right: Lane) -> Bool {
        (left.instant, left.sequence, left.ordinal) < (right.instant, right.sequence, right.ordinal)
    }

    static func == (left: Lane, right: Lane) -> Bool {
        left.instant == right.instant && left.sequence == right.sequence && left.ordinal == right.ordinal
    }
}

/// What a batch did to one contact: its record before and after each of its events, or none if only time passed.
struct Touch {
    var ordinal: Ordinal
    /// Microseconds since 1970; when the event became visible.
    var instant: Int64
    var sequence: UInt64
    var isErasure: Bool
    var before: RecordReference
    var after: RecordReference
    /// In what they differ.
    var extent: RecordEdit.Extent
}
