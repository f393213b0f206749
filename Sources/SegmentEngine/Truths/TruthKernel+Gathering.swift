internal import SegmentModel

/// The series that a symbol leads to in a dimension, as they stand in a memo: three counts, then as many numbers.
private struct SeriesList {
    private let start: UnsafePointer<UInt32>

    init(_ start: UnsafePointer<UInt32>) {
        self.start = start
    }

    /// Series that have no filter but one that holds.
    var plain: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: start + 3, count: Int(start[0])) }
    /// Series that have others besides.
    var conditional: UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(start: start + 3 + Int(start[0]), count: Int(start[1]))
    }
    /// Filters that hold and that some series asks for besides its access.
    var marked: UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(start: start + 3 + Int(start[0]) + Int(start[1]), count: Int(start[2]))
    }

    /// The list for filters that hold.
    static func made(for holding: UnsafeBufferPointer<UInt32>, _ filters: FilterTables) -> [UInt32] {
        let accesses = holding.map { filters.accesses[Int($0)] }
        let plain = accesses.flatMap { $0.plain.places.map { filters.numbers[$0] } }
        let conditional = accesses.flatMap { $0.conditional.places.map { filters.numbers[$0] } }
        let marked = holding.filter { filters.accesses[Int($0)].isAskedFor }
        return [UInt32(plain.count), UInt32(conditional.count), UInt32(marked.count)] + plain + conditional + marked
    }
}

// Sorts a contact's orders into the series of the program.
extension TruthKernel {
    mutating func gatherOrders(_ contact: borrowing DecodedContact) {
        guard tables.activities.filters.groups[FilterPrograms.orders].isUsed else { return }
        contact.orders.withUnsafeBufferPointer { orders in
            contact.lines.withUnsafeBufferPointer { gather(orders, $0) }
        }
    }

    private mutating func gather(
        _ orders: UnsafeBufferPointer<DecodedOrder>, _ lines: UnsafeBufferPointer<DecodedLine>
    ) {
        guard let start = orders.baseAddress else { return }
        gathering.beginPlaces()
        for index in 0..<orders.count {
            let order = start + index
            guard !order.pointee.isTest, tables.isCounted[Int(order.pointee.status)] else { continue }
            gathering.addPlace(order.pointee.placedAt, index: index, group: FilterPrograms.orders)
        }
        gathering.sortPlaces()
        for place in 0..<gathering.placeCount { gather(start + Int(gathering.places[place].index), lines) }
    }

    /// Sorts one counted order into its series.
    mutating func gather(_ order: UnsafePointer<DecodedOrder>, _ lines: UnsafeBufferPointer<DecodedLine>) {
        let first = gathering.hitCount
        let filters = tables.activities.filters
        let group = filters.groups.pointer(FilterPrograms.orders)
        for place in group.pointee.unfiltered.places { append(order, to: filters.numbers[place], lines) }
        gathering.beginMarking()
        for place in group.pointee.dimensions.places { hold(Int(filters.numbers[place]), order, lines) }
        let stamp = gathering.stamp
        for index in 0..<gathering.conditional.count {
            let series = gathering.conditional[index]
            if areFiltersMarked(series, stamp) { append(order, to: series, lines) }
        }
        let lineDimensions = group.pointee.lineDimensions
        guard !lineDimensions.isEmpty else { return }
        for index in order.pointee.lines {
            gather(lines.baseAddress.unsafelyUnwrapped + index, of: order, lineDimensions, stamp, first)
        }
    }

    /// Sorts one line into the series that filter lines; its order has the hits from `first` on.
    private mutating func gather(
        _ line: UnsafePointer<DecodedLine>, of order: UnsafePointer<DecodedOrder>, _ dimensions: TableSlice,
        _ orderStamp: UInt64, _ first: Int
    ) {
        gathering.beginMarking()
        for place in dimensions.places {
            hold(Int(tables.activities.filters.numbers[place]), line, of: order, first)
        }
        for index in 0..<gathering.conditional.count {
            let series = gathering.conditional[index]
            let lineFilters = tables.activities.series.pointer(Int(series)).pointee.lineFilters
            if areFiltersMarked(series, orderStamp),
                gathering.areMarked(lineFilters, in: tables.activities.filterLists, gathering.stamp)
            {
                append(line, of: order, to: series, first)
            }
        }
    }

    private func areFiltersMarked(_ series: UInt32, _ stamp: UInt64) -> Bool {
        gathering.areMarked(
            tables.activities.series.pointer(Int(series)).pointee.activityFilters, in: tables.activities.filterLists,
            stamp)
    }

    @inline(__always)
    private mutating func append(
        _ order: UnsafePointer<DecodedOrder>, to series: UInt32, _ lines: UnsafeBufferPointer<DecodedLine>
    ) {
        gathering.append(time: order.pointee.placedAt, amount: order.pointee.amount, to: series)
        let columns = tables.activities.traits[Int(series)].columns
        guard !columns.isDisjoint(with: .lines) else { return }
        for index in order.pointee.lines {
            gathering.add(lines.baseAddress.unsafelyUnwrapped + index, to: series, columns)
        }
    }

