internal import SegmentModel

/// The measures of activities, arranged so that shared work is done once: a series (activity and filters) has windows,
/// a window has measures, and a measure has a chain of tests. All in flat arrays.
struct SeriesPrograms: Sendable {
    /// What must be kept of each occurrence of a series besides its time.
    struct Columns: OptionSet, Sendable {
        let rawValue: UInt8
        static let amounts = Columns(rawValue: 1)
        static let quantities = Columns(rawValue: 2)
        static let lineTotals = Columns(rawValue: 4)
        static let products = Columns(rawValue: 8)
        /// Everything that lines say.
        static let lines: Columns = [.quantities, .lineTotals, .products]
    }

    /// A distinct activity with its filters.
    struct Series: Sendable {
        /// Filters besides the access that must hold for the activity, and for the line.
        fileprivate(set) var activityFilters: [Int]
        fileprivate(set) var lineFilters: [Int]
        let isOnLines: Bool
        fileprivate(set) var columns: Columns = []
        /// Numbers of its windows, after `seal`.
        fileprivate(set) var windows = 0..<0
    }

    /// A distinct window of a series.
    struct SeriesWindow: Sendable {
        /// nil: whenever.
        let window: CompiledWindow?
        /// Numbers of its measures.
        let measures: Range<Int>
    }

    /// A distinct measure over a window, with the tests of it.
    struct SeriesMeasure: Sendable {
        let measure: Measure
        let chain: NumberChain
        let dates: DateTests
    }

    private(set) var filters = FilterPrograms()
    private(set) var series: [Series] = []
    private(set) var windows: [SeriesWindow] = []
    private(set) var measures: [SeriesMeasure] = []
    /// The series that refunds concern, with or without orders.
    private(set) var netTotals: [Int] = []

    private struct SeriesKey: Hashable {
        var group: Int
        var filters: [Int]
    }

    private struct MeasureKey: Hashable {
        var series: Int
        var window: CompiledWindow?
        var measure: Measure
    }

    private var seriesNumbers: [SeriesKey: Int] = [:]
    private var measureNumbers: [MeasureKey: Int] = [:]
    private var keys: [MeasureKey] = []
    private var tests: [(numbers: NumberTests, dates: DateTestList)] = []
    private let currency: ActivityFilter

    init(currency: String) {
        self.currency = ActivityFilter(field: .order(.currency), test: .text(.is(TextOperand(currency))))
    }

    /// Adds a leaf.
    mutating func add(
        _ condition: ActivityCondition, isInverted: Bool, _ leaf: UInt32, _ compiler: inout WindowCompiler
    ) {
        let series = series(of: condition)
        let key = MeasureKey(
            series: series, window: condition.window.map { compiler.instants($0) }, measure: condition.measure)
        let number = measure(of: key)
        switch condition.test {
        case .number(let test): tests[number].numbers.add(test, isInverted: isInverted, leaf)
        case .instant(let test):
            tests[number].dates.add(test, isInverted: isInverted, leaf) { compiler.instants($0) }
        }
    }

    private mutating func series(of condition: ActivityCondition) -> Int {
        var filters = condition.filters
        // Conditions on money are about the audience's currency unless they say otherwise.
        if condition.activity == .order, condition.isOnMoney, !condition.namesCurrency { filters.append(currency) }
        let group = self.filters.group(of: condition.activity)
        let numbers = self.filters.numbers(of: filters, group: group)
        let key = SeriesKey(group: group, filters: numbers)
        if let known = seriesNumbers[key] { return known }
        let number = series.count
        seriesNumbers[key] = number
        let remaining = self.filters.add(series: number, group: group, filters: filters, numbers: numbers)
        series.append(
            Series(
                activityFilters: remaining.ofActivity, lineFilters: remaining.ofLine,
                isOnLines: filters.contains(where: \.isOnLine)))
        return number
    }

    private mutating func measure(of key: MeasureKey) -> Int {
        if let known = measureNumbers[key] { return known }
        let number = keys.count
        measureNumbers[key] = number
        keys.append(key)
        tests.append((NumberTests(), DateTestList()))
        series[key.series].columns.formUnion(key.measure.columns)
        if key.measure == .netTotal, !netTotals.contains(key.series) { netTotals.append(key.series) }
        return number
    }

    /// Lays windows and measures side by side.
    mutating func seal() {
        filters.seal()
        var bySeries: [[Int]] = Array(repeating: [], count: series.count)
        for (number, key) in keys.enumerated() { bySeries[key.series].append(number) }
        for (index, numbers) in bySeries.enumerated() {
            let first = windows.count
            for group in byWindow(numbers) {
                let start = measures.count
                for number in group {
                    measures.append(
                        SeriesMeasure(
                            measure: keys[number].measure, chain: NumberChain(tests[number].numbers),
                            dates: DateTests(tests[number].dates)))
                }
                windows.append(SeriesWindow(window: keys[group[0]].window, measures: start..<measures.count))
            }
            series[index].windows = first..<windows.count
        }
        (seriesNumbers, measureNumbers, keys, tests) = ([:], [:], [], [])
    }

    /// Measures of one series, those over the same window together.
    private func byWindow(_ numbers: [Int]) -> [[Int]] {
        var places: [CompiledWindow?: Int] = [:]
        var groups: [[Int]] = []
        for number in numbers {
            if let place = places[keys[number].window] {
                groups[place].append(number)
            } else {
                places[keys[number].window] = groups.count
                groups.append([number])
            }
        }
        return groups
    }
}

extension Measure {
    /// What must be kept of each occurrence for this measure.
    fileprivate var columns: SeriesPrograms.Columns {
        switch self {
        case .total, .average, .largest, .smallest, .netTotal: .amounts
        case .quantity, .averageQuantity: .quantities
        case .lineTotal: .lineTotals
        case .products: .products
        case .count, .first, .last, .daysSinceFirst, .daysSinceLast: []
        }
    }
}
