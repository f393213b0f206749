/// One revision of a saved segment.
public struct RevisionAnswer: Codable, Equatable, Sendable {
    public var revision: Int
    public var name: String
    public var description: String?
    /// The condition in canonical form; a segment that is gone is named by its id.
    public var `where`: JSONTree
    /// Absent if the condition has no meaning with today's field types.
    public var sentence: String?
    /// Whether automations used it.
    public var automation: Bool
    /// The revision that this one brought back.
    public var restored: Int?
    /// From when it counted.
    public var at: String
    /// Whether it is the present one.
    public var isPresent: Bool

    public init(
        revision: Int, name: String, description: String? = nil, where condition: JSONTree, sentence: String? = nil,
        automation: Bool = false, restored: Int? = nil, at: String, isPresent: Bool
    ) {
        self.revision = revision
        self.name = name
        self.description = description
        self.where = condition
        self.sentence = sentence
        self.automation = automation
        self.restored = restored
        self.at = at
        self.isPresent = isPresent
    }
}

/// The answer to `GET …/revisions`: the latest first.
public struct RevisionList: Codable, Equatable, Sendable {
    public var frontier: String
    public var segment: SegmentName
    /// All revisions, not only those of the page.
    public var count: Int
    public var revisions: [RevisionAnswer]
    /// Hand it back as `after` for the next page; absent on the last one.
    public var next: Int?

    public init(frontier: String, segment: SegmentName, count: Int, revisions: [RevisionAnswer], next: Int? = nil) {
        self.frontier = frontier
        self.segment = segment
        self.count = count
        self.revisions = revisions
        self.next = next
    }
}

/// The answer to `GET …/revisions/{revision}/comparison`.
public struct RevisionComparisonAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    public var segment: SegmentName
    public var earlier: RevisionAnswer
    public var later: RevisionAnswer
    /// What the later one says differently.
    public var changes: DefinitionChangesAnswer
    /// Who, now, is in the earlier one only, in the later one only, in both; absent if `membersMissing` says why.
    public var onlyEarlier: MemberSampleAnswer?
    public var onlyLater: MemberSampleAnswer?
    public var both: MemberSampleAnswer?
    public var membersMissing: String?

    public init(
        frontier: String, segment: SegmentName, earlier: RevisionAnswer, later: RevisionAnswer,
        changes: DefinitionChangesAnswer, onlyEarlier: MemberSampleAnswer? = nil, onlyLater: MemberSampleAnswer? = nil,
        both: MemberSampleAnswer? = nil, membersMissing: String? = nil
    ) {
        self.frontier = frontier
        self.segment = segment
        self.earlier = earlier
        self.later = later
        self.changes = changes
        self.onlyEarlier = onlyEarlier
        self.onlyLater = onlyLater
        self.both = both
        self.membersMissing = membersMissing
    }
}
