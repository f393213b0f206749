/// An audience: its settings and how it stands.
public struct AudienceAnswer: Codable, Equatable, Sendable {
    public var id: String
    public var name: String
    public var timezone: String
    public var currency: String
    public var plan: String
    /// An ISO 8601 period.
    public var visibilityDelay: String
    public var countedStatuses: [String]
    /// Declared types of custom fields.
    public var fields: [String: String]
    public var status: AudienceStatusAnswer

    public init(
        id: String, name: String, timezone: String, currency: String, plan: String, visibilityDelay: String,
        countedStatuses: [String], fields: [String: String], status: AudienceStatusAnswer
    ) {
        self.id = id
        self.name = name
        self.timezone = timezone
        self.currency = currency
        self.plan = plan
        self.visibilityDelay = visibilityDelay
        self.countedStatuses = countedStatuses
        self.fields = fields
        self.status = status
    }
}

/// The answer to `GET /v1/audiences`, in the order of their ids.
public struct AudienceList: Codable, Equatable, Sendable {
    public var audiences: [AudienceAnswer]

    public init(audiences: [AudienceAnswer]) {
        self.audiences = audiences
    }
}
