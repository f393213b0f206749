internal import SegmentModel

/// A distinct activity with its filters, and what is asked of its occurrences.
struct SeriesProgram: BitwiseCopyable, Sendable {
    /// Filters besides the access that must hold for the activity, and for the line.
    let activityFilters: TableSlice
    let lineFilters: TableSlice
    /// Tests of all occurrences, whenever they were.
    let always: TableSlice
    /// Groups of tests over fixed windows.
    let fixed: TableSlice
    let moving: TableSlice
    let columns: SeriesColumns
    /// Whether refunds without an order concern it.
    let isNet: Bool
}

/// What is asked of a series in all, if that is only whether there were so many occurrences in one window.
struct SoleTest: BitwiseCopyable, Sendable {
    /// Of a fixed window.
    let low: Int64
    let high: Int64
    let threshold: Int32
    let leaf: UInt32
    /// Of a window reaching back.
    let stride: Int
}

/// How a series is evaluated, and what must be kept of its occurrences.
struct SeriesTraits: BitwiseCopyable, Sendable {
    enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// By its `SoleTest`: whenever, in a fixed window, in a window reaching back to now.
        case soleAlways, soleFixed, soleLast
        /// By its `SeriesProgram`.
        case any
    }

    let kind: Kind
    let columns: SeriesColumns

    static let kindCount = 4
}

/// A window of a series that moves with now.
struct MovingWindow: BitwiseCopyable, Sendable {
    let form: MovingForm
    let stride: Int
    let tests: TableSlice
}

/// The measures of activities while a program is being compiled, arranged so that shared work is done once: a series
/// (activity and filters) has windows, a window has measures, and a measure has tests.
struct SeriesPrograms {
    private struct Series {
        let activityFilters: [UInt32]
        let lineFilters: [UInt32]
        var columns: SeriesColumns = []
        var isNet = false
        /// Numbers of its measures.
        var measures: [Int] = []
    }

    private struct SeriesKey: Hashable {
        var group: Int
        var filters: [Int]
    }

    private struct MeasureKey: Hashable {
        var series: Int
        var window: CompiledWindow?
        var measure: Measure
    }

    private var filters = FilterPrograms()
    private var series: [Series] = []
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
        series.append(Series(activityFilters: remaining.ofActivity, lineFilters: remaining.ofLine))
        return number
    }

    private mutating func measure(of key: MeasureKey) -> Int {
        if let known = measureNumbers[key] { return known }
        let number = keys.count
        measureNumbers[key] = number
        keys.append(key)
        tests.append((NumberTests(), DateTestList()))
        series[key.series].measures.append(number)
        series[key.series].columns.formUnion(MeasureForm(key.measure).columns)
        if key.measure == .netTotal { series[key.series].isNet = true }
        return number
    }
}

// What becomes of them.
extension SeriesPrograms {
    /// Windows and tests laid side by side.
    func tables(
        _ matchers: inout MatcherCompiler, _ dates: inout DateCompiler, _ builder: inout TableBuilder
    ) -> SeriesTables {
        let filterTables = filters.tables(&matchers, &builder)
        var layout = SeriesLayout()
        for entry in series { lay(entry, &layout, &matchers, &dates) }
        let netTotals = series.indices.filter { series[$0].isNet }.map { UInt32($0) }
        return SeriesTables(
            filters: filterTables, series: builder.table(layout.series), filterLists: builder.table(layout.filters),
            fixed: layout.fixed.tables(&builder),
            moving: builder.table(layout.moving), tests: builder.table(layout.tests),
            soleTests: builder.table(layout.soleTests), traits: builder.table(layout.traits),
            measures: builder.table(layout.measures.programs), dates: builder.table(layout.measures.dates),
            netTotals: builder.table(netTotals))
    }

