internal import EventLog
internal import SegmentModel

/// Reads a log on from some event and translates what it reads, a window at a time.
struct LogFeed {
    private let log: EventLog
    private let last: UInt64
    private let instant: Instant
    /// The last event read, and when the log recorded it.
    private(set) var end: (sequence: UInt64, recordedAt: Instant)
    /// Set when there is nothing more to read.
    private(set) var isAtEnd = false
    /// When the next event becomes visible; known at the end, nil if the log has none.
    private(set) var nextVisibleAt: Instant?
    /// Why reading ended before its time.
    private(set) var failure: LogError?

    /// - Parameters:
    ///   - end: the event to begin after.
    ///   - last: the last event wanted.
    ///   - instant: when events that are wanted have become visible.
    init(
        _ log: EventLog, after end: (sequence: UInt64, recordedAt: Instant), through last: UInt64,
        visibleBy instant: Instant
    ) {
        self.log = log
        self.end = end
        self.last = last
        self.instant = instant
    }

    /// Adds events to the window until it is full or there are no more.
    mutating func fill(_ window: inout FoldWindow, _ vocabulary: Vocabulary) {
        while !isAtEnd, !window.isFull {
            do {
                let sequence = end.sequence
                _ = try log.forEachStored(inBlockOf: sequence + 1) { take($0, into: &window, vocabulary) }
                if end.sequence == sequence { isAtEnd = true }
            } catch {
                failure = error
                isAtEnd = true
            }
        }
    }

    private mutating func take(_ event: StoredEvent, into window: inout FoldWindow, _ vocabulary: Vocabulary) -> Bool {
        guard event.sequence <= last, event.visibleAt <= instant else {
            nextVisibleAt = event.visibleAt
            isAtEnd = true
            return false
        }
        window.append(
            EventBytes(
                event.bytes, sequence: event.sequence, recordedAt: event.recordedAt.microseconds,
                visibleAt: event.visibleAt.microseconds), vocabulary)
        end = (event.sequence, event.recordedAt)
        return true
    }
}
