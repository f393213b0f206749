/// Why one contact is, or is not, in a segment.
public struct ExplanationAnswer: Codable, Equatable, Sendable {
    public var segment: SegmentName
    public var contact: String
    public var frontier: String
    /// Whether the contact is in the segment.
    public var member: Bool
    public var explanation: ExplanationNode
    /// The next instant at which this may change with no event; absent if never.
    public var nextChangeAt: String?
    /// Events about the contact that are not yet visible.
    public var pending: Int

    public init(
        segment: SegmentName, contact: String, frontier: String, member: Bool, explanation: ExplanationNode,
        nextChangeAt: String? = nil, pending: Int
    ) {
        self.segment = segment
        self.contact = contact
        self.frontier = frontier
        self.member = member
        self.explanation = explanation
        self.nextChangeAt = nextChangeAt
        self.pending = pending
    }
}

/// One node of a condition and whether it holds for the contact.
public struct ExplanationNode: Codable, Equatable, Sendable {
    public var holds: Bool
    /// The node in English.
    public var sentence: String
    /// What was compared, for an elementary condition: `3 orders`, `country “France”`.
    public var found: String?
    /// The event that decided: the last matching activity, if there is one.
    public var sequence: UInt64?
    /// When that activity happened.
    public var occurredAt: String?
    /// The nodes below; for a segment its own condition. Absent for elementary conditions.
    public var children: [ExplanationNode]?

    public init(
        holds: Bool, sentence: String, found: String? = nil, sequence: UInt64? = nil, occurredAt: String? = nil,
        children: [ExplanationNode]? = nil
    ) {
        self.holds = holds
        self.sentence = sentence
        self.found = found
        self.sequence = sequence
        self.occurredAt = occurredAt
        self.children = children
    }
}
