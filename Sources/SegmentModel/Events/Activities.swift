/// `campaign.sent`, `.opened`, `.clicked`, `.bounced`.
public struct CampaignActivity: Equatable, Sendable {
    public var kind: CampaignActivityKind
    public var contact: Identifier
    public var campaign: Identifier
    public var url: String?

    public init(kind: CampaignActivityKind, contact: Identifier, campaign: Identifier, url: String? = nil) {
        self.kind = kind
        self.contact = contact
        self.campaign = campaign
        self.url = url
    }
}

/// What happened to a campaign's mail. The raw value is the activity's name in conditions.
public enum CampaignActivityKind: String, CaseIterable, Sendable {
    case sent
    case opened = "open"
    case clicked = "click"
    case bounced = "bounce"
}

/// `activity.recorded`: anything else a contact did, under a name of the source's choosing.
public struct RecordedActivity: Equatable, Sendable {
    public var contact: Identifier
    public var name: String
    /// Sorted by name, each name once.
    public var properties: [ActivityProperty]

    public init(contact: Identifier, name: String, properties: [ActivityProperty] = []) {
        self.contact = contact
        self.name = name
        self.properties = properties
    }
}

/// A named property of a recorded activity.
public struct ActivityProperty: Hashable, Sendable {
    public var name: String
    public var value: PropertyValue

    public init(name: String, value: PropertyValue) {
        self.name = name
        self.value = value
    }
}

/// The value of an activity's property.
public enum PropertyValue: Hashable, Sendable {
    case text(String)
    case number(Number)
    case boolean(Bool)
}

/// `integration.connected`: a shop or mail tool that sends events, with the stores it speaks for.
public struct IntegrationConnection: Equatable, Sendable {
    public var integration: Identifier
    public var platform: String
    public var stores: [Store]
    /// What the integration can tell, if it says so itself; nil: what its platform is known for.
    public var capabilities: [String]?

    public init(integration: Identifier, platform: String, stores: [Store] = [], capabilities: [String]? = nil) {
        self.integration = integration
        self.platform = platform
        self.stores = stores
        self.capabilities = capabilities
    }

    /// A store of an integration.
    public struct Store: Equatable, Sendable {
        public var store: Identifier
        public var name: String?
        public var currency: String?
        public var timezone: String?

        public init(store: Identifier, name: String? = nil, currency: String? = nil, timezone: String? = nil) {
            self.store = store
            self.name = name
            self.currency = currency
            self.timezone = timezone
        }
    }
}
