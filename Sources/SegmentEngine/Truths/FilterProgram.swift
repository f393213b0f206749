internal import SegmentModel

/// One thing of an activity that filters look at.
struct FilterDimension: BitwiseCopyable, Sendable {
    /// What it is read from.
    enum Source: UInt8, BitwiseCopyable, Sendable {
        case store, status, currency, amount
        case product, variant, title, vendor, category, quantity, price
        case campaign, url
        case property
    }

    let source: Source
    /// The number of the property's name.
    let property: Int32
}

/// One kind of activity: the filters on it, and the series without any.
struct ActivityGroup: BitwiseCopyable, Sendable {
    /// Numbers of its dimensions: of the activity itself, and of an order's lines.
    let dimensions: TableSlice
    let lineDimensions: TableSlice
    /// The series without filters.
    let unfiltered: TableSlice
    /// Whether there is any series at all.
    let isUsed: Bool
}

/// The series that begin with a filter.
struct FilterAccess: BitwiseCopyable, Sendable {
    /// Those that have no other filter.
    let plain: TableSlice
    /// Those that have others besides.
    let conditional: TableSlice
    /// Whether another series asks for the filter besides its access.
    let isAskedFor: Bool
}

/// The filters of each kind of activity, and which series begin with them, while a program is being compiled.
///
/// A filter is a number, dense in the whole program. What holds is found per dimension (product, store, a property …),
/// for symbols from a memo. A series is looked at only if its access, the filter that lets the fewest pass, holds.
struct FilterPrograms {
    private struct Group {
        var dimensions: [UInt32] = []
        var lineDimensions: [UInt32] = []
        var unfiltered: [UInt32] = []
        var isUsed = false
    }

    private struct Access {
        var plain: [UInt32] = []
        var conditional: [UInt32] = []
        var isAskedFor = false
    }

    private var groups: [Group] = Array(repeating: Group(), count: FilterPrograms.recordedFirst)
    /// Names of recorded activities; the nth has the group `recordedFirst + n`.
    private var recordedNames = TextTable()
    /// Names of properties that filters look at.
    private var propertyNames = TextTable()
    /// By the number of the filter.
    private var accesses: [Access] = []

    private struct FilterKey: Hashable {
        var dimension: Int
        var test: FilterTest
    }

    /// Properties go by the number of their name: names are compared by bytes, which `==` of strings does not do.
    private enum DimensionKey: Hashable {
        case field(FilterField, group: Int)
        case property(Int, group: Int)
    }

    private var gathered: [(source: FilterDimension.Source, property: Int, tests: ValueTests)] = []
    private var numbers: [FilterKey: Int] = [:]
    private var dimensionNumbers: [DimensionKey: Int] = [:]

    /// Groups 1 to 4 are the kinds of campaign activity.
    static let orders = 0
    static let recordedFirst = 5

    /// The group of an activity.
    mutating func group(of activity: ActivityName) -> Int {
        switch activity {
        case .order: return FilterPrograms.orders
        case .campaign(.sent): return FilterPrograms.group(of: .sent)
        case .campaign(.opened): return FilterPrograms.group(of: .opened)
        case .campaign(.clicked): return FilterPrograms.group(of: .clicked)
        case .campaign(.bounced): return FilterPrograms.group(of: .bounced)
        case .recorded(let name):
            let group = FilterPrograms.recordedFirst + recordedNames.insert(name)
            if group == groups.count { groups.append(Group()) }
            return group
        }
    }

    /// The group of a kind of campaign activity.
    static func group(of kind: ActivityKind) -> Int { 1 + Int(kind.rawValue) }

    /// The numbers of filters on an activity of a group.
    mutating func numbers(of filters: [ActivityFilter], group: Int) -> [Int] {
        groups[group].isUsed = true
        return filters.map { number(of: $0, group) }
    }

    /// Makes a series findable; returns the filters that remain to be asked for once its access holds.
    mutating func add(
        series: Int, group: Int, filters: [ActivityFilter], numbers: [Int]
    ) -> (ofActivity: [UInt32], ofLine: [UInt32]) {
        guard let access = FilterPrograms.access(filters) else {
            groups[group].unfiltered.append(UInt32(series))
            return ([], [])
        }
        let others = filters.indices.filter { $0 != access }
        for index in others { accesses[numbers[index]].isAskedFor = true }
        if others.isEmpty {
            accesses[numbers[access]].plain.append(UInt32(series))
        } else {
            accesses[numbers[access]].conditional.append(UInt32(series))
        }
        return (
            others.filter { !filters[$0].isOnLine }.map { UInt32(numbers[$0]) },
            others.filter { filters[$0].isOnLine }.map { UInt32(numbers[$0]) }
        )
    }

