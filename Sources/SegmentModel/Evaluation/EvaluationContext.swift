/// What the meaning of a condition depends on besides the contact and the instant.
public struct EvaluationContext: Sendable {
    /// Rules of the audience's time zone, for calendar steps and calendar days.
    public var zone: TimeZoneRules
    /// The currency of conditions on amounts that name none.
    public var currency: String
    /// The order statuses that count.
    public var countedStatuses: Set<OrderStatus>
    /// Declared types of custom fields, by name without `fields.`.
    public var fieldTypes: [Identifier: FieldType]
    /// The conditions of saved segments, by the reference a condition uses.
    public var segments: [String: Condition]

    public init(
        zone: TimeZoneRules, currency: String, countedStatuses: Set<OrderStatus> = EvaluationContext.countedByDefault,
        fieldTypes: [Identifier: FieldType] = [:], segments: [String: Condition] = [:]
    ) {
        self.zone = zone
        self.currency = currency
        self.countedStatuses = countedStatuses
        self.fieldTypes = fieldTypes
        self.segments = segments
    }

    /// Every status but pending, cancelled and refunded.
    public static let countedByDefault: Set<OrderStatus> = [.placed, .paid, .fulfilled]
}

/// The type of a custom field.
public enum FieldType: String, CaseIterable, Sendable {
    case text, number, boolean, date, instant, list
}
