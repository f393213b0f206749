public import SegmentModel

/// What shops send that can be read as it is.
public enum ShopFormat: String, CaseIterable, Sendable {
    case shopifyOrder = "shopify-order"
    case shopifyCustomer = "shopify-customer"
    case wooCommerceOrder = "woocommerce-order"
    case wooCommerceCustomer = "woocommerce-customer"

    /// The name under which conditions know what the platform can tell.
    public var platform: String {
        switch self {
        case .shopifyOrder, .shopifyCustomer: "shopify"
        case .wooCommerceOrder, .wooCommerceCustomer: "woocommerce"
        }
    }

    /// Keys whose list holds the elements in answers of the platform's API.
    var wrappers: [String] {
        switch self {
        case .shopifyOrder, .wooCommerceOrder: ["orders"]
        case .shopifyCustomer, .wooCommerceCustomer: ["customers"]
        }
    }

    /// Keys that hold the one element in answers of the platform's API.
    var wrapper: String {
        switch self {
        case .shopifyOrder, .wooCommerceOrder: "order"
        case .shopifyCustomer, .wooCommerceCustomer: "customer"
        }
    }
}

/// How the objects of a shop become events.
public struct ShopOptions: Equatable, Sendable {
    /// What becomes the contact's id.
    public enum ContactKey: String, CaseIterable, Sendable {
        /// The e-mail address in lower case: the same person as guest, as customer and in other sources.
        case email
        /// The shop's number of the customer; guests, who have none, by their e-mail address.
        case id
    }

    /// CloudEvents `source`.
    public var source: Identifier
    /// The `store` of orders.
    public var store: Identifier
    public var contact: ContactKey
    /// Whether to begin with an `integration.connected` for the source.
    public var connects: Bool

    /// - Parameter source: nil: the platform's name. The store is the source unless it is named.
    public init(
        _ format: ShopFormat, source: String? = nil, store: String? = nil, contact: ContactKey = .email,
        connects: Bool = false
    ) {
        let source = source ?? format.platform
        self.source = Identifier(source)
        self.store = Identifier(store ?? source)
        self.contact = contact
        self.connects = connects
    }
}
