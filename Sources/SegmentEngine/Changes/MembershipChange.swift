public import SegmentModel

/// A contact that entered or left a segment, with the exact instant and why.
///
/// Changes come in the order of instants; at one instant window edges by contact in order of first sight, then events
/// by sequence. Which changes there are, and their order, depends on the log, the definitions and time alone.
public struct MembershipChange: Equatable, Sendable {
    /// The segment's id.
    public var segment: String
    public var contact: Identifier
    /// Entered, or left.
    public var isEntered: Bool
    public var instant: Instant
    public var cause: Cause

    public init(segment: String, contact: Identifier, isEntered: Bool, instant: Instant, cause: Cause) {
        self.segment = segment
        self.contact = contact
        self.isEntered = isEntered
        self.instant = instant
        self.cause = cause
    }

    /// What moved a contact.
    public enum Cause: Equatable, Sendable {
        /// The event of that sequence became visible.
        case event(sequence: UInt64)
        /// Time passed the edge of a window.
        case windowEdge
        /// The event of that sequence erased the contact.
        case erasure(sequence: UInt64)
        /// The segment was saved, edited or deleted, or a setting that conditions depend on was changed.
        case definition
    }
}
