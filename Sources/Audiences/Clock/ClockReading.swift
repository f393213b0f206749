public import SegmentModel

/// What the system's clocks say at one moment.
public struct ClockReading: Equatable, Sendable {
    /// The time of day, which anybody with the right to may set.
    public var wall: Instant
    /// Microseconds since the machine was booted, suspended time included: nobody sets this one.
    public var elapsedMicroseconds: Int64
    /// Which boot that is; empty if it is not known.
    public var boot: String

    public init(wall: Instant, elapsedMicroseconds: Int64, boot: String) {
        self.wall = wall
        self.elapsedMicroseconds = elapsedMicroseconds
        self.boot = boot
    }

    /// What to add to the elapsed time to get the time of day. Changes only when the clock is set.
    var offset: Int64 { wall.microseconds - elapsedMicroseconds }
}

/// How far the time of day may run ahead of elapsed time before it is no longer believed.
public struct ClockLimits: Equatable, Sendable {
    /// Between two looks, and of all steps together until the clock has been steady for ten minutes; in microseconds.
    public var jumpMaxMicroseconds: Int64
    /// From the last look before the machine was booted, when nobody knows how long it was down; in microseconds.
    public var downtimeMaxMicroseconds: Int64

    public init(
        jumpMaxMicroseconds: Int64 = 5 * 60 * 1_000_000, downtimeMaxMicroseconds: Int64 = 7 * 86_400 * 1_000_000
    ) {
        self.jumpMaxMicroseconds = jumpMaxMicroseconds
        self.downtimeMaxMicroseconds = downtimeMaxMicroseconds
    }

    /// A clock that nobody set for so long is steady: what it says now is what later steps are compared with.
    static let steadyMicroseconds: Int64 = 10 * 60 * 1_000_000
}

/// How the daemon's time and the system's clock stand to each other.
public struct ClockState: Equatable, Sendable {
    /// What the daemon goes by.
    public var now: Instant
    /// What the system's clock says.
    public var system: Instant
    /// How far the system's clock is ahead of what is believed; 0 unless it is held.
    public var aheadMicroseconds: Int64
    /// How far the system's clock is behind the latest instant the daemon went by; 0 if it is not.
    public var behindMicroseconds: Int64
    /// The instant the daemon went by when it ceased to believe the clock; nil while it believes it.
    public var heldSince: Instant?
    /// The last jump that an operator believed.
    public var accepted: AcceptedJump?

    /// Whether the daemon goes by elapsed time, because the system's clock is not believed.
    public var isHeld: Bool { heldSince != nil }
}

/// A jump of the clock that an operator believed.
public struct AcceptedJump: Equatable, Sendable {
    public var from: Instant
    public var to: Instant
}
