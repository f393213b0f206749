public import Admission
public import SegmentModel

/// A batch to append, all of it or, when storage fails, none.
public struct AppendRequest: Sendable {
    public var events: AdmittedEvents
    public var recording: Recording
    /// visibleAt - recordedAt, in microseconds.
    public var delayMicroseconds: Int64
    /// Declared types of custom fields.
    public var declaredTypes: [Identifier: FieldType]

    public init(
        events: AdmittedEvents, recording: Recording, delayMicroseconds: Int64,
        declaredTypes: [Identifier: FieldType] = [:]
    ) {
        self.events = events
        self.recording = recording
        self.delayMicroseconds = delayMicroseconds
        self.declaredTypes = declaredTypes
    }

    /// What recordedAt becomes; it never goes back from one sequence to the next.
    public enum Recording: Sendable {
        /// The same instant for the whole batch: the clock's.
        case at(Instant)
        /// Each event's own `time`, or where it has none that of the event before: a virtual clock for replays.
        case whenOccurred
    }
}

/// What became of a batch; when it is returned the appended events are durable.
public struct AppendReceipt: Equatable, Sendable {
    public var appended = 0
    public var duplicates = 0
    public var conflicts = 0
    public var firstSequence: UInt64?
    public var lastSequence: UInt64?
    public var recordedAt: Instant?
    public var visibleAt: Instant?
    /// Conflicts and values of another type than their field's, in the order of the batch.
    public var problems: [Rejection] = []

    public init() {}
}

/// The end of the log.
public struct LogTail: Equatable, Sendable {
    /// The last sequence, 0 when the log is empty.
    public var sequence: UInt64
    /// Those of the last event; the earliest instant when the log is empty.
    public var recordedAt: Instant
    public var visibleAt: Instant

    static let empty = LogTail(sequence: 0, recordedAt: .earliest, visibleAt: .earliest)
}
