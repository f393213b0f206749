/// One fact sent by a source: a CloudEvents 1.0 object whose `data` was understood completely.
public struct Event: Equatable, Sendable {
    /// CloudEvents `source`: 1 to 200 bytes.
    public var source: Identifier
    /// CloudEvents `id`: 1 to 200 bytes, unique within its source for ever.
    public var id: Identifier
    /// CloudEvents `time`. Without it the event is taken to have occurred when the log recorded it.
    public var time: Instant?
    /// Envelope attributes that segmentd has no use for, kept as they came, sorted by name.
    public var extensions: [ExtensionAttribute]
    /// CloudEvents `type` and `data`.
    public var fact: Fact

    public init(
        source: Identifier, id: Identifier, time: Instant?, extensions: [ExtensionAttribute] = [], fact: Fact
    ) {
        self.source = source
        self.id = id
        self.time = time
        self.extensions = extensions
        self.fact = fact
    }
}

/// An envelope attribute that is kept but not used.
public struct ExtensionAttribute: Equatable, Sendable {
    public var name: String
    public var value: JSONValue

    public init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}

/// An event with its place in the log.
public struct LoggedEvent: Equatable, Sendable {
    /// Position in the log: 1, 2, 3 … without gaps.
    public var sequence: UInt64
    /// When the log took it; never lower than that of an earlier sequence.
    public var recordedAt: Instant
    /// From when segmentation may see it; never lower than that of an earlier sequence.
    public var visibleAt: Instant
    public var event: Event

    public init(sequence: UInt64, recordedAt: Instant, visibleAt: Instant, event: Event) {
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.visibleAt = visibleAt
        self.event = event
    }

    /// When it happened: what the source said, else when it was recorded.
    public var occurredAt: Instant { event.time ?? recordedAt }
}

/// What an event says.
public enum Fact: Equatable, Sendable {
    case contactChanged(ContactChange)
    case contactErased(contact: Identifier)
    case orderPlaced(OrderState)
    case orderChanged(OrderState)
    case orderCancelled(OrderKey)
    case orderRefunded(Refund)
    case integrationConnected(IntegrationConnection)
    case integrationDisconnected(integration: Identifier)
    case campaignActivity(CampaignActivity)
    case activityRecorded(RecordedActivity)
    /// Nothing any more: what it said was said of a contact that was erased.
    case hole

    /// The contact the event is about; cancellations, integrations and holes name none.
    public var contact: Identifier? {
        switch self {
        case .contactChanged(let change): change.contact
        case .contactErased(let contact): contact
        case .orderPlaced(let state), .orderChanged(let state): state.contact
        case .orderRefunded(let refund): refund.contact
        case .campaignActivity(let activity): activity.contact
        case .activityRecorded(let activity): activity.contact
        case .orderCancelled, .integrationConnected, .integrationDisconnected, .hole: nil
        }
    }

    /// The CloudEvents type, such as `order.placed`.
    public var type: String { code.type.description }
}