    private mutating func number(of filter: ActivityFilter, _ group: Int) -> Int {
        let dimension = dimension(of: filter.field, group)
        let key = FilterKey(dimension: dimension, test: filter.test)
        if let known = numbers[key] { return known }
        let number = accesses.count
        accesses.append(Access())
        numbers[key] = number
        gathered[dimension].tests.add(filter.test, UInt32(number))
        return number
    }

    private mutating func dimension(of field: FilterField, _ group: Int) -> Int {
        var property = -1
        var key = DimensionKey.field(field, group: group)
        if case .property(let name) = field {
            property = propertyNames.insert(name)
            key = .property(property, group: group)
        }
        if let known = dimensionNumbers[key] { return known }
        let number = gathered.count
        gathered.append((FilterDimension.Source(field), property, ValueTests()))
        dimensionNumbers[key] = number
        if case .line = field {
            groups[group].lineDimensions.append(UInt32(number))
        } else {
            groups[group].dimensions.append(UInt32(number))
        }
        return number
    }

    /// The tables.
    func tables(_ matchers: inout MatcherCompiler, _ builder: inout TableBuilder) -> FilterTables {
        var numbers: [UInt32] = []
        let groups = groups.map { group in
            ActivityGroup(
                dimensions: TableSlice(group.dimensions, in: &numbers),
                lineDimensions: TableSlice(group.lineDimensions, in: &numbers),
                unfiltered: TableSlice(group.unfiltered, in: &numbers), isUsed: group.isUsed)
        }
        let accesses = accesses.map { access in
            FilterAccess(
                plain: TableSlice(access.plain, in: &numbers),
                conditional: TableSlice(access.conditional, in: &numbers), isAskedFor: access.isAskedFor)
        }
        return FilterTables(
            dimensions: builder.table(
                gathered.map { FilterDimension(source: $0.source, property: Int32($0.property)) }),
            values: builder.table(gathered.map { matchers.matcher($0.tests) }), groups: builder.table(groups),
            accesses: builder.table(accesses),
            numbers: builder.table(numbers), recordedNames: recordedNames.index(&matchers.texts),
            propertyNames: propertyNames.index(&matchers.texts))
    }
}

/// The filters of a program.
struct FilterTables: BitwiseCopyable, Sendable {
    let dimensions: PlainTable<FilterDimension>
    /// The tests of each dimension.
    let values: PlainTable<ValueMatcher>
    let groups: PlainTable<ActivityGroup>
    /// By the number of the filter.
    let accesses: PlainTable<FilterAccess>
    /// Lists of series and of dimensions.
    let numbers: PlainTable<UInt32>
    let recordedNames: TextIndex
    let propertyNames: TextIndex
}

extension FilterDimension.Source {
    fileprivate init(_ field: FilterField) {
        switch field {
        case .order(.store): self = .store
        case .order(.status): self = .status
        case .order(.currency): self = .currency
        case .order(.amount): self = .amount
        case .line(.product): self = .product
        case .line(.variant): self = .variant
        case .line(.title): self = .title
        case .line(.vendor): self = .vendor
        case .line(.category): self = .category
        case .line(.quantity): self = .quantity
        case .line(.price): self = .price
        case .campaign(.campaign): self = .campaign
        case .campaign(.url): self = .url
        case .property: self = .property
        }
    }
}

// The choice of the access.
extension FilterPrograms {
    /// The index of the filter that lets the fewest pass; one on lines if there is any, since the series then counts
    /// lines.
    private static func access(_ filters: [ActivityFilter]) -> Int? {
        let isOnLines = filters.contains(where: \.isOnLine)
        return filters.indices.filter { filters[$0].isOnLine == isOnLines }.min { left, right in
            breadth(filters[left]) < breadth(filters[right])
        }
    }

    private static func breadth(_ filter: ActivityFilter) -> Int {
        breadth(of: filter.test) * 16 + breadth(of: filter.field)
    }

    private static func breadth(of test: FilterTest) -> Int {
        switch test {
        case .text(.is), .number(.is): 0
        case .text(.in), .number(.in): 1
        case .text(.contains), .text(.startsWith), .text(.endsWith): 2
        case .number(.isNot), .number(.notIn), .text(.isNot), .text(.notIn), .text(.doesNotContain): 5
        case .number, .boolean: 3
        case .text(.isBlank), .text(.isNotBlank), .untyped: 4
        }
    }

    private static func breadth(of field: FilterField) -> Int {
        switch field {
        case .line(.product), .line(.variant), .line(.title), .campaign(.url): 0
        case .line(.vendor), .campaign(.campaign), .property: 1
        case .line(.category), .line(.price), .order(.amount): 2
        case .line(.quantity), .order(.store): 3
        case .order(.status), .order(.currency): 4
        }
    }
}
