import SegmentModel

/// What a customer of a shop says, in the words of events.
struct ShopCustomer {
    var change: ContactChange
    /// When the shop last changed the customer.
    var changedAt: Instant
}

// The customer of Shopify's Admin REST API and of the webhooks customers/create, customers/update.
extension ShopCustomer {
    init(shopify customer: ShopValue, _ options: ShopOptions) throws(Fault) {
        let email = try customer["email"]?.nonBlank()
        let number = try customer.required("id").name()
        let createdAt = try customer.required("created_at").instant()
        var change = ContactChange(contact: try options.contactID(number: number, email: email))
        change.set(.email, email)
        if let status = try Self.status(shopify: customer) { change.set(.status, status.rawValue) }
        if let locale = try customer["locale"]?.nonBlank() { change.set(.language, Self.language(of: locale)) }
        if customer.has("default_address") {
            let address = customer["default_address"]
            change.set(.country, try address?["country_code"]?.nonBlank())
            change.set(.region, try (address?["province_code"] ?? address?["province"])?.nonBlank())
            change.set(.city, try address?["city"]?.nonBlank())
            change.set(.zip, try address?["zip"]?.nonBlank())
        }
        change.attributes.append(AttributeChange(key: .known(.signedUpAt), value: .instant(createdAt)))
        if let tags = customer["tags"] { change.tags = .set(try Self.tags(shopify: tags)) }
        self.init(change: change, changedAt: try customer["updated_at"]?.instant() ?? createdAt)
    }

    private static func tags(shopify tags: ShopValue) throws(Fault) -> [String] {
        try tags.text().split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty }
    }

    /// `de-AT` is German.
    private static func language(of locale: String) -> String {
        locale.prefix { $0 != "-" && $0 != "_" }.lowercased()
    }

    private static func status(shopify customer: ShopValue) throws(Fault) -> ContactStatus? {
        guard let state = customer["email_marketing_consent"]?["state"] else {
            guard let accepts = customer["accepts_marketing"] else { return nil }
            return try accepts.boolean() ? .subscribed : .transactional
        }
        switch try state.text().lowercased() {
        case "subscribed": return .subscribed
        case "not_subscribed": return .transactional
        case "pending": return .pending
        case "unsubscribed": return .unsubscribed
        case "invalid": return .cleaned
        case "redacted": return .archived
        default:
            throw Fault(
                "unknown_value", "\(quoted(state.json.text)) is no state of consent that is known.",
                pointer: state.pointer)
        }
    }
}

// The customer of WooCommerce's REST API, version 3, and of its webhooks customer.created and customer.updated.
extension ShopCustomer {
    init(wooCommerce customer: ShopValue, _ options: ShopOptions) throws(Fault) {
        let billing = customer["billing"]
        var email = try customer["email"]?.nonBlank()
        if email == nil { email = try billing?["email"]?.nonBlank() }
        let number = try customer.required("id").name()
        let createdAt = try customer.required("date_created_gmt").instantInUTC()
        var change = ContactChange(contact: try options.contactID(number: number, email: email))
        change.set(.email, email)
        if let billing {
            change.set(.country, try billing["country"]?.nonBlank())
            change.set(.region, try billing["state"]?.nonBlank())
            change.set(.city, try billing["city"]?.nonBlank())
            change.set(.zip, try billing["postcode"]?.nonBlank())
        }
        change.attributes.append(AttributeChange(key: .known(.signedUpAt), value: .instant(createdAt)))
        self.init(change: change, changedAt: try customer["date_modified_gmt"]?.instantInUTC() ?? createdAt)
    }
}

extension ContactChange {
    /// Gives an attribute a text, or clears it.
    fileprivate mutating func set(_ attribute: KnownAttribute, _ text: String?) {
        attributes.append(AttributeChange(key: .known(attribute), value: text.map { .text($0) }))
    }
}
