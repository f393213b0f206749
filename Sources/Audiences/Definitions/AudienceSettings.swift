public import SegmentModel

/// What an audience is set to. Each change is a definition in the log, so that replays see it.
public struct AudienceSettings: Equatable, Sendable {
    /// What people call it: 1 to 200 bytes.
    public var name: String
    /// IANA name of the time zone of calendar steps and days.
    public var timezone: String
    /// The currency of conditions that name none: three letters.
    public var currency: String
    public var plan: Plan
    /// How long an event waits until segmentation sees it; a change affects later events only.
    public var visibilityDelayMicroseconds: Int64
    /// The order statuses that count.
    public var countedStatuses: Set<OrderStatus>
    /// Declared types of custom fields, by name without `fields.`.
    public var fieldTypes: [Identifier: FieldType]

    public init(
        name: String, timezone: String = "UTC", currency: String = "USD", plan: Plan = .premium,
        visibilityDelayMicroseconds: Int64 = AudienceSettings.visibilityDelayDefault,
        countedStatuses: Set<OrderStatus> = EvaluationContext.countedByDefault,
        fieldTypes: [Identifier: FieldType] = [:]
    ) {
        self.name = name
        self.timezone = timezone
        self.currency = currency
        self.plan = plan
        self.visibilityDelayMicroseconds = visibilityDelayMicroseconds
        self.countedStatuses = countedStatuses
        self.fieldTypes = fieldTypes
    }

    /// Two hours, as the mail tool waits.
    public static let visibilityDelayDefault: Int64 = 2 * 3_600 * 1_000_000
    /// Thirty days.
    public static let visibilityDelayMax: Int64 = 30 * 86_400 * 1_000_000
}

/// What the audience's plan allows in a definition.
public enum Plan: String, CaseIterable, Sendable {
    case free, essentials, standard, premium
}
