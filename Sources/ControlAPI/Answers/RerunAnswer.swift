/// The answer to `POST …/rerun`: the segment recomputed from the log, and how the live one differs.
public struct RerunAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    public var segment: SegmentName
    public var revision: Int
    /// Contacts that were recomputed, and those of them that are members.
    public var checked: Int
    public var members: Int
    /// Members that the live segment lacks, the first 1,000, and how many there are.
    public var missing: [String]
    public var missingCount: Int
    /// Members that the live segment has and should not, the first 1,000, and how many there are.
    public var unexpected: [String]
    public var unexpectedCount: Int
    public var durationMilliseconds: Int

    public init(
        frontier: String, segment: SegmentName, revision: Int, checked: Int, members: Int, missing: [String],
        missingCount: Int, unexpected: [String], unexpectedCount: Int, durationMilliseconds: Int
    ) {
        self.frontier = frontier
        self.segment = segment
        self.revision = revision
        self.checked = checked
        self.members = members
        self.missing = missing
        self.missingCount = missingCount
        self.unexpected = unexpected
        self.unexpectedCount = unexpectedCount
        self.durationMilliseconds = durationMilliseconds
    }
}

/// How far a recomputation has come.
public struct RerunProgressAnswer: Codable, Equatable, Sendable {
    /// The segment's name.
    public var segment: String
    /// Events read, over all readings of the log that it takes, and how many there are to read.
    public var eventsDone: Int
    public var events: Int

    public init(segment: String, eventsDone: Int, events: Int) {
        self.segment = segment
        self.eventsDone = eventsDone
        self.events = events
    }

    /// How much is done, between 0 and 1.
    public var share: Double {
        events > 0 ? min(1, Double(eventsDone) / Double(events)) : 1
    }
}
