public import EventLog
public import SegmentModel

extension MembershipEngine {
    /// Folds the log's events after `sequence` that are visible by `instant`, between `beginCatchUp` and `endCatchUp`.
    ///
    /// Two threads work in step: while one folds a window of events, the other reads and translates the next. What comes
    /// out is the same with one thread, and the same as that of `fold` for each event.
    ///
    /// - Parameter last: the last event to fold, for whoever goes in slices.
    /// - Returns: when the event after the last one folded becomes visible; nil if the log has no more.
    /// - Throws: what reading throws, when everything before the event that cannot be read has been folded.
    public func catchUp(
        from log: EventLog, through last: UInt64 = .max, visibleBy instant: Instant
    ) throws(LogError) -> Instant? {
        precondition(isCatchingUp, "events are folded before a catch-up has begun")
        finishBatch()
        var feed = LogFeed(log, after: (sequence, recordedAt), through: last, visibleBy: instant)
        var filling = FoldWindow()
        var folding = FoldWindow()
        feed.fill(&filling, fold.vocabulary)
        while !filling.isEmpty {
            swap(&filling, &folding)
            step(folding: &folding, filling: &filling, from: &feed)
            noteTouched()
        }
        take(sequence: feed.end.sequence, recordedAt: feed.end.recordedAt)
        if let failure = feed.failure { throw failure }
        return feed.nextVisibleAt
    }

    /// Folds one window and fills the other.
    private func step(folding: inout FoldWindow, filling: inout FoldWindow, from feed: inout LogFeed) {
        let vocabulary = fold.vocabulary
        let isAtEnd = feed.isAtEnd
        withUnsafeMutablePointer(to: &fold) { fold in
            withUnsafeMutablePointer(to: &folding) { folding in
                withUnsafeMutablePointer(to: &filling) { filling in
                    withUnsafeMutablePointer(to: &feed) { feed in
                        // Each piece of work has two of them to itself.
                        nonisolated(unsafe) let (fold, folding) = (fold, folding)
                        nonisolated(unsafe) let (feed, filling) = (feed, filling)
                        pool.forEach(count: isAtEnd ? 1 : 2) { piece in
                            if piece == 0 {
                                folding.pointee.flush(into: &fold.pointee)
                            } else {
                                feed.pointee.fill(&filling.pointee, vocabulary)
                            }
                        }
                    }
                }
            }
        }
    }
}
