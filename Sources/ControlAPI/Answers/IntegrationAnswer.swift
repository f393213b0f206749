/// A shop or mail tool that sends an audience's events.
public struct IntegrationAnswer: Codable, Equatable, Sendable {
    public var integration: String
    /// How it stands at the frontier; absent if nothing of it is visible yet.
    public var present: IntegrationStateAnswer?
    /// What is on its way, in the order in which it becomes visible, at most 10.
    public var pending: [IntegrationStateAnswer]

    public init(integration: String, present: IntegrationStateAnswer? = nil, pending: [IntegrationStateAnswer]) {
        self.integration = integration
        self.present = present
        self.pending = pending
    }
}

/// What one event says of an integration.
public struct IntegrationStateAnswer: Codable, Equatable, Sendable {
    public var connected: Bool
    /// What it is, or was before it was disconnected; absent if it was never connected.
    public var platform: String?
    public var stores: [IntegrationStoreAnswer]
    /// What it offers while it is connected: `vendor`, `orderCount`, and whatever else it says.
    public var capabilities: [String]
    /// Since when, or from when on.
    public var visibleAt: String
    /// The event that says so.
    public var sequence: UInt64

    public init(
        connected: Bool, platform: String?, stores: [IntegrationStoreAnswer], capabilities: [String],
        visibleAt: String, sequence: UInt64
    ) {
        self.connected = connected
        self.platform = platform
        self.stores = stores
        self.capabilities = capabilities
        self.visibleAt = visibleAt
        self.sequence = sequence
    }
}

/// A store of an integration.
public struct IntegrationStoreAnswer: Codable, Equatable, Sendable {
    public var store: String
    public var name: String?
    public var currency: String?
    public var timezone: String?

    public init(store: String, name: String? = nil, currency: String? = nil, timezone: String? = nil) {
        self.store = store
        self.name = name
        self.currency = currency
        self.timezone = timezone
    }
}

/// The answer to `GET …/integrations`.
public struct IntegrationsAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    /// In the order of ids.
    public var integrations: [IntegrationAnswer]

    public init(frontier: String, integrations: [IntegrationAnswer]) {
        self.frontier = frontier
        self.integrations = integrations
    }
}
