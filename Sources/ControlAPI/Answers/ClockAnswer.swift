/// The answer to `GET /v1/clock`: how the daemon's time and the system's clock stand to each other.
public struct ClockAnswer: Codable, Equatable, Sendable {
    /// A `ClockStanding`.
    public var state: String
    /// What the daemon goes by.
    public var now: String
    /// What the system's clock says.
    public var system: String
    /// While it is held: how far the system's clock is ahead of what is believed, in whole seconds.
    public var aheadSeconds: Int64
    /// How far the system's clock is behind the latest instant the daemon went by, in whole seconds.
    public var behindSeconds: Int64
    /// The instant the daemon went by when it ceased to believe the clock.
    public var heldSince: String?
    /// The last jump that an operator believed.
    public var accepted: AcceptedJumpAnswer?

    public init(
        state: ClockStanding, now: String, system: String, aheadSeconds: Int64 = 0, behindSeconds: Int64 = 0,
        heldSince: String? = nil, accepted: AcceptedJumpAnswer? = nil
    ) {
        self.state = state.rawValue
        self.now = now
        self.system = system
        self.aheadSeconds = aheadSeconds
        self.behindSeconds = behindSeconds
        self.heldSince = heldSince
        self.accepted = accepted
    }
}

/// Whether the system's clock is believed.
public struct ClockStanding: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The daemon goes by the system's clock.
    public static let believed = ClockStanding(rawValue: "believed")
    /// It does, and the clock was set back: frontiers stand still until it has passed them again.
    public static let behind = ClockStanding(rawValue: "behind")
    /// The clock jumped ahead: the daemon goes by elapsed time until an operator believes it, or it is right again.
    public static let held = ClockStanding(rawValue: "held")
    /// The daemon's clock was set by its configuration, for demonstrations and tests.
    public static let chosen = ClockStanding(rawValue: "chosen")
}

/// A jump of the clock that an operator believed.
public struct AcceptedJumpAnswer: Codable, Equatable, Sendable {
    public var from: String
    public var to: String

    public init(from: String, to: String) {
        self.from = from
        self.to = to
    }
}
