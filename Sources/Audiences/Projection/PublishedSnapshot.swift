internal import Synchronization

/// The last snapshot of an audience, where readers take it without waiting for anybody.
///
/// A snapshot that is kept makes the engine copy what it changes. So that an audience nobody reads pays nothing, it is
/// withdrawn once no reader has come for some ticks; the first reader after that waits for the tick under way.
final class PublishedSnapshot: Sendable {
    private struct State {
        var snapshot: AudienceSnapshot?
        var ticksSinceRead = 0
    }

    private let state = Mutex(State())

    /// Ticks without a reader after which the snapshot is withdrawn.
    private static let idleTicksMax = 20

    /// The last snapshot; nil if none is published.
    func read() -> AudienceSnapshot? {
        state.withLock { state in
            state.ticksSinceRead = 0
            return state.snapshot
        }
    }

    /// The last snapshot, for whoever should not count as a reader.
    func peek() -> AudienceSnapshot? { state.withLock { $0.snapshot } }

    func publish(_ snapshot: AudienceSnapshot) {
        state.withLock { $0.snapshot = snapshot }
    }

    /// Begins a tick.
    func withdrawIfIdle() {
        state.withLock { state in
            state.ticksSinceRead += 1
            if state.ticksSinceRead > Self.idleTicksMax { state.snapshot = nil }
        }
    }

    func withdraw() {
        state.withLock { $0.snapshot = nil }
    }
}
