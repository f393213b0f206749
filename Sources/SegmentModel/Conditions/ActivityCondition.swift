/// `{"activity": A, "where": …, "within": W, "measure": M, "op": O, "value": V}`: a measure over matching activities.
public struct ActivityCondition: Hashable, Sendable {
    public var activity: ActivityName
    /// All of them hold, for the same activity, and those on lines for the same line.
    public var filters: [ActivityFilter]
    /// When the activity happened; nil: whenever.
    public var window: Window?
    public var measure: Measure
    public var test: MeasureTest

    /// By default: at least one such activity ever.
    public init(
        activity: ActivityName, filters: [ActivityFilter] = [], window: Window? = nil, measure: Measure = .count,
        test: MeasureTest = .number(.atLeast(Number(1)))
    ) {
        self.activity = activity
        self.filters = filters
        self.window = window
        self.measure = measure
        self.test = test
    }
}

/// What the contact did or was sent.
public enum ActivityName: Hashable, Sendable {
    case order
    case campaign(CampaignActivityKind)
    /// `activity:NAME`; the name is compared byte by byte.
    case recorded(String)

    /// The activity as conditions write it: `order`, `open`, `activity:viewed product`.
    public var text: String {
        switch self {
        case .order: "order"
        case .campaign(let kind): kind.rawValue
        case .recorded(let name): ActivityName.recordedPrefix + name
        }
    }

    static let recordedPrefix = "activity:"
}

/// One entry of `where`: something of the activity compared.
public struct ActivityFilter: Hashable, Sendable {
    public var field: FilterField
    public var test: FilterTest

    /// Compares the field so.
    public init(field: FilterField, test: FilterTest) {
        self.field = field
        self.test = test
    }
}

/// What of an activity a filter looks at.
public enum FilterField: Hashable, Sendable {
    case order(OrderField)
    case line(LineField)
    case campaign(CampaignField)
    /// A property of a recorded activity, its name compared byte by byte.
    case property(String)

    /// The field as conditions write it.
    public var path: String {
        switch self {
        case .order(let field): field.rawValue
        case .line(let field): field.rawValue
        case .campaign(let field): field.rawValue
        case .property(let name): name
        }
    }
}

/// What of an order a filter looks at.
public enum OrderField: String, CaseIterable, Sendable {
    case store, status, currency, amount
}

/// What of an order's line a filter looks at.
public enum LineField: String, CaseIterable, Sendable {
    case product, variant, title, vendor, category, quantity, price
}

/// What of campaign activity a filter looks at.
public enum CampaignField: String, CaseIterable, Sendable {
    case campaign, url
}

/// How a filter compares.
public enum FilterTest: Hashable, Sendable {
    case text(TextTest)
    case number(NumberTest)
    case boolean(BooleanTest)
    /// `is_blank` or `is_not_blank` of a property.
    case untyped(BlankTest)
}

/// How a measure compares: instants for `first` and `last`, numbers for all others.
public enum MeasureTest: Hashable, Sendable {
    case number(NumberTest)
    case instant(DateTest)
}

extension ActivityCondition {
    /// The filters on the activity itself.
    public var activityFilters: [ActivityFilter] { filters.filter { !$0.isOnLine } }

    /// The filters on an order's lines.
    public var lineFilters: [ActivityFilter] { filters.filter(\.isOnLine) }

    /// True if the condition compares money, so that orders of one currency alone can match.
    public var isOnMoney: Bool {
        measure.isMoney || filters.contains { $0.field == .order(.amount) || $0.field == .line(.price) }
    }

    /// True if the condition says itself which currencies it is about.
    public var namesCurrency: Bool {
        filters.contains { $0.field == .order(.currency) }
    }
}

extension ActivityFilter {
    /// True if it looks at a line of an order.
    public var isOnLine: Bool {
        if case .line = field { return true }
        return false
    }
}
