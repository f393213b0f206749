public import SegmentModel

/// The time of day, handed in so that tests and replays can bring their own.
public protocol AudienceClock: Sendable {
    /// The present instant; may go backwards, the frontier will not.
    func now() -> Instant

    /// The latest instant that a process before this one may have answered at: no frontier begins before it.
    var floor: Instant { get }
}

extension AudienceClock {
    /// For clocks that remember nothing.
    public var floor: Instant { .earliest }
}
