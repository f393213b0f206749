internal import SegmentModel

/// A measure over a window, with all tests of it: for whatever a `WindowTest` cannot say.
struct MeasureProgram: BitwiseCopyable, Sendable {
    let form: MeasureForm
    let chain: NumberChain
}

/// A test of the commonest form: some measure over a window is at least a threshold.
struct WindowTest: BitwiseCopyable, Sendable {
    /// In the unit of the measure; above zero.
    let threshold: Int64
    /// The leaf; without a form, the number of a `MeasureProgram`.
    let number: UInt32
    /// nil: see there.
    let form: MeasureForm?

    /// The greatest threshold of an average: times `countMax` it fits an `Int64`.
    static let quotientMax: Int64 = 1 << 40
    static let countMax = 1 << 22
}

/// `Measure` as a number.
enum MeasureForm: UInt8, BitwiseCopyable, Sendable {
    case count, total, average, largest, smallest, netTotal, quantity, lineTotal, averageQuantity, products
    case first, last, daysSinceFirst, daysSinceLast

    init(_ measure: Measure) {
        switch measure {
        case .count: self = .count
        case .total: self = .total
        case .average: self = .average
        case .largest: self = .largest
        case .smallest: self = .smallest
        case .netTotal: self = .netTotal
        case .quantity: self = .quantity
        case .lineTotal: self = .lineTotal
        case .averageQuantity: self = .averageQuantity
        case .products: self = .products
        case .first: self = .first
        case .last: self = .last
        case .daysSinceFirst: self = .daysSinceFirst
        case .daysSinceLast: self = .daysSinceLast
        }
    }

    /// Billionths in the unit in which the measure's values are whole.
    var unit: Int128 {
        switch self {
        case .count, .products, .first, .last, .daysSinceFirst, .daysSinceLast: 1_000_000_000
        case .total, .average, .largest, .smallest, .netTotal, .quantity, .averageQuantity: 100_000
        case .lineTotal: 10
        }
    }

    var isQuotient: Bool { self == .average || self == .averageQuantity }

    /// Whether a `WindowTest` can ask for it, over a window that stands still.
    fileprivate var isTestable: Bool {
        switch self {
        case .count, .total, .average, .largest, .smallest, .quantity, .lineTotal, .averageQuantity: true
        case .netTotal, .products, .first, .last, .daysSinceFirst, .daysSinceLast: false
        }
    }

    /// Whether it only grows with what comes into a window.
    fileprivate var isMonotone: Bool {
        switch self {
        case .count, .total, .quantity, .lineTotal: true
        default: false
        }
    }

    /// What must be kept of each occurrence.
    var columns: SeriesColumns {
        switch self {
        case .total, .average, .largest, .smallest, .netTotal: .amounts
        case .quantity, .averageQuantity: .quantities
        case .lineTotal: .lineTotals
        case .products: .products
        case .count, .first, .last, .daysSinceFirst, .daysSinceLast: []
        }
    }
}

/// What must be kept of each occurrence of a series besides its time.
struct SeriesColumns: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8
    static let amounts = SeriesColumns(rawValue: 1)
    static let quantities = SeriesColumns(rawValue: 2)
    static let lineTotals = SeriesColumns(rawValue: 4)
    static let products = SeriesColumns(rawValue: 8)
    /// Everything that lines say.
    static let lines: SeriesColumns = [.quantities, .lineTotals, .products]
}

/// The measures of a program while it is being compiled.
struct MeasureCompiler {
    private(set) var programs: [MeasureProgram] = []
    /// By the same number.
    private(set) var dates: [DateTests] = []

    /// The tests of a measure over a window in as simple a form as they allow.
    mutating func tests(
        _ measure: Measure, _ numbers: NumberTests, _ dates: DateTestList, isMoving: Bool,
        _ matchers: inout MatcherCompiler, _ dateCompiler: inout DateCompiler
    ) -> [WindowTest] {
        let form = MeasureForm(measure)
        if form.isTestable, !isMoving || form.isMonotone, dates.isEmpty,
            let found = numbers.risingThresholds(unit: form.unit, isQuotient: form.isQuotient), found.count <= 4
        {
            return found.map { WindowTest(threshold: $0.least, number: $0.number, form: form) }
        }
        programs.append(
            MeasureProgram(form: form, chain: matchers.chains.chain(numbers, unit: form.unit)))
        self.dates.append(dateCompiler.dates(dates, &matchers.numbers))
        return [WindowTest(threshold: 1, number: UInt32(programs.count - 1), form: nil)]
    }
}