    private func lay(
        _ entry: Series, _ layout: inout SeriesLayout, _ matchers: inout MatcherCompiler, _ dates: inout DateCompiler
    ) {
        var always: [WindowTest] = []
        var fixed: [(window: FixedWindow, test: WindowTest)] = []
        var moving: [(form: MovingForm, stride: Int, tests: [WindowTest])] = []
        for number in entry.measures {
            let window = keys[number].window
            let found = layout.measures.tests(
                keys[number].measure, tests[number].numbers, tests[number].dates, isMoving: window?.moving != nil,
                &matchers, &dates)
            if let window = window?.fixed {
                fixed += found.map { (window, $0) }
            } else if let (form, stride) = window?.moving {
                if let place = moving.firstIndex(where: { $0.form == form && $0.stride == stride }) {
                    moving[place].tests += found
                } else {
                    moving.append((form, stride, found))
                }
            } else {
                always += found
            }
        }
        layout.lay(
            entry.activityFilters, entry.lineFilters, entry.columns, isNet: entry.isNet, always, fixed, moving)
    }
}

/// The tables of series while they are being filled.
private struct SeriesLayout {
    var series: [SeriesProgram] = []
    var filters: [UInt32] = []
    var fixed = FixedCompiler()
    var moving: [MovingWindow] = []
    var tests: [WindowTest] = []
    var soleTests: [SoleTest] = []
    var traits: [SeriesTraits] = []
    var measures = MeasureCompiler()

    mutating func lay(
        _ activityFilters: [UInt32], _ lineFilters: [UInt32], _ columns: SeriesColumns, isNet: Bool,
        _ always: [WindowTest], _ fixed: [(window: FixedWindow, test: WindowTest)],
        _ moving: [(form: MovingForm, stride: Int, tests: [WindowTest])]
    ) {
        addTraits(columns, always, fixed, moving)
        // What has happened does not lie ahead: those windows are always empty.
        let movingWindows = moving.filter { $0.form != .next }.map {
            MovingWindow(form: $0.form, stride: $0.stride, tests: TableSlice($0.tests, in: &tests))
        }
        series.append(
            SeriesProgram(
                activityFilters: TableSlice(activityFilters, in: &filters),
                lineFilters: TableSlice(lineFilters, in: &filters), always: TableSlice(always, in: &tests),
                fixed: self.fixed.groups(fixed),
                moving: TableSlice(movingWindows, in: &self.moving),
                columns: columns, isNet: isNet))
    }
}

extension SeriesLayout {
    private mutating func addTraits(
        _ columns: SeriesColumns, _ always: [WindowTest], _ fixed: [(window: FixedWindow, test: WindowTest)],
        _ moving: [(form: MovingForm, stride: Int, tests: [WindowTest])]
    ) {
        let tests = always + fixed.map(\.test) + moving.flatMap(\.tests)
        guard tests.count == 1, let test = tests.first, test.form == .count,
            let threshold = Int32(exactly: test.threshold),
            moving.allSatisfy({ $0.form == .last })
        else {
            soleTests.append(SoleTest(low: 0, high: 0, threshold: 0, leaf: 0, stride: 0))
            traits.append(SeriesTraits(kind: .any, columns: columns))
            return
        }
        soleTests.append(
            SoleTest(
                low: fixed.first?.window.low ?? 0, high: fixed.first?.window.high ?? 0, threshold: threshold,
                leaf: test.number, stride: moving.first?.stride ?? 0))
        let kind: SeriesTraits.Kind = !always.isEmpty ? .soleAlways : !fixed.isEmpty ? .soleFixed : .soleLast
        traits.append(SeriesTraits(kind: kind, columns: columns))
    }
}

/// The series of a program.
struct SeriesTables: BitwiseCopyable, Sendable {
    let filters: FilterTables
    let series: PlainTable<SeriesProgram>
    /// Lists of filters.
    let filterLists: PlainTable<UInt32>
    let fixed: FixedTables
    let moving: PlainTable<MovingWindow>
    let tests: PlainTable<WindowTest>
    /// By the number of the series, like `traits`.
    let soleTests: PlainTable<SoleTest>
    let traits: PlainTable<SeriesTraits>
    let measures: PlainTable<MeasureProgram>
    /// By the same number.
    let dates: PlainTable<DateTests>
    /// The series that refunds concern, with or without orders.
    let netTotals: PlainTable<UInt32>
}
