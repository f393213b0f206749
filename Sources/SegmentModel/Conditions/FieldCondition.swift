/// `{"field": F, "op": O, "value": V}`: one of the contact's fields compared.
public struct FieldCondition: Hashable, Sendable {
    public var field: ContactField
    public var test: FieldTest

    /// Compares the field so.
    public init(field: ContactField, test: FieldTest) {
        self.field = field
        self.test = test
    }
}

/// What of a contact a field condition looks at.
public enum ContactField: Hashable, Sendable {
    /// A known attribute or a custom field.
    case attribute(AttributeKey)
    /// What follows the last `@` of the e-mail address.
    case emailDomain
    /// occurredAt of the contact's first visible event.
    case firstSeenAt
    /// The contact's tags, as a list of text.
    case tags

    /// The field as conditions write it: `country`, `fields.plan`, `tags`.
    public var path: String {
        switch self {
        case .attribute(let key): key.path
        case .emailDomain: "emailDomain"
        case .firstSeenAt: "firstSeenAt"
        case .tags: "tags"
        }
    }
}

/// How a field is compared: the type it is taken to have, with an operator of that type.
///
/// A stored value of another type counts as blank.
public enum FieldTest: Hashable, Sendable {
    case text(TextTest)
    /// Text that reads as a number counts as that number.
    case number(NumberTest)
    case boolean(BooleanTest)
    /// Compared by calendar day in the audience's time zone.
    case day(DateTest)
    case instant(DateTest)
    case birthday(BirthdayTest)
    case list(ListTest)
    /// `is_blank` or `is_not_blank` of a field whose type nobody declared.
    case untyped(BlankTest)
}
