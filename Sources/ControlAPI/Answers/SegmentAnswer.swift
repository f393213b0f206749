/// A saved segment and how many contacts are in it.
public struct SegmentAnswer: Codable, Equatable, Sendable {
    /// Never reused: `s3`.
    public var id: String
    public var name: String
    public var description: String?
    /// The condition in canonical form.
    public var `where`: JSONTree
    /// The condition as a sentence.
    public var sentence: String
    /// Whether automations use it; such a segment is flat.
    public var automation: Bool
    /// Rises by one with each edit, from 1.
    public var revision: Int
    public var createdAt: String
    public var changedAt: String
    /// Members at the frontier.
    public var count: Int
    public var frontier: String
    /// The newest recipient list of the segment; absent if it was never sent.
    public var lastSent: LastSentAnswer?
    /// `saved`, or `prebuilt` of a template's own segment: of that only parameters can be changed.
    public var kind: String
    /// The template it was made of.
    public var origin: SegmentOriginAnswer?
    /// The values of its condition that are found from the contacts, if it has any.
    public var fit: FitAnswer?
    /// What the edit did that this answers; absent in other answers.
    public var change: EditOutcome?

    public static let saved = "saved"
    public static let prebuilt = "prebuilt"

    public init(
        id: String, name: String, description: String? = nil, where condition: JSONTree, sentence: String,
        automation: Bool = false, revision: Int, createdAt: String, changedAt: String, count: Int, frontier: String,
        kind: String = SegmentAnswer.saved, origin: SegmentOriginAnswer? = nil, fit: FitAnswer? = nil,
        change: EditOutcome? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.where = condition
        self.sentence = sentence
        self.automation = automation
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.count = count
        self.frontier = frontier
        self.kind = kind
        self.origin = origin
        self.fit = fit
        self.change = change
    }
}

/// What an edit did to the members, at the instant from which it counts.
public struct EditOutcome: Codable, Equatable, Sendable {
    public var entered: Int
    public var left: Int
    public var stayed: Int

    public init(entered: Int, left: Int, stayed: Int) {
        self.entered = entered
        self.left = left
        self.stayed = stayed
    }
}

/// The answer to `GET …/segments`.
public struct SegmentList: Codable, Equatable, Sendable {
    public var frontier: String
    public var segments: [SegmentAnswer]

    public init(frontier: String, segments: [SegmentAnswer]) {
        self.frontier = frontier
        self.segments = segments
    }
}

/// A saved segment where only its name is needed.
public struct SegmentName: Codable, Equatable, Sendable {
    public var id: String
    public var name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A page of members in byte order of their ids.
public struct MemberList: Codable, Equatable, Sendable {
    public var frontier: String
    /// All members, not only those of the page.
    public var count: Int
    public var members: [String]
    /// Hand it back as `after` for the next page; absent on the last one.
    public var next: String?

    public init(frontier: String, count: Int, members: [String], next: String? = nil) {
        self.frontier = frontier
        self.count = count
        self.members = members
        self.next = next
    }
}
