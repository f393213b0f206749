/// What the audit in the background has come to since the daemon started.
public struct AuditAnswer: Codable, Equatable, Sendable {
    /// Contacts derived anew from the log and compared with the live state.
    public var contacts: Int
    /// Differences found: none unless something is wrong with segmentd.
    public var differences: Int
    /// Rounds that could not be done.
    public var failures: Int
    /// When a contact was last compared; absent if none was.
    public var lastAt: String?
    /// The differences found last, without the contacts' ids; none over the ingest socket.
    public var reports: [StateDifferenceAnswer]

    public init(
        contacts: Int, differences: Int, failures: Int, lastAt: String? = nil, reports: [StateDifferenceAnswer] = []
    ) {
        self.contacts = contacts
        self.differences = differences
        self.failures = failures
        self.lastAt = lastAt
        self.reports = reports
    }
}

/// Something that the live state says of a contact and that its events in the log do not.
public struct StateDifferenceAnswer: Codable, Equatable, Sendable {
    /// The first 16 digits of the SHA-256 of the audience's id, a zero byte and the contact's id.
    public var digest: String
    /// The contact's id; absent where ids are not told.
    public var contact: String?
    /// What it is about: `contact` (whether it exists), `record` (what is known of it), `segment`, `leaf`.
    public var kind: String
    public var segment: SegmentName?
    /// The elementary condition in words.
    public var leaf: String?
    /// What follows from the log; the live state says the opposite.
    public var byLog: Bool
    public var frontier: String

    public init(
        digest: String, contact: String? = nil, kind: String, segment: SegmentName? = nil, leaf: String? = nil,
        byLog: Bool, frontier: String
    ) {
        self.digest = digest
        self.contact = contact
        self.kind = kind
        self.segment = segment
        self.leaf = leaf
        self.byLog = byLog
        self.frontier = frontier
    }
}

/// The answer to `POST …/verification`: all contacts derived anew from the log, and what the live state says else.
public struct VerificationAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    /// What was compared: contacts, each in so many segments and distinct conditions.
    public var contacts: Int
    public var segments: Int
    public var leaves: Int
    /// The first 1,000 by their contacts' ids, and how many there are.
    public var differences: [StateDifferenceAnswer]
    public var differenceCount: Int
    /// Segments whose count is not the number of their members.
    public var wrongCounts: [WrongCountAnswer]
    public var durationMilliseconds: Int

    public init(
        frontier: String, contacts: Int, segments: Int, leaves: Int, differences: [StateDifferenceAnswer],
        differenceCount: Int, wrongCounts: [WrongCountAnswer], durationMilliseconds: Int
    ) {
        self.frontier = frontier
        self.contacts = contacts
        self.segments = segments
        self.leaves = leaves
        self.differences = differences
        self.differenceCount = differenceCount
        self.wrongCounts = wrongCounts
        self.durationMilliseconds = durationMilliseconds
    }
}

/// A segment whose count is not the number of its members, with both.
public struct WrongCountAnswer: Codable, Equatable, Sendable {
    public var segment: SegmentName
    public var count: Int
    public var members: Int

    public init(segment: SegmentName, count: Int, members: Int) {
        self.segment = segment
        self.count = count
        self.members = members
    }
}
