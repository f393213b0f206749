/// What moved a contact into a segment or out of it.
public enum ChangeCause: String, Codable, Sendable {
    /// An event became visible.
    case event
    /// Time passed the edge of a window.
    case time
    /// The segment was saved or edited, or a setting was changed.
    case definition
}

/// A segment that a contact is in.
public struct ContactSegmentAnswer: Codable, Equatable, Sendable {
    public var id: String
    public var name: String
    /// From when on it has been in the segment without a break.
    public var since: String
    public var because: ChangeCause
    /// The event, if it was one.
    public var sequence: UInt64?

    public init(id: String, name: String, since: String, because: ChangeCause, sequence: UInt64? = nil) {
        self.id = id
        self.name = name
        self.since = since
        self.because = because
        self.sequence = sequence
    }
}

/// Entered or left.
public enum MembershipMove: String, Codable, Sendable {
    case entered
    case left
}

/// A segment that a contact will enter or leave.
public struct ComingChangeAnswer: Codable, Equatable, Sendable {
    public var at: String
    public var segment: SegmentName
    public var becomes: MembershipMove
    public var because: ChangeCause
    /// The event, if it is one.
    public var sequence: UInt64?

    public init(
        at: String, segment: SegmentName, becomes: MembershipMove, because: ChangeCause, sequence: UInt64? = nil
    ) {
        self.at = at
        self.segment = segment
        self.becomes = becomes
        self.because = because
        self.sequence = sequence
    }
}
