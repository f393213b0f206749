internal import SegmentModel
internal import Synchronization

/// An audience's instants: when events are recorded, and how far the frontier may go.
///
/// Invariant: no event becomes visible at an instant that answers may have been given for. While events are on their way
/// into the log the frontier stays short of the instant at which they become visible; and what is recorded after the
/// frontier was sent to an instant becomes visible later than that, even if the clock was set back. Matters where the
/// visibility delay is shorter than it takes to store a batch.
final class AudienceTime: Sendable {
    private struct State {
        /// How far the frontier was sent.
        var reached: Instant
        /// The earliest instants at which events on their way into the log become visible, by recording.
        var underWay: [UInt64: Instant] = [:]
        var recordings: UInt64 = 0
    }

    private let clock: any AudienceClock
    private let state: Mutex<State>

    init(clock: any AudienceClock, frontier: Instant) {
        self.clock = clock
        state = Mutex(State(reached: frontier))
    }

    /// Events on their way into the log.
    struct Recording {
        /// When the events are recorded.
        let instant: Instant
        fileprivate let number: UInt64
    }

    /// Begins to record events; `end` must follow once they are stored, or are not.
    func begin(delayMicroseconds: Int64) -> Recording {
        state.withLock { state in
            let earliest = state.reached.advanced(byMicroseconds: 1 - delayMicroseconds)
            let instant = max(clock.now(), earliest)
            state.recordings += 1
            state.underWay[state.recordings] = instant.advanced(byMicroseconds: delayMicroseconds)
            return Recording(instant: instant, number: state.recordings)
        }
    }

    func end(_ recording: Recording) {
        state.withLock { $0.underWay[recording.number] = nil }
    }

    /// Where the frontier may go now.
    func frontierTarget() -> Instant {
        state.withLock { state in
            var target = clock.now()
            if let visible = state.underWay.values.min() { target = min(target, visible.advanced(byMicroseconds: -1)) }
            state.reached = max(state.reached, target)
            return state.reached
        }
    }
}
