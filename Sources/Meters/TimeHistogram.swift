internal import Synchronization

/// How long something took, each time: how often at most so long, and all together.
///
/// Noting costs some tens of nanoseconds; a reading holds up whoever notes for as long as it takes to copy it.
public final class TimeHistogram: Sendable {
    /// What was noted so far.
    public struct Reading: Equatable, Sendable {
        /// Times of at most each of `boundsMicroseconds`, not counting those of shorter bounds; last those beyond all.
        public fileprivate(set) var counts = [Int](repeating: 0, count: boundsMicroseconds.count + 1)
        /// All times together.
        public fileprivate(set) var total = Duration.zero

        public init() {}

        /// How many times were noted.
        public var count: Int { counts.reduce(0, +) }
        public var totalSeconds: Double {
            let (seconds, attoseconds) = total.components
            return Double(seconds) + Double(attoseconds) / 1e18
        }
    }

    /// The upper bounds of the buckets, ascending: from a tenth of a millisecond to a minute.
    public static let boundsMicroseconds: [Int64] = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]

    private let state = Mutex(Reading())

    public init() {}

    public var reading: Reading { state.withLock { $0 } }

    public func note(_ duration: Duration) {
        let bucket = Self.boundsMicroseconds.firstIndex { duration <= .microseconds($0) }
        state.withLock { reading in
            reading.counts[bucket ?? Self.boundsMicroseconds.count] += 1
            reading.total += duration
        }
    }

    /// Notes the time since an instant.
    public func note(since start: ContinuousClock.Instant) {
        note(start.duration(to: .now))
    }
}
