/// A contact as its visible events leave it: what conditions are evaluated against.
///
/// Independent of the instant: nothing in it changes as time passes, only what conditions make of it.
public struct Contact: Equatable, Sendable {
    public let id: Identifier
    /// occurredAt of the contact's first visible event, in log order.
    public var firstSeenAt: Instant
    /// The attributes that have a value.
    public var attributes: [AttributeKey: AttributeValue]
    /// The tags, keyed by their folded text, which is compared by its bytes; the value is the tag as last sent.
    public var tags: [Identifier: String]
    /// The contact's orders, counted or not, sorted by key.
    public var orders: [Order]
    /// Refunds that name no known order, sorted by the sequence of their event.
    public var unlinkedRefunds: [UnlinkedRefund]
    /// Campaign and recorded activity, in log order.
    public var activities: [Activity]

    public init(
        id: Identifier, firstSeenAt: Instant, attributes: [AttributeKey: AttributeValue] = [:],
        tags: [Identifier: String] = [:], orders: [Order] = [], unlinkedRefunds: [UnlinkedRefund] = [],
        activities: [Activity] = []
    ) {
        self.id = id
        self.firstSeenAt = firstSeenAt
        self.attributes = attributes
        self.tags = tags
        self.orders = orders
        self.unlinkedRefunds = unlinkedRefunds
        self.activities = activities
    }
}

/// An order as its latest state leaves it.
public struct Order: Equatable, Sendable {
    public var key: OrderKey
    public var currency: String
    /// Total less the refunds that name the order, not below zero.
    public var amount: Amount
    /// The status of the winning state, or cancelled.
    public var status: OrderStatus
    public var isTest: Bool
    /// The order counts from this instant on.
    public var placedAt: Instant
    public var lines: [OrderLine]
    /// The sequence of the event whose state won.
    public var sequence: UInt64

    public init(
        key: OrderKey, currency: String, amount: Amount, status: OrderStatus, isTest: Bool, placedAt: Instant,
        lines: [OrderLine], sequence: UInt64
    ) {
        self.key = key
        self.currency = currency
        self.amount = amount
        self.status = status
        self.isTest = isTest
        self.placedAt = placedAt
        self.lines = lines
        self.sequence = sequence
    }
}

/// A refund that names no known order; it lowers the net total from `occurredAt` on.
public struct UnlinkedRefund: Equatable, Sendable {
    public var currency: String
    public var amount: Amount
    public var occurredAt: Instant
    public var sequence: UInt64

    public init(currency: String, amount: Amount, occurredAt: Instant, sequence: UInt64) {
        self.currency = currency
        self.amount = amount
        self.occurredAt = occurredAt
        self.sequence = sequence
    }
}

/// One campaign or recorded activity of a contact; it counts from `occurredAt` on.
public struct Activity: Equatable, Sendable {
    public var kind: Kind
    public var occurredAt: Instant
    public var sequence: UInt64

    public init(kind: Kind, occurredAt: Instant, sequence: UInt64) {
        self.kind = kind
        self.occurredAt = occurredAt
        self.sequence = sequence
    }

    /// What was done.
    public enum Kind: Equatable, Sendable {
        case campaign(CampaignActivityKind, campaign: Identifier, url: String?)
        case recorded(name: String, properties: [ActivityProperty])
    }
}
