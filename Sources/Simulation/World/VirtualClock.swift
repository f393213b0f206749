internal import Audiences
internal import SegmentModel
internal import Synchronization

/// A clock that stands still until the world moves it, in either direction.
final class VirtualClock: AudienceClock {
    private let instant: Mutex<Instant>

    init(_ instant: Instant) {
        self.instant = Mutex(instant)
    }

    func now() -> Instant { instant.withLock { $0 } }

    func move(to target: Instant) { instant.withLock { $0 = target } }
}