    /// Adds a line to the series; its order becomes a hit by the first.
    @inline(__always)
    private mutating func append(
        _ line: UnsafePointer<DecodedLine>, of order: UnsafePointer<DecodedOrder>, to series: UInt32, _ first: Int
    ) {
        if Int(gathering.states[Int(series)].lastHit) < first {
            gathering.append(time: order.pointee.placedAt, amount: order.pointee.amount, to: series)
        }
        let columns = tables.activities.traits[Int(series)].columns
        if !columns.isDisjoint(with: .lines) { gathering.add(line, to: series, columns) }
    }

    private mutating func hold(
        _ dimension: Int, _ order: UnsafePointer<DecodedOrder>, _ lines: UnsafeBufferPointer<DecodedLine>
    ) {
        switch tables.activities.filters.dimensions[dimension].source {
        case .store: hold(dimension, order.pointee.store) { $0.append(order, to: $1, lines) }
        case .currency: hold(dimension, order.pointee.currency) { $0.append(order, to: $1, lines) }
        // Statuses have no symbols; their codes are as good.
        case .status:
            let status = Symbol(rawValue: UInt32(order.pointee.status))
            hold(dimension, status, isStatus: true) { $0.append(order, to: $1, lines) }
        case .amount: hold(dimension, tenThousandths: order.pointee.amount) { $0.append(order, to: $1, lines) }
        default: break
        }
    }

    @inline(__always)
    private mutating func hold(
        _ dimension: Int, _ line: UnsafePointer<DecodedLine>, of order: UnsafePointer<DecodedOrder>, _ first: Int
    ) {
        let symbol: Symbol
        switch tables.activities.filters.dimensions[dimension].source {
        case .product: symbol = line.pointee.product
        case .variant: symbol = line.pointee.variant
        case .title: symbol = line.pointee.title
        case .vendor: symbol = line.pointee.vendor
        case .category: symbol = line.pointee.category
        case .quantity:
            return hold(dimension, tenThousandths: line.pointee.quantity) {
                $0.append(line, of: order, to: $1, first)
            }
        case .price:
            return hold(dimension, tenThousandths: line.pointee.price) { $0.append(line, of: order, to: $1, first) }
        default: return
        }
        hold(dimension, symbol) { $0.append(line, of: order, to: $1, first) }
    }
}

// Which filters hold.
extension TruthKernel {
    /// Takes to the series of a dimension that a symbol leads to.
    @inline(__always)
    private mutating func hold(
        _ dimension: Int, _ symbol: Symbol, isStatus: Bool = false, _ append: (inout TruthKernel, UInt32) -> Void
    ) {
        let list: SeriesList
        if let known = memos.find(questions.dimension(dimension), symbol) {
            list = SeriesList(known)
        } else {
            list = learn(dimension, symbol, isStatus: isStatus)
        }
        for filter in list.marked { gathering.mark(filter) }
        for series in list.conditional { gathering.conditional.append(series) }
        for series in list.plain { append(&self, series) }
    }

    @inline(never)
    private mutating func learn(_ dimension: Int, _ symbol: Symbol, isStatus: Bool) -> SeriesList {
        var text = symbol == .none ? "" : workspace.texts.text(of: symbol)
        if isStatus { text = OrderStatus(code: UInt8(truncatingIfNeeded: symbol.rawValue))?.rawValue ?? "" }
        gathering.holding.removeAll()
        text.withUTF8 { match(dimension, text: UnsafeRawBufferPointer($0)) }
        let list = SeriesList.made(for: gathering.holding.numbers(), tables.activities.filters)
        return SeriesList(memos.insert(list, questions.dimension(dimension), symbol))
    }

    private mutating func match(_ dimension: Int, text: UnsafeRawBufferPointer) {
        tables.matchers.match(
            tables.activities.filters.values.pointer(dimension), text: text, &folding,
            into: &gathering.holding)
    }

    private mutating func hold(
        _ dimension: Int, tenThousandths value: Int64, _ append: (inout TruthKernel, UInt32) -> Void
    ) {
        gathering.holding.removeAll()
        tables.matchers.match(
            tables.activities.filters.values.pointer(dimension), number: Int128(value) * 100_000,
            into: &gathering.holding)
        takeHolding(append)
    }

    /// Takes to the series of the filters that were found to hold.
    private mutating func takeHolding(_ append: (inout TruthKernel, UInt32) -> Void) {
        let filters = tables.activities.filters
        for index in 0..<gathering.holding.count {
            let filter = gathering.holding[index]
            let access = filters.accesses.pointer(Int(filter))
            if access.pointee.isAskedFor { gathering.mark(filter) }
            for place in access.pointee.conditional.places { gathering.conditional.append(filters.numbers[place]) }
            for place in access.pointee.plain.places { append(&self, filters.numbers[place]) }
        }
    }
}

