public import SegmentModel
import Synchronization

/// A clock that stands still until a test moves it, in either direction.
public final class ManualClock: Sendable {
    private let instant: Mutex<Instant>

    public init(_ instant: Instant) {
        self.instant = Mutex(instant)
    }

    public func now() -> Instant {
        instant.withLock { $0 }
    }

    public func move(to target: Instant) {
        instant.withLock { $0 = target }
    }

    public func advance(by microseconds: Int64) {
        instant.withLock { $0 = $0.advanced(byMicroseconds: microseconds) }
    }
}
