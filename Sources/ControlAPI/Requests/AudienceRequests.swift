/// The body of `POST /v1/audiences`.
public struct AudienceDraft: Codable, Equatable, Sendable {
    /// Names the audience and its directory.
    public var id: String
    public var name: String
    /// An IANA name: `Europe/Paris`.
    public var timezone: String
    /// ISO 4217: `EUR`.
    public var currency: String
    /// `free`, `essentials`, `standard` or `premium`.
    public var plan: String?
    /// An ISO 8601 period in hours, minutes and seconds; `PT2H` if absent.
    public var visibilityDelay: String?
    /// Which order statuses count; the contract's if absent.
    public var countedStatuses: [String]?
    /// Declared types of custom fields: name to `text`, `number`, `boolean`, `date`, `instant` or `list`.
    public var fields: [String: String]?

    public init(
        id: String, name: String, timezone: String, currency: String, plan: String? = nil,
        visibilityDelay: String? = nil, countedStatuses: [String]? = nil, fields: [String: String]? = nil
    ) {
        self.id = id
        self.name = name
        self.timezone = timezone
        self.currency = currency
        self.plan = plan
        self.visibilityDelay = visibilityDelay
        self.countedStatuses = countedStatuses
        self.fields = fields
    }
}

/// The body of `PATCH /v1/audiences/{audience}`: what is absent stays.
public struct AudiencePatch: Codable, Equatable, Sendable {
    public var name: String?
    public var timezone: String?
    public var currency: String?
    public var plan: String?
    /// Holds for events recorded from now on; what is pending keeps its instant.
    public var visibilityDelay: String?
    public var countedStatuses: [String]?
    /// Declares or changes the named fields, or takes the declaration back with nil; other declarations stay.
    public var fields: [String: String?]?

    public init(
        name: String? = nil, timezone: String? = nil, currency: String? = nil, plan: String? = nil,
        visibilityDelay: String? = nil, countedStatuses: [String]? = nil, fields: [String: String?]? = nil
    ) {
        self.name = name
        self.timezone = timezone
        self.currency = currency
        self.plan = plan
        self.visibilityDelay = visibilityDelay
        self.countedStatuses = countedStatuses
        self.fields = fields
    }
}
