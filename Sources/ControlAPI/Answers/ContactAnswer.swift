/// One contact as segmentation sees it at the frontier.
///
/// Without `firstSeenAt` nothing of it is visible yet: everything known is among `pending`.
public struct ContactAnswer: Codable, Equatable, Sendable {
    public var id: String
    public var frontier: String
    public var firstSeenAt: String?
    /// Contact keys (`email`, `country`, …) and custom fields (`fields.NAME`) that have a value.
    public var fields: [String: JSONTree]
    public var tags: [String]
    /// Orders in all, counted or not.
    public var orderCount: Int
    /// The latest placed first, at most `Bounds.contactHistoryMax`.
    public var orders: [ContactOrderAnswer]
    /// Campaign and recorded activities in all.
    public var activityCount: Int
    /// The most recent first, at most `Bounds.contactHistoryMax`.
    public var activities: [ContactActivityAnswer]
    /// The segments it is in, by name, a page of at most `Bounds.contactSegmentsMax`.
    public var segments: [ContactSegmentAnswer]
    /// How many they are in all.
    public var segmentCount: Int
    /// Hand it back as `segmentsAfter` for the next page of segments; absent on the last one.
    public var segmentsNext: String?
    /// Events about this contact that are not yet visible, in log order, at most 100.
    public var pending: [PendingEventAnswer]
    /// How many they are in all.
    public var pendingCount: Int
    /// The segments it will enter or leave until all that is pending is visible, if nothing else comes; at most 1,000.
    public var coming: [ComingChangeAnswer]

    public init(
        id: String, frontier: String, firstSeenAt: String? = nil, fields: [String: JSONTree] = [:],
        tags: [String] = [], orderCount: Int = 0, orders: [ContactOrderAnswer] = [], activityCount: Int = 0,
        activities: [ContactActivityAnswer] = [], segments: [ContactSegmentAnswer] = [], segmentCount: Int = 0,
        segmentsNext: String? = nil, pending: [PendingEventAnswer] = [], pendingCount: Int = 0,
        coming: [ComingChangeAnswer] = []
    ) {
        self.id = id
        self.frontier = frontier
        self.firstSeenAt = firstSeenAt
        self.fields = fields
        self.tags = tags
        self.orderCount = orderCount
        self.orders = orders
        self.activityCount = activityCount
        self.activities = activities
        self.segments = segments
        self.segmentCount = segmentCount
        self.segmentsNext = segmentsNext
        self.pending = pending
        self.pendingCount = pendingCount
        self.coming = coming
    }
}

/// One order of a contact in its latest state.
public struct ContactOrderAnswer: Codable, Equatable, Sendable {
    public var store: String
    public var order: String
    public var status: String
    public var currency: String
    /// Total less the refunds that name the order, an exact decimal.
    public var amount: String
    /// Test orders never count.
    public var test: Bool
    public var placedAt: String
    public var lines: [ContactOrderLineAnswer]

    public init(
        store: String, order: String, status: String, currency: String, amount: String, test: Bool, placedAt: String,
        lines: [ContactOrderLineAnswer]
    ) {
        self.store = store
        self.order = order
        self.status = status
        self.currency = currency
        self.amount = amount
        self.test = test
        self.placedAt = placedAt
        self.lines = lines
    }
}

/// One line of an order.
public struct ContactOrderLineAnswer: Codable, Equatable, Sendable {
    public var product: String
    public var variant: String?
    public var title: String?
    public var vendor: String?
    public var category: String?
    /// An exact decimal.
    public var quantity: String
    /// Of one piece, an exact decimal.
    public var price: String

    public init(
        product: String, variant: String? = nil, title: String? = nil, vendor: String? = nil,
        category: String? = nil, quantity: String, price: String
    ) {
        self.product = product
        self.variant = variant
        self.title = title
        self.vendor = vendor
        self.category = category
        self.quantity = quantity
        self.price = price
    }
}

/// One campaign or recorded activity of a contact.
public struct ContactActivityAnswer: Codable, Equatable, Sendable {
    /// The name conditions use: `sent`, `open`, `click`, `bounce` or `activity:NAME`.
    public var activity: String
    public var occurredAt: String
    public var campaign: String?
    public var url: String?

    public init(activity: String, occurredAt: String, campaign: String? = nil, url: String? = nil) {
        self.activity = activity
        self.occurredAt = occurredAt
        self.campaign = campaign
        self.url = url
    }
}
