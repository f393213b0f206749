public import SegmentModel

/// What a row of members says of each contact.
public enum MemberColumn: Hashable, Sendable {
    /// The contact's id.
    case contact
    case field(ContactField)
    /// The measure over the contact's orders, as a condition without `where` and window takes it.
    case orders(Measure)
}

extension MemberColumn {
    /// The measures that have a column.
    private static let measures: [Measure] = [
        .count, .total, .netTotal, .average, .largest, .smallest, .quantity, .products, .first, .last,
    ]

    /// The columns that every audience has; custom fields come beside them.
    public static let fixed: [MemberColumn] =
        [.contact] + KnownAttribute.allCases.map { .field(.attribute(.known($0))) }
        + [.field(.emailDomain), .field(.firstSeenAt), .field(.tags)] + measures.map { .orders($0) }

    /// The e-mail address, and whether it may be written to; a contact without a status is subscribed.
    public static let email: MemberColumn = .field(.attribute(.known(.email)))
    public static let status: MemberColumn = .field(.attribute(.known(.status)))

    /// The column's name: `contact`, `country`, `fields.plan`, `orders.total`.
    public var name: String {
        switch self {
        case .contact: "contact"
        case .field(let field): field.path
        case .orders(let measure): "orders." + measure.rawValue
        }
    }

    /// The column of that name, nil if there is none.
    ///
    /// - Parameter fields: names of the audience's custom fields, without `fields.`.
    public init?(name: String, fields: some Collection<String>) {
        let customs = fields.lazy.map { MemberColumn.custom($0) }
        guard let column = Self.fixed.first(where: { $0.name == name }) ?? customs.first(where: { $0.name == name })
        else { return nil }
        self = column
    }

    /// The column of a custom field.
    public static func custom(_ field: String) -> MemberColumn { .field(.attribute(.custom(field))) }
}

/// What stands in one place of a row.
public enum MemberCell {
    case blank
    /// UTF-8; valid until the call that was given it returns.
    case text(UnsafeRawBufferPointer)
    case value(AttributeValue)
    case money(Number)
}
