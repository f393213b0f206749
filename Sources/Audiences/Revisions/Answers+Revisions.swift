public import SegmentModel

// What an audience answers about revisions and edits of its segments.

/// One revision of a saved segment.
public struct SegmentRevision: Equatable, Sendable {
    public var revision: Int
    public var name: String
    public var description: String?
    /// The definition in canonical form, other segments by name where there still are such.
    public var definition: JSONValue
    /// Nil if the definition has no meaning with today's field types.
    public var sentence: String?
    public var automation: Bool
    /// The revision that this one brought back.
    public var restored: Int?
    /// From when it counted.
    public var at: Instant
    /// Whether it is the present one.
    public var isPresent: Bool
}

/// Revisions of a segment, the latest first.
public struct RevisionPage: Equatable, Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    /// Revisions in all.
    public var count: Int
    public var revisions: [SegmentRevision]
    /// Where the next page starts (`after`), nil at the end.
    public var next: Int?
}

/// How many contacts, and the first of them in order of their ids.
public struct MemberSample: Equatable, Sendable {
    public var count: Int
    public var sample: [Member]
}

/// Who is in the later of two definitions only, in the earlier only, in both.
public struct SampledDifference: Equatable, Sendable {
    public var entering: MemberSample
    public var leaving: MemberSample
    public var staying: MemberSample
}

/// A text before and after; nil where there was none.
public struct TextDifference: Equatable, Sendable {
    public var before: String?
    public var after: String?
}

/// What two revisions of a segment say differently; nil where they say the same.
public struct DefinitionDifference: Equatable, Sendable {
    public var name: TextDifference?
    public var description: TextDifference?
    /// Whether automations use the later one.
    public var automation: Bool?
    public var conditions: ConditionDifference?

    /// Whether both say the same.
    public var isEmpty: Bool { self == DefinitionDifference() }
}

/// What an edit would do. Nothing is saved.
public struct SegmentDifference: Equatable, Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    /// The present revision, which the edit would follow.
    public var revision: Int
    /// Contacts in the audience.
    public var contacts: Int
    /// The definition after the edit in canonical form, other segments by name.
    public var definition: JSONValue
    public var sentence: String
    public var changes: DefinitionDifference
    public var members: SampledDifference
    /// The segments that refer to this one, directly or not, and whose members would change, sorted by name.
    public var referrers: [ReferrerDifference]
    public var conditions: Int
    public var depth: Int
    public var lints: [DefinitionWarning]
    public var cost: DefinitionCost

    /// Contacts shown of each kind.
    public static let sampleMax = 10
}

/// What an edit of one segment does to another that refers to it.
public struct ReferrerDifference: Equatable, Sendable {
    public var segment: SegmentLabel
    public var entering: Int
    public var leaving: Int
    public var staying: Int
}

/// What sets two revisions of one segment apart.
public struct RevisionComparison: Equatable, Sendable {
    public var frontier: Instant
    public var segment: SegmentLabel
    public var earlier: SegmentRevision
    public var later: SegmentRevision
    public var changes: DefinitionDifference
    /// Who is in which of them now; nil if one of them has no meaning any more.
    public var members: SampledDifference?
    /// Why there is none.
    public var membersMissing: String?
}

/// A saved edit and what it did.
public struct SegmentEdit: Equatable, Sendable {
    public var segment: SegmentSnapshot
    /// Contacts that entered, left and stayed at the instant from which the edit counts.
    public var entered: Int
    public var left: Int
    public var stayed: Int
}

/// Segments that were deleted, with the members they had.
public struct SegmentDeletion: Equatable, Sendable {
    public var frontier: Instant
    public var segments: [DeletedSegment]
}

/// A segment that was deleted.
public struct DeletedSegment: Equatable, Sendable {
    public var segment: SegmentLabel
    public var count: Int
}
