/// Why one contact is, or is not, in a segment.
public struct ExplanationAnswer: Codable, Equatable, Sendable {
    public var segment: SegmentName
    public var contact: String
    public var frontier: String
    /// Whether the contact is in the segment.
    public var member: Bool
    public var explanation: ExplanationNode
    /// The audience's time zone, in which instants are also given.
    public var timezone: String
    /// The next change if nothing comes that is not pending yet; absent if there is none.
    public var nextChange: NextChangeAnswer?
    /// A change of the contact that would make it a member, as it follows “would enter”: `with one more order`. Absent
    /// for members, and where none is simple to say.
    public var wouldEnter: String?
    /// Events about the contact that are not yet visible.
    public var pending: Int

    public init(
        segment: SegmentName, contact: String, frontier: String, member: Bool, explanation: ExplanationNode,
        timezone: String = "UTC", nextChange: NextChangeAnswer? = nil, wouldEnter: String? = nil, pending: Int
    ) {
        self.segment = segment
        self.contact = contact
        self.frontier = frontier
        self.member = member
        self.explanation = explanation
        self.timezone = timezone
        self.nextChange = nextChange
        self.wouldEnter = wouldEnter
        self.pending = pending
    }
}

/// A change of one contact's membership that lies ahead.
public struct NextChangeAnswer: Codable, Equatable, Sendable {
    public var at: String
    /// The same in the audience's time zone.
    public var atLocal: String
    public var becomes: MembershipMove
    /// What happens then, as it follows “when”: `order 991 turns 8 months old`.
    public var because: String
    /// The event that it hangs on, if it is one.
    public var sequence: UInt64?

    public init(at: String, atLocal: String, becomes: MembershipMove, because: String, sequence: UInt64? = nil) {
        self.at = at
        self.atLocal = atLocal
        self.becomes = becomes
        self.because = because
        self.sequence = sequence
    }
}

/// One node of a condition and whether it holds for the contact.
public struct ExplanationNode: Codable, Equatable, Sendable {
    public var holds: Bool
    /// The node in English.
    public var sentence: String
    /// What was compared, for an elementary condition: `3 orders`, `total 314.50 EUR`, `country “France”`.
    public var found: String?
    /// The event that decided: the last matching activity's, or the one that gave the field or tag what it has.
    public var sequence: UInt64?
    /// The event's type.
    public var type: String?
    /// When that activity happened, or that change.
    public var occurredAt: String?
    /// The same in the audience's time zone.
    public var occurredAtLocal: String?
    /// The nodes below; for a segment its own condition. Absent for elementary conditions.
    public var children: [ExplanationNode]?

    public init(
        holds: Bool, sentence: String, found: String? = nil, sequence: UInt64? = nil, type: String? = nil,
        occurredAt: String? = nil, occurredAtLocal: String? = nil, children: [ExplanationNode]? = nil
    ) {
        self.holds = holds
        self.sentence = sentence
        self.found = found
        self.sequence = sequence
        self.type = type
        self.occurredAt = occurredAt
        self.occurredAtLocal = occurredAtLocal
        self.children = children
    }
}
