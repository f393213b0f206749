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
    /// In a rehearsal: how many events of each type would be appended.
    public var types: [String: Int] = [:]
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
    /// Definitions that are being saved: new conditions are looked up in the records of all contacts first.
    public var builds: [SegmentBuildStatus]
    /// Segments that are being recomputed from the log.
    public var reruns: [RerunStatus]
    /// Contacts that are erased, or to be.
    public var erasures: ErasureStatus
    /// What was damaged when the audience was opened and was built anew from the log, a sentence each.
    public var repairs: [String] = []
    /// What the looks at everything that is stored have found.
    public var scrub = ScrubStatus()
}

/// How far the look at all records for a definition's new conditions has come.
public struct SegmentBuildStatus: Equatable, Sendable {
    /// The segment's name.
    public var segment: String
    public var contactsDone: Int
    public var contacts: Int
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
    /// Whether automations use it.
    public var automation: Bool
    public var revision: Int
    public var createdAt: Instant
    public var changedAt: Instant
    public var count: Int
    public var frontier: Instant
    /// The template it was made of; nil if it was written by hand.
    public var origin: SegmentOrigin?
    /// The values of its condition that are found from the contacts; nil if it has none, or they are not found yet.
    public var fit: FitSnapshot?
    /// Whether its condition has values that are found from the contacts.
    public var isFitted = false
    /// The newest recipient list of the segment, if it was ever sent.
    public var lastSent: RecipientList?

    /// Whether it is a template's own segment.
    public var isPrebuilt: Bool { origin?.isPrebuilt == true }
}

/// Values that were found for a segment's condition.
public struct FitSnapshot: Equatable, Sendable {
    /// The values by name; empty: nobody is a member.
    public var values: [String: Number]
    /// The frontier they were found at.
    public var frontier: Instant
    /// Since when they count.
    public var at: Instant
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
    /// What its author may not have meant, at most `lintsMax`. Nothing is refused for it.
    public var lints: [DefinitionWarning]
    /// What saving it would take.
    public var cost: DefinitionCost

    /// Conditions that are at odds come in pairs, of which there can be many thousands.
    public static let lintsMax = 100
}

/// Something odd about a definition, and certain.
public struct DefinitionWarning: Equatable, Sendable {
    /// Stable, for programs: `contradiction`, `duplicate_segment` and others.
    public var code: String
    public var message: String
    /// JSON pointers to the nodes concerned, in the request: `/where/all/1`.
    public var pointers: [String]
}

/// What saving a definition would take.
public struct DefinitionCost: Equatable, Sendable {
    /// Its distinct elementary conditions, in order of appearance, with what the saved segments have of them.
    public var conditions: [CatalogLeaf]
    /// Contacts whose records have to be looked at once for the new ones; 0 if there are none.
    public var recordsToLookAt: Int

    /// Conditions that no saved segment has.
    public var newConditions: Int { conditions.count { !$0.isKnown } }
}

/// An elementary condition as all segments that have it share it.
public struct CatalogLeaf: Equatable, Sendable {
    public var sentence: String
    /// Saved segments that have it, or its opposite, in their own definition.
    public var segments: Int
    /// Contacts for which it is true, and the memory that says so; nil if no saved segment has it.
    public var contacts: Int?
    public var bytes: Int?

    /// Whether a saved segment has it.
    public var isKnown: Bool { contacts != nil }
}

/// What the saved segments of an audience share.
public struct AudienceCatalog: Equatable, Sendable {
    public var frontier: Instant
    public var contacts: Int
    public var segments: Int
    /// Elementary conditions of each segment, added up, and how many distinct ones they are.
    public var leafReferences: Int
    public var leaves: Int
    /// `all` and `any` of each definition, added up, and how many distinct combinations they are.
    public var gateReferences: Int
    public var gates: Int
    /// Parts of the distinct combinations.
    public var edges: Int
    /// Memory of the columns that say which condition is true for whom.
    public var columnBytes: Int
    /// The conditions that most segments have, the most used first.
    public var mostUsed: [CatalogLeaf]
}

/// What one saved segment shares with the others.
public struct SegmentCatalog: Equatable, Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    /// Its own distinct conditions, in order of appearance, not those of segments it refers to; itself is counted
    /// among the segments that have them.
    public var leaves: [CatalogLeaf]
    /// The combinations it needs, and those of them that no other segment needs.
    public var gates: Int
    public var ownGates: Int
    /// The names of the segments that refer to it: it cannot be deleted while there are any.
    public var referrers: [String]

    /// The conditions that would go with the segment: those that no other has.
    public var ownLeaves: [CatalogLeaf] { leaves.filter { $0.segments == 1 } }
}

/// A member with what a mail tool needs to reach it.
public struct Member: Equatable, Sendable {
    public var contact: Identifier
    public var email: String?

    package init(contact: Identifier, email: String?) {
        self.contact = contact
        self.email = email
    }
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

/// A segment's permanent id and present name.
public struct SegmentLabel: Equatable, Sendable {
    public var id: String
    public var name: String
}
