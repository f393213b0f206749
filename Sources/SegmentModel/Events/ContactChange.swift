/// `contact.changed`: what a source says about a contact. Partial: what is absent stays.
public struct ContactChange: Equatable, Sendable {
    public var contact: Identifier
    /// The attributes named, in no particular order, each at most once; a nil value clears the attribute.
    public var attributes: [AttributeChange]
    public var tags: TagChange?

    public init(contact: Identifier, attributes: [AttributeChange] = [], tags: TagChange? = nil) {
        self.contact = contact
        self.attributes = attributes
        self.tags = tags
    }
}

/// One attribute given a value, or cleared.
public struct AttributeChange: Equatable, Sendable {
    public var key: AttributeKey
    /// The new value, nil to clear.
    public var value: AttributeValue?

    public init(key: AttributeKey, value: AttributeValue?) {
        self.key = key
        self.value = value
    }
}

/// Which attribute of a contact: one of the known keys, or `fields.NAME`, the name compared byte by byte.
public enum AttributeKey: Sendable {
    case known(KnownAttribute)
    case custom(String)

    /// The key as conditions write it: `country`, `fields.plan`.
    public var path: String {
        switch self {
        case .known(let attribute): attribute.rawValue
        case .custom(let name): "fields." + name
        }
    }
}

extension AttributeKey: Hashable {
    public static func == (left: AttributeKey, right: AttributeKey) -> Bool {
        switch (left, right) {
        case (.known(let left), .known(let right)): left == right
        case (.custom(let left), .custom(let right)): Identifier(left) == Identifier(right)
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .known(let attribute): hasher.combine(attribute)
        case .custom(let name): hasher.combine(Identifier(name))
        }
    }
}

/// The contact keys of `contact.changed` that every audience has.
public enum KnownAttribute: String, CaseIterable, Sendable {
    case email, status, rating, vip, language, country, region, city, zip, latitude, longitude, signupSource
    case signedUpAt, birthday
}

/// The value of a contact's attribute as the source sent it.
public enum AttributeValue: Hashable, Sendable {
    case text(String)
    case number(Number)
    case boolean(Bool)
    case list([String])
    /// `signedUpAt`; custom instants stay `text` and are read by their declaration.
    case instant(Instant)
    /// `birthday`: month 1 to 12 and day of the month.
    case birthday(month: Int, day: Int)
}

/// A change of a contact's tags.
public enum TagChange: Equatable, Sendable {
    case edit(add: [String], remove: [String])
    /// All of the contact's tags from now on.
    case set([String])
}

/// Where a contact stands with the mail tool.
public enum ContactStatus: String, CaseIterable, Sendable {
    case subscribed, unsubscribed, pending, cleaned, transactional, archived
}