// Campaign and recorded activity.
extension TruthKernel {
    mutating func gatherActivities(_ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer) {
        contact.activities.withUnsafeBufferPointer { activities in
            contact.properties.withUnsafeBufferPointer { gather(activities, $0, bytes) }
        }
    }

    private mutating func gather(
        _ activities: UnsafeBufferPointer<DecodedActivity>,
        _ properties: UnsafeBufferPointer<(name: Symbol, value: DecodedValue)>, _ bytes: UnsafeRawBufferPointer
    ) {
        guard let start = activities.baseAddress else { return }
        gathering.beginPlaces()
        for index in 0..<activities.count {
            let group = group(of: start + index)
            guard group >= 0, tables.activities.filters.groups.pointer(group).pointee.isUsed else { continue }
            gathering.addPlace((start + index).pointee.occurredAt, index: index, group: group)
        }
        gathering.sortPlaces()
        for index in 0..<gathering.placeCount {
            let place = gathering.places[index]
            gather(start + Int(place.index), Int(place.group), properties, bytes)
        }
    }

    /// The group of an activity; -1 if nothing is asked of it.
    @inline(__always)
    mutating func group(of activity: UnsafePointer<DecodedActivity>) -> Int {
        guard activity.pointee.kind == .recorded else { return FilterPrograms.group(of: activity.pointee.kind) }
        let names = tables.activities.filters.recordedNames
        let name = number(questions.activity, activity.pointee.subject) { texts, text in
            texts.number(of: text, in: names)
        }
        return name.map { FilterPrograms.recordedFirst + $0 } ?? -1
    }

    /// Sorts one activity into its series.
    mutating func gather(
        _ activity: UnsafePointer<DecodedActivity>, _ group: Int,
        _ properties: UnsafeBufferPointer<(name: Symbol, value: DecodedValue)>, _ bytes: UnsafeRawBufferPointer
    ) {
        let filters = tables.activities.filters
        let time = activity.pointee.occurredAt
        let group = filters.groups.pointer(group)
        for place in group.pointee.unfiltered.places {
            gathering.append(time: time, amount: 0, to: filters.numbers[place])
        }
        guard !group.pointee.dimensions.isEmpty else { return }
        gathering.beginMarking()
        for place in group.pointee.dimensions.places {
            hold(Int(filters.numbers[place]), activity, properties, bytes)
        }
        for index in 0..<gathering.conditional.count {
            let series = gathering.conditional[index]
            if areFiltersMarked(series, gathering.stamp) { gathering.append(time: time, amount: 0, to: series) }
        }
    }

    private mutating func hold(
        _ dimension: Int, _ activity: UnsafePointer<DecodedActivity>,
        _ properties: UnsafeBufferPointer<(name: Symbol, value: DecodedValue)>, _ bytes: UnsafeRawBufferPointer
    ) {
        let time = activity.pointee.occurredAt
        let entry = tables.activities.filters.dimensions[dimension]
        if entry.source == .campaign, activity.pointee.kind != .recorded {
            return hold(dimension, activity.pointee.subject) { $0.gathering.append(time: time, amount: 0, to: $1) }
        }
        gathering.holding.removeAll()
        if entry.source == .url, activity.pointee.kind != .recorded {
            if let range = activity.pointee.urlBytes {
                match(dimension, text: bytes.slice(range))
            } else {
                matchBlank(dimension)
            }
        } else if entry.source == .property, activity.pointee.kind == .recorded {
            match(dimension, property: Int(entry.property), activity.pointee.properties, properties, bytes)
        }
        takeHolding { $0.gathering.append(time: time, amount: 0, to: $1) }
    }

    private mutating func match(
        _ dimension: Int, property: Int, _ range: Range<Int>,
        _ properties: UnsafeBufferPointer<(name: Symbol, value: DecodedValue)>, _ bytes: UnsafeRawBufferPointer
    ) {
        let names = tables.activities.filters.propertyNames
        for index in range {
            let name = number(questions.property, properties[index].name) { texts, text in
                texts.number(of: text, in: names)
            }
            if name == property { return match(dimension, properties[index].value, bytes) }
        }
        matchBlank(dimension)
    }

    private mutating func match(_ dimension: Int, _ value: DecodedValue, _ bytes: UnsafeRawBufferPointer) {
        let matcher = tables.activities.filters.values.pointer(dimension)
        switch value {
        case .symbol(let symbol): workspace.withText(of: symbol) { match(dimension, text: $0) }
        case .text(let range): match(dimension, text: bytes.slice(range))
        case .number(let number): tables.matchers.match(matcher, number: number, into: &gathering.holding)
        case .boolean(let boolean): tables.matchers.match(matcher, boolean: boolean, into: &gathering.holding)
        case .list, .instant, .birthday: break
        }
    }

    private mutating func matchBlank(_ dimension: Int) {
        tables.matchers.matchOther(
            tables.activities.filters.values.pointer(dimension), isBlank: true, into: &gathering.holding)
    }
}
