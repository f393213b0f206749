import Audiences
import Glibc
import SegmentModel

/// The real time, as the system has it.
struct SystemClock: AudienceClock {
    func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
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
