public import SegmentModel

/// The time of day, handed in so that tests and replays can bring their own.
public protocol AudienceClock: Sendable {
    /// The present instant; may go backwards, the frontier will not.
    func now() -> Instant
}
