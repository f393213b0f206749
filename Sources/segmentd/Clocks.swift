import Audiences
import CPlatform
import Glibc
import SegmentModel

/// The clocks as the system has them.
struct SystemClock: AudienceClock {
    func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        // A clock may be set to years that no instant can name.
        return min(max(Instant(microseconds: microseconds), .earliest), .latest)
    }

    /// The time of day beside the time since boot.
    func reading() -> ClockReading {
        ClockReading(wall: now(), elapsedMicroseconds: platform_boottime_microseconds(), boot: Self.boot)
    }

    /// The kernel's name for this boot; empty if it does not tell.
    private static let boot: String = {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)).prefix { $0 > 0x20 }, as: UTF8.self)
    }()
}

/// A clock that is set to an instant once and runs at real speed from there: for demonstrations and tests.
struct ShiftedClock: AudienceClock {
    private let start: Instant
    private let startedAt = ContinuousClock.now

    init(start: Instant) {
        self.start = start
    }

    func now() -> Instant {
        let elapsed = (ContinuousClock.now - startedAt).components
        return start.advanced(byMicroseconds: elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000)
    }
}
