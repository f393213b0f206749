import Synchronization

/// Whether the frontiers move on.
///
/// A tick with much to catch up on may take long; while it works through that, the events it applies are progress too.
final class TickProgress: Sendable {
    private struct State {
        var ticks = 0
        var seen: (ticks: Int, applied: UInt64) = (-1, 0)
    }

    private let state = Mutex(State())

    /// So many ticks came to their end until now.
    func note(ticksEnded: Int) {
        state.withLock { $0.ticks = ticksEnded }
    }

    /// Whether a tick has ended, or events were applied, since this was last asked.
    ///
    /// - Parameter applied: events applied until now, of all audiences.
    func hasMoved(applied: UInt64) -> Bool {
        state.withLock { state in
            defer { state.seen = (state.ticks, applied) }
            return state.seen != (state.ticks, applied)
        }
    }
}
