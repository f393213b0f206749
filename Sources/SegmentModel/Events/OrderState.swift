/// `order.placed` and `order.changed`: the whole state of one order.
public struct OrderState: Equatable, Sendable {
    public var key: OrderKey
    public var contact: Identifier
    /// Three letters as sent, such as `GBP`.
    public var currency: String
    public var total: Amount
    public var status: OrderStatus
    /// When the customer ordered; nil keeps what an earlier state of the order said, else the event's occurredAt.
    public var placedAt: Instant?
    public var isTest: Bool
    public var lines: [OrderLine]

    public init(
        key: OrderKey, contact: Identifier, currency: String, total: Amount, status: OrderStatus = .placed,
        placedAt: Instant? = nil, isTest: Bool = false, lines: [OrderLine] = []
    ) {
        self.key = key
        self.contact = contact
        self.currency = currency
        self.total = total
        self.status = status
        self.placedAt = placedAt
        self.isTest = isTest
        self.lines = lines
    }
}

/// What makes an order one order: its number within its store.
public struct OrderKey: Hashable, Comparable, Sendable {
    public var store: Identifier
    public var order: Identifier

    public init(store: Identifier, order: Identifier) {
        self.store = store
        self.order = order
    }

    public static func < (left: OrderKey, right: OrderKey) -> Bool {
        left.store == right.store ? left.order < right.order : left.store < right.store
    }
}

/// The states an order goes through.
public enum OrderStatus: String, CaseIterable, Sendable {
    case pending, placed, paid, fulfilled, cancelled, refunded
}

/// One line of an order.
public struct OrderLine: Hashable, Sendable {
    public var product: Identifier
    public var variant: Identifier?
    public var title: String?
    public var vendor: String?
    public var category: String?
    /// Pieces, or a measure such as kilograms; not negative.
    public var quantity: Amount
    /// Price of one, in the order's currency; not negative.
    public var price: Amount

    public init(
        product: Identifier, variant: Identifier? = nil, title: String? = nil, vendor: String? = nil,
        category: String? = nil, quantity: Amount, price: Amount
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

/// `order.refunded`: money given back, for an order or without naming one.
public struct Refund: Equatable, Sendable {
    /// The refund's number within its source.
    public var refund: Identifier
    public var contact: Identifier
    public var currency: String
    /// Not negative.
    public var amount: Amount
    /// The store the refund came through; needed to name an order.
    public var store: Identifier?
    public var order: Identifier?

    public init(
        refund: Identifier, contact: Identifier, currency: String, amount: Amount, store: Identifier? = nil,
        order: Identifier? = nil
    ) {
        self.refund = refund
        self.contact = contact
        self.currency = currency
        self.amount = amount
        self.store = store
        self.order = order
    }

    /// The order it names, if it names one.
    public var orderKey: OrderKey? {
        guard let store, let order else { return nil }
        return OrderKey(store: store, order: order)
    }
}
