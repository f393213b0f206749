public import Admission
public import SegmentModel

// What an audience answers. Every answer about membership names the frontier it was computed at.

/// What became of an ingested batch.
public struct IngestReceipt: Equatable, Sendable {
    public var appended = 0
    /// Events that were in the log already, with the same content.
    public var duplicates = 0
    /// Events whose (source, id) is in the log with other content; each is also a problem with code `conflict`.
    public var conflicts = 0
    /// Sequences of the first and last appended event, nil if none was.
    public var firstSequence: UInt64?
    public var lastSequence: UInt64?
    /// When the log took the appended events, and from when segmentation sees the last of them.
    public var recordedAt: Instant?
    public var visibleAt: Instant?
    /// Everything not appended and not a duplicate, in the order of lines: admission's rejections, conflicts, values of
    /// another type than the field's.
    public var problems: [Rejection] = []

    public init() {}
}

/// Where an audience stands.
public struct AudienceStatus: Equatable, Sendable {
    /// Every event visible by then is applied, and every window edge up to then.
    public var frontier: Instant
    public var lastSequence: UInt64
    /// The last sequence that membership has seen.
    public var appliedSequence: UInt64
    public var pending: Int
    public var contacts: Int
    public var segments: Int
}

/// Events that are stored but not yet visible.
public struct PendingEvents: Equatable, Sendable {
    public var frontier: Instant
    public var count: Int
    /// When the first and the last of them become visible.
    public var nextVisibleAt: Instant?
    public var lastVisibleAt: Instant?
    /// The first of them, in log order.
    public var events: [LoggedEvent]
}

/// A saved segment as it stands.
public struct SegmentSnapshot: Equatable, Sendable {
    /// Permanent identifier, such as `s3`.
    public var id: String
    public var name: String
    public var description: String?
    /// The definition in canonical form, other segments by name.
    public var definition: JSONValue
    public var sentence: String
    public var revision: Int
    public var createdAt: Instant
    public var changedAt: Instant
    public var count: Int
    public var frontier: Instant
}

/// What a definition would select, without saving it.
public struct Review: Equatable, Sendable {
    public var definition: JSONValue
    public var sentence: String
    public var count: Int
    /// Contacts in the audience.
    public var contacts: Int
    /// The first members in order of their ids.
    public var sample: [Identifier]
    public var conditions: Int
    public var depth: Int
    public var frontier: Instant
}

/// A member with what a mail tool needs to reach it.
public struct Member: Equatable, Sendable {
    public var contact: Identifier
    public var email: String?
}

/// Members in the order of their ids' bytes.
public struct MemberPage: Equatable, Sendable {
    public var frontier: Instant
    /// Members of the segment in all.
    public var count: Int
    public var members: [Member]
    /// Where the next page starts (`after`), nil at the end.
    public var next: Identifier?
}

/// One page of an audience's contacts, in the order of their ids' bytes.
public struct ContactPage: Equatable, Sendable {
    public var frontier: Instant
    public var count: Int
    public var contacts: [Member]
    public var next: Identifier?
}

/// A contact with the segments it is in.
public struct ContactSnapshot: Equatable, Sendable {
    public var frontier: Instant
    /// What is visible of the contact; nil when all of its events are still pending.
    public var contact: Contact?
    /// Ids and names of the segments it is in, sorted by name.
    public var segments: [SegmentLabel]
    /// Events about the contact that are not yet visible, in log order, at most 100.
    public var pending: [LoggedEvent]
}

/// A segment's permanent id and present name.
public struct SegmentLabel: Equatable, Sendable {
    public var id: String
    public var name: String
}

/// Why a contact is, or is not, in a segment.
public struct SegmentExplanation: Equatable, Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    public var contact: Identifier
    public var isMember: Bool
    public var explanation: Explanation
    /// The next instant at which this may change with no event; nil if never.
    public var nextChangeAt: Instant?
    /// Events about the contact that are not yet visible.
    public var pending: Int
}
