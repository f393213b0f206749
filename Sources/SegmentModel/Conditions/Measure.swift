/// What is computed over the matching activities. The raw value is how conditions write it.
public enum Measure: String, CaseIterable, Sendable {
    /// Matching activities.
    case count
    /// Sum of the amounts of matching orders.
    case total
    /// `total` divided by `count`, compared exactly.
    case average
    /// Greatest amount of a matching order.
    case largest
    /// Least amount of a matching order.
    case smallest
    /// `total` less refunds that name no order.
    case netTotal
    /// Sum of the quantities of matching lines.
    case quantity
    /// Sum of quantity times price of matching lines.
    case lineTotal
    /// `quantity` divided by `count`, compared exactly.
    case averageQuantity
    /// Distinct products of matching lines.
    case products
    /// Instant of the first matching activity.
    case first
    /// Instant of the last matching activity.
    case last
    /// Whole 24-hour days since the first matching activity.
    case daysSinceFirst
    /// Whole 24-hour days since the last matching activity.
    case daysSinceLast
}

extension Measure {
    /// True if the value is money.
    public var isMoney: Bool {
        switch self {
        case .total, .average, .largest, .smallest, .netTotal, .lineTotal: true
        default: false
        }
    }

    /// True if amounts are added up, which takes one currency.
    public var isSumOfMoney: Bool {
        switch self {
        case .total, .average, .netTotal, .lineTotal: true
        default: false
        }
    }

    /// True if the value is an instant, compared with date operators.
    public var isInstant: Bool { self == .first || self == .last }

    /// True if activities other than orders have it.
    public var isForEveryActivity: Bool {
        switch self {
        case .count, .first, .last, .daysSinceFirst, .daysSinceLast: true
        default: false
        }
    }
}
