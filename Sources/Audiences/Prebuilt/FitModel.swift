internal import SegmentEngine
internal import SegmentModel

/// How values of a definition are found from the contacts there are, when they are not written in it.
///
/// What is found is a *fit*: a record in the definitions table, so that membership stays a function of the log, the
/// definitions and the instant.
enum FitModel: Equatable, Sendable {
    /// `threshold`: the largest amount that at least this share of the customers has spent in total. A customer has a
    /// counted order in the audience's currency.
    case topShareByTotal(share: Number)

    /// The names of values that fits give.
    static let valueNames = ["threshold"]

    private static let topShareName = "top_share_by_total"

    init?(json: JSONValue) {
        guard json["model"]?.stringValue == Self.topShareName, json.members?.count == 2,
            let share = json["share"].flatMap({ Number(json: $0) }), share > .zero, share <= Number(1)
        else { return nil }
        self = .topShareByTotal(share: share)
    }

    var json: JSONValue {
        switch self {
        case .topShareByTotal(let share):
            .object([.init("model", .string(Self.topShareName)), .init("share", share.json)])
        }
    }

    /// The values as of the snapshot's frontier; none if there are no customers.
    func values(in snapshot: EngineSnapshot) -> [String: Number] {
        switch self {
        case .topShareByTotal(let share):
            TopShare(share: share).threshold(in: snapshot).map { ["threshold": $0] } ?? [:]
        }
    }
}

/// The threshold above which a share of the customers lies, ties included.
struct TopShare {
    let share: Number

    /// How many customers are to reach the threshold at least: the share of them, rounded up.
    func count(of customers: Int) -> Int {
        let part = Int128(customers) * share.billionths
        let whole = Number(1).billionths
        return Int((part + whole - 1) / whole)
    }

    /// The largest amount that so many customers have spent in total; nil without customers.
    ///
    /// Found by halving: the number of contacts with at least an amount only falls as the amount rises, and steps at
    /// amounts of four fraction digits. Some 60 counts over columns of values.
    func threshold(in snapshot: EngineSnapshot) -> Number? {
        let customers = snapshot.count(of: Self.isCustomer)
        guard customers > 0 else { return nil }
        let wanted = count(of: customers)
        func isReached(_ steps: Int128) -> Bool {
            snapshot.count(of: Self.total(atLeast: Number(billionths: steps * Self.step))) >= wanted
        }
        // Everybody has spent at least nothing.
        var low: Int128 = 0
        var high: Int128 = 10_000
        while high < Self.stepsMax, isReached(high) {
            low = high
            high *= 2
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if isReached(middle) { low = middle } else { high = middle }
        }
        return Number(billionths: low * Self.step)
    }

    /// Billionths in the smallest amount.
    private static let step: Int128 = 100_000
    /// A definition holds no larger number.
    private static let stepsMax: Int128 = 1_000_000_000_000_000_000 * 10_000 / 2

    /// A contact with a counted order in the audience's currency.
    static let isCustomer = Condition.activity(
        ActivityCondition(activity: .order, measure: .largest, test: .number(.isNotBlank)))

    private static func total(atLeast amount: Number) -> Condition {
        .activity(ActivityCondition(activity: .order, measure: .total, test: .number(.atLeast(amount))))
    }
}
