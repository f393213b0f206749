/// What became of the events of one request.
///
/// `appended + duplicates + conflicts + rejected` is the number of events that were read. Instants and sequences
/// are those of the events appended by this request.
public struct IngestAnswer: Codable, Equatable, Sendable {
    /// Lines read (elements, for a CloudEvents batch), empty ones included.
    public var lines: Int
    public var appended: Int
    /// Events that the log has already; nothing to do.
    public var duplicates: Int
    /// Events whose source and id the log has with other content; each is among the problems too.
    public var conflicts: Int
    /// Events that are not valid; each is among the problems.
    public var rejected: Int
    public var firstSequence: UInt64?
    public var lastSequence: UInt64?
    /// When the log took the last of them.
    public var recordedAt: String?
    /// From when segmentation sees the last of them.
    public var visibleAt: String?
    /// True where nothing was stored: the counts say what would become of the events.
    public var dryRun: Bool?
    /// In a dry run: how many events of each type would be appended.
    public var types: [String: Int]?
    public var problems: [IngestProblem]

    public init(
        lines: Int = 0, appended: Int = 0, duplicates: Int = 0, conflicts: Int = 0, rejected: Int = 0,
        firstSequence: UInt64? = nil, lastSequence: UInt64? = nil, recordedAt: String? = nil,
        visibleAt: String? = nil, dryRun: Bool? = nil, types: [String: Int]? = nil, problems: [IngestProblem] = []
    ) {
        self.lines = lines
        self.appended = appended
        self.duplicates = duplicates
        self.conflicts = conflicts
        self.rejected = rejected
        self.firstSequence = firstSequence
        self.lastSequence = lastSequence
        self.recordedAt = recordedAt
        self.visibleAt = visibleAt
        self.dryRun = dryRun
        self.types = types
        self.problems = problems
    }
}

/// Why one event was not taken.
public struct IngestProblem: Codable, Equatable, Sendable {
    /// The line, from 1 or `firstLine` (the element, for a CloudEvents batch).
    public var line: Int
    /// RFC 6901 pointer into the event, where the problem lies in one place of it.
    public var pointer: String?
    public var code: String
    public var message: String
    public var source: String?
    public var id: String?

    public init(
        line: Int, pointer: String? = nil, code: String, message: String, source: String? = nil, id: String? = nil
    ) {
        self.line = line
        self.pointer = pointer
        self.code = code
        self.message = message
        self.source = source
        self.id = id
    }
}
