public import Audiences
public import SegmentModel

/// What the daemon knows about itself and shows in its status.
public struct DaemonFacts: Sendable {
    public var clock: any AudienceClock
    /// Set if the clock does not tell the real time.
    public var clockStartedAt: Instant?
    /// The same clock if it is one that watches the system's; it can be asked to believe a jump.
    public var trustedClock: TrustedClock? { clock as? TrustedClock }
    public var startedAt: ContinuousClock.Instant
    public var dataDirectory: String
    public var sockets: [ListeningSocket]

    public init(
        clock: any AudienceClock, clockStartedAt: Instant? = nil, startedAt: ContinuousClock.Instant = .now,
        dataDirectory: String, sockets: [ListeningSocket]
    ) {
        self.clock = clock
        self.clockStartedAt = clockStartedAt
        self.startedAt = startedAt
        self.dataDirectory = dataDirectory
        self.sockets = sockets
    }
}
