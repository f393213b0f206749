internal import SegmentModel

/// The filters of one kind of activity: which hold for what an activity says, and which series begin with them.
///
/// A filter is a number, dense in the whole program. What holds is found per dimension (product, store, a property …),
/// for symbols from a memo. A series is looked at only if its access, the filter that lets the fewest pass, holds.
struct FilterPrograms: Sendable {
    /// One thing of an activity that filters look at.
    struct Dimension: Sendable {
        let source: Source
        let matcher: ValueMatcher
    }

    /// What a dimension is read from.
    enum Source: Sendable {
        case order(OrderField)
        case line(LineField)
        case campaign(CampaignField)
        /// The number of the property's name.
        case property(Int)
    }

    /// One kind of activity.
    struct Group: Sendable {
        /// Numbers of its dimensions: of the activity itself, and of an order's lines.
        fileprivate(set) var dimensions: [Int] = []
        fileprivate(set) var lineDimensions: [Int] = []
        /// The series without filters.
        fileprivate(set) var unfiltered: [Int] = []
        /// Whether there is any series at all.
        fileprivate(set) var isUsed = false
    }

    private(set) var dimensions: [Dimension] = []
    private(set) var groups: [Group] = Array(repeating: Group(), count: FilterPrograms.recordedFirst)
    /// Names of recorded activities; the nth has the group `recordedFirst + n`.
    private(set) var recordedNames = TextTable()
    /// Names of properties that filters look at.
    private(set) var propertyNames = TextTable()
    /// The series that begin with a filter, by its number.
    private(set) var accesses: [[Int]] = []

    private struct FilterKey: Hashable {
        var dimension: Int
        var test: FilterTest
    }

    /// Properties go by the number of their name: names are compared by bytes, which `==` of strings does not do.
    private enum DimensionKey: Hashable {
        case field(FilterField, group: Int)
        case property(Int, group: Int)
    }

    private var gathered: [(source: Source, tests: ValueTests)] = []
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
    ) -> (ofActivity: [Int], ofLine: [Int]) {
        guard let access = FilterPrograms.access(filters) else {
            groups[group].unfiltered.append(series)
            return ([], [])
        }
        accesses[numbers[access]].append(series)
        let others = filters.indices.filter { $0 != access }
        return (
            others.filter { !filters[$0].isOnLine }.map { numbers[$0] },
            others.filter { filters[$0].isOnLine }.map { numbers[$0] }
        )
    }

    mutating func seal() {
        dimensions = gathered.map { Dimension(source: $0, matcher: ValueMatcher($1)) }
        gathered = []
        numbers = [:]
        dimensionNumbers = [:]
    }

    private mutating func number(of filter: ActivityFilter, _ group: Int) -> Int {
        let dimension = dimension(of: filter.field, group)
        let key = FilterKey(dimension: dimension, test: filter.test)
        if let known = numbers[key] { return known }
        let number = accesses.count
        accesses.append([])
        numbers[key] = number
        gathered[dimension].tests.add(filter.test, UInt32(number))
        return number
    }

    private mutating func dimension(of field: FilterField, _ group: Int) -> Int {
        let source: Source
        var key = DimensionKey.field(field, group: group)
        switch field {
        case .order(let field): source = .order(field)
        case .line(let field): source = .line(field)
        case .campaign(let field): source = .campaign(field)
        case .property(let name):
            let property = propertyNames.insert(name)
            source = .property(property)
            key = .property(property, group: group)
        }
        if let known = dimensionNumbers[key] { return known }
        let number = gathered.count
        gathered.append((source, ValueTests()))
        dimensionNumbers[key] = number
        if case .line = field {
            groups[group].lineDimensions.append(number)
        } else {
            groups[group].dimensions.append(number)
        }
        return number
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
