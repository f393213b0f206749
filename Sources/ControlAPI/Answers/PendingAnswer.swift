/// What is accepted but not yet visible.
public struct PendingAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    public var count: Int
    /// When the next of them becomes visible.
    public var nextVisibleAt: String?
    /// When all that is pending now is visible.
    public var lastVisibleAt: String?
    /// The first of them, in sequence order.
    public var events: [PendingEventAnswer]

    public init(
        frontier: String, count: Int, nextVisibleAt: String? = nil, lastVisibleAt: String? = nil,
        events: [PendingEventAnswer]
    ) {
        self.frontier = frontier
        self.count = count
        self.nextVisibleAt = nextVisibleAt
        self.lastVisibleAt = lastVisibleAt
        self.events = events
    }
}

/// One event that is not yet visible.
public struct PendingEventAnswer: Codable, Equatable, Sendable {
    public var sequence: UInt64
    public var type: String
    public var contact: String?
    public var source: String
    public var id: String
    public var recordedAt: String
    public var visibleAt: String

    public init(
        sequence: UInt64, type: String, contact: String? = nil, source: String, id: String, recordedAt: String,
        visibleAt: String
    ) {
        self.sequence = sequence
        self.type = type
        self.contact = contact
        self.source = source
        self.id = id
        self.recordedAt = recordedAt
        self.visibleAt = visibleAt
    }
}
