import Audiences
import SegmentModel
import Synchronization

/// A machine's clocks: time passes, the clock is set, the machine is booted.
final class SystemClocks: Sendable {
    private let state: Mutex<ClockReading>

    init(_ wall: String = "2026-03-01T12:00:00Z", upFor seconds: Int64 = 3_600) throws {
        state = Mutex(
            ClockReading(
                wall: try Instant(rfc3339: wall), elapsedMicroseconds: seconds * 1_000_000, boot: "boot 0"))
    }

    var reading: ClockReading { state.withLock { $0 } }

    /// Time passes, awake or suspended.
    func pass(seconds: Int64) {
        state.withLock {
            $0.wall = $0.wall.advanced(byMicroseconds: seconds * 1_000_000)
            $0.elapsedMicroseconds += seconds * 1_000_000
        }
    }

    /// Somebody sets the clock.
    func step(seconds: Int64) {
        state.withLock { $0.wall = $0.wall.advanced(byMicroseconds: seconds * 1_000_000) }
    }

    /// The machine is down, and then up for a little while.
    func reboot(downFor seconds: Int64, upFor up: Int64 = 20) {
        state.withLock {
            $0.wall = $0.wall.advanced(byMicroseconds: (seconds + up) * 1_000_000)
            $0.elapsedMicroseconds = up * 1_000_000
            $0.boot += "1"
        }
    }

    /// A clock that watches these.
    func clock(_ remembered: ClockMemory? = nil, limits: ClockLimits = ClockLimits()) -> TrustedClock {
        TrustedClock(limits: limits, remembered: remembered) { self.reading }
    }
}

/// Spans of seconds.
enum Seconds {
    static let day: Int64 = 86_400
    static let year: Int64 = 365 * 86_400
}
