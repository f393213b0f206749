internal import SegmentEngine
public import SegmentModel

/// What moved a contact into a segment or out of it.
public enum MembershipCause: Equatable, Sendable {
    /// The event of that sequence became visible.
    case event(sequence: UInt64)
    /// Time passed the edge of a window.
    case windowEdge
    /// The event of that sequence erased the contact.
    case erasure(sequence: UInt64)
    /// The segment was saved or edited, or a setting that conditions depend on was changed.
    case definition

    init(_ cause: MembershipChange.Cause) {
        switch cause {
        case .event(let sequence): self = .event(sequence: sequence)
        case .windowEdge: self = .windowEdge
        case .erasure(let sequence): self = .erasure(sequence: sequence)
        case .definition: self = .definition
        }
    }

    /// The event, if it was one.
    public var sequence: UInt64? {
        switch self {
        case .event(let sequence), .erasure(let sequence): sequence
        case .windowEdge, .definition: nil
        }
    }
}

/// A segment that a contact is in.
public struct ContactMembership: Equatable, Sendable {
    public var segment: SegmentLabel
    /// From when on it has been in the segment without a break.
    public var since: Instant
    public var cause: MembershipCause
}

/// A segment that a contact will enter or leave if nothing comes that is not pending yet.
public struct ComingChange: Equatable, Sendable {
    public var segment: SegmentLabel
    public var isEntered: Bool
    public var instant: Instant
    public var cause: MembershipCause
}

/// A contact with the segments it is in.
public struct ContactSnapshot: Equatable, Sendable {
    public var frontier: Instant
    /// What is visible of the contact; nil when all of its events are still pending.
    public var contact: Contact?
    /// The segments it is in, by name, a page of at most `segmentsMax`.
    public var segments: [ContactMembership]
    /// How many they are in all.
    public var segmentCount: Int
    /// The last segment of the page if there are more: where the next page starts.
    public var nextSegment: String?
    /// Events about the contact that are not yet visible, in log order, at most `pendingMax`; how many there are.
    public var pending: [LoggedEvent]
    public var pendingCount: Int
    /// What will come of the pending events, and of time until the last of them is visible; at most `comingMax`.
    public var coming: [ComingChange]

    /// Segments of one page: since when is found out for each.
    public static let segmentsMax = 200
    /// Pending events shown of one contact.
    public static let pendingMax = 100
    /// Coming changes shown of one contact.
    public static let comingMax = 1_000
}

/// Why a contact is, or is not, in a segment.
public struct SegmentExplanation: Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    public var contact: Identifier
    public var isMember: Bool
    public var explanation: Explanation
    /// The next change if nothing comes that is not pending yet; nil if there is none.
    public var nextChange: NextChange?
    /// A change of the contact that would make it a member, as it follows “would enter”: `with one more order`. Nil for
    /// members, and where none is simple to say.
    public var wouldEnter: SmallestChange?
    /// Events about the contact that are not yet visible.
    public var pending: Int
    /// The audience's time zone, to say instants in.
    public var zone: TimeZoneRules

    /// When the next change is.
    public var nextChangeAt: Instant? { nextChange?.at }
}

/// Which contacts a list is to have; all of what is given holds.
public struct ContactQuery: Equatable, Sendable {
    /// What their ids begin with, byte by byte.
    public var idPrefix: String?
    /// What their e-mail addresses begin with, whatever the case.
    public var emailPrefix: String?
    /// The name or id of a saved segment they are in.
    public var segment: String?

    public init(idPrefix: String? = nil, emailPrefix: String? = nil, segment: String? = nil) {
        self.idPrefix = idPrefix
        self.emailPrefix = emailPrefix
        self.segment = segment
    }
}
