public import SegmentModel

/// How far segmentation has seen: every event with visibleAt <= the frontier is applied, none after it.
///
/// Laws: it never goes back; advancing twice to the same instant is advancing once; the order in which it is told of
/// several instants does not matter.
public struct Frontier: Equatable, Comparable, Sendable {
    /// The instant seen up to, included.
    public private(set) var instant: Instant

    /// A frontier at that instant.
    public init(at instant: Instant) {
        self.instant = instant
    }

    /// Moves to `target` if that is later; holds otherwise, as when a clock was set back.
    ///
    /// - Returns: whether it moved.
    @discardableResult
    public mutating func advance(to target: Instant) -> Bool {
        guard target > instant else { return false }
        instant = target
        return true
    }

    /// Whether an event that becomes visible at `visibleAt` has been seen.
    public func covers(visibleAt: Instant) -> Bool {
        visibleAt <= instant
    }

    public static func < (left: Frontier, right: Frontier) -> Bool {
        left.instant < right.instant
    }
}
