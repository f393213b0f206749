internal import SegmentModel

// Sorts a contact's activities into the series of the program.
extension TruthEvaluator {
    mutating func gatherOrders(_ contact: borrowing DecodedContact) {
        guard program.activities.filters.groups[FilterPrograms.orders].isUsed else { return }
        gathering.places.removeAll(keepingCapacity: true)
        for index in contact.orders.indices {
            let order = contact.orders[index]
            guard !order.isTest, program.isCounted[Int(order.status)] else { continue }
            gathering.places.append((order.placedAt, index))
        }
        gathering.sortPlaces()
        for place in gathering.places.indices {
            gather(contact.orders[gathering.places[place].index], lines: contact.lines)
        }
    }

    /// Sorts one counted order into its series.
    mutating func gather(_ order: DecodedOrder, lines: borrowing [DecodedLine]) {
        let first = gathering.hits.count
        let group = FilterPrograms.orders
        for series in program.activities.filters.groups[group].unfiltered { append(order, to: series, lines) }
        gathering.holding.removeAll(keepingCapacity: true)
        for dimension in program.activities.filters.groups[group].dimensions { hold(dimension, order) }
        let orderStamp = gathering.markHolding()
        for index in gathering.holding.indices {
            for series in program.activities.filters.accesses[Int(gathering.holding[index])]
            where gathering.areMarked(program.activities.series[series].activityFilters, orderStamp) {
                append(order, to: series, lines)
            }
        }
        guard !program.activities.filters.groups[group].lineDimensions.isEmpty else { return }
        for index in order.lines { gather(lines[index], of: order, orderStamp, first) }
    }

    /// Sorts one line into the series that filter lines; its order has the hits from `first` on.
    private mutating func gather(_ line: DecodedLine, of order: DecodedOrder, _ orderStamp: UInt64, _ first: Int) {
        gathering.holding.removeAll(keepingCapacity: true)
        for dimension in program.activities.filters.groups[FilterPrograms.orders].lineDimensions {
            hold(dimension, line)
        }
        let lineStamp = gathering.markHolding()
        for index in gathering.holding.indices {
            for series in program.activities.filters.accesses[Int(gathering.holding[index])]
            where gathering.areMarked(program.activities.series[series].activityFilters, orderStamp)
                && gathering.areMarked(program.activities.series[series].lineFilters, lineStamp)
            {
                var hit = gathering.hit(of: series, from: first)
                if hit == nil {
                    gathering.append(.init(series: series, time: order.placedAt, amount: order.amount))
                    hit = gathering.hits.count - 1
                }
                if let hit { gathering.add(line, to: hit, program.activities.series[series].columns) }
            }
        }
    }

    private mutating func append(_ order: DecodedOrder, to series: Int, _ lines: borrowing [DecodedLine]) {
        gathering.append(.init(series: series, time: order.placedAt, amount: order.amount))
        let columns = program.activities.series[series].columns
        guard !columns.isDisjoint(with: .lines) else { return }
        let hit = gathering.hits.count - 1
        for index in order.lines { gathering.add(lines[index], to: hit, columns) }
    }

    private mutating func hold(_ dimension: Int, _ order: DecodedOrder) {
        switch program.activities.filters.dimensions[dimension].source {
        case .order(.store): hold(dimension, order.store)
        case .order(.currency): hold(dimension, order.currency)
        // Statuses have no symbols; their codes are as good.
        case .order(.status): hold(dimension, Symbol(rawValue: UInt32(order.status)), isStatus: true)
        case .order(.amount): hold(dimension, tenThousandths: order.amount)
        case .line, .campaign, .property: break
        }
    }

    private mutating func hold(_ dimension: Int, _ line: DecodedLine) {
        switch program.activities.filters.dimensions[dimension].source {
        case .line(.product): hold(dimension, line.product)
        case .line(.variant): hold(dimension, line.variant)
        case .line(.title): hold(dimension, line.title)
        case .line(.vendor): hold(dimension, line.vendor)
        case .line(.category): hold(dimension, line.category)
        case .line(.quantity): hold(dimension, tenThousandths: line.quantity)
        case .line(.price): hold(dimension, tenThousandths: line.price)
        case .order, .campaign, .property: break
        }
    }

    private mutating func hold(_ dimension: Int, tenThousandths value: Int64) {
        program.activities.filters.dimensions[dimension].matcher.match(
            number: Int128(value) * 100_000, into: &gathering.holding)
    }

    /// Adds the filters of a dimension that hold for a symbol.
    private mutating func hold(_ dimension: Int, _ symbol: Symbol, isStatus: Bool = false) {
        if let range = gathering.memos[dimension].range(of: symbol) {
            gathering.holding.append(contentsOf: gathering.memos[dimension][range])
            return
        }
        var text = symbol == .none ? "" : texts.text(of: symbol)
        if isStatus { text = OrderStatus(code: UInt8(truncatingIfNeeded: symbol.rawValue))?.rawValue ?? "" }
        let first = gathering.holding.count
        text.withUTF8 {
            program.activities.filters.dimensions[dimension].matcher.match(
                text: UnsafeRawBufferPointer($0), folding, into: &gathering.holding)
        }
        _ = gathering.memos[dimension].insert(Array(gathering.holding[first...]), for: symbol)
    }
}

// Campaign and recorded activity.
extension TruthEvaluator {
    mutating func gatherActivities(_ contact: borrowing DecodedContact, _ bytes: UnsafeRawBufferPointer) {
        guard program.activities.filters.groups.count > 1 else { return }
        gathering.places.removeAll(keepingCapacity: true)
        for index in contact.activities.indices {
            guard let group = group(of: contact.activities[index]), program.activities.filters.groups[group].isUsed
            else { continue }
            gathering.places.append((contact.activities[index].occurredAt, index))
        }
        gathering.sortPlaces()
        for place in gathering.places.indices {
            gather(contact.activities[gathering.places[place].index], contact.properties, bytes)
        }
    }

    /// Sorts one activity into its series.
    mutating func gather(
        _ activity: DecodedActivity, _ properties: borrowing [(name: Symbol, value: DecodedValue)],
        _ bytes: UnsafeRawBufferPointer
    ) {
        guard let group = group(of: activity) else { return }
        for series in program.activities.filters.groups[group].unfiltered {
            gathering.append(.init(series: series, time: activity.occurredAt))
        }
        guard !program.activities.filters.groups[group].dimensions.isEmpty else { return }
        gathering.holding.removeAll(keepingCapacity: true)
        for dimension in program.activities.filters.groups[group].dimensions {
            hold(dimension, activity, properties, bytes)
        }
        let stamp = gathering.markHolding()
        for index in gathering.holding.indices {
            for series in program.activities.filters.accesses[Int(gathering.holding[index])]
            where gathering.areMarked(program.activities.series[series].activityFilters, stamp) {
                gathering.append(.init(series: series, time: activity.occurredAt))
            }
        }
    }

    mutating func group(of activity: DecodedActivity) -> Int? {
        guard activity.kind == .recorded else { return FilterPrograms.group(of: activity.kind) }
        let index = Int(activity.subject.rawValue)
        Self.reserve(index, &gathering.recordedGroups)
        if gathering.recordedGroups[index] == 0 {
            let name = withText(of: activity.subject) { program.activities.filters.recordedNames.index(of: $0) }
            gathering.recordedGroups[index] = name.map { UInt32($0) + 2 } ?? 1
        }
        let number = gathering.recordedGroups[index]
        return number == 1 ? nil : FilterPrograms.recordedFirst + Int(number) - 2
    }

    private mutating func hold(
        _ dimension: Int, _ activity: DecodedActivity,
        _ properties: borrowing [(name: Symbol, value: DecodedValue)], _ bytes: UnsafeRawBufferPointer
    ) {
        switch program.activities.filters.dimensions[dimension].source {
        case .campaign(.campaign) where activity.kind != .recorded: hold(dimension, activity.subject)
        case .campaign(.url) where activity.kind != .recorded:
            if let range = activity.urlBytes {
                program.activities.filters.dimensions[dimension].matcher.match(
                    text: UnsafeRawBufferPointer(rebasing: bytes[range]), folding, into: &gathering.holding)
            } else {
                program.activities.filters.dimensions[dimension].matcher.matchOther(
                    isBlank: true, into: &gathering.holding)
            }
        case .property(let property) where activity.kind == .recorded:
            for index in activity.properties where number(ofProperty: properties[index].name) == property {
                return hold(dimension, properties[index].value, bytes)
            }
            program.activities.filters.dimensions[dimension].matcher.matchOther(
                isBlank: true, into: &gathering.holding)
        case .campaign, .property, .order, .line: break
        }
    }

    private mutating func hold(_ dimension: Int, _ value: DecodedValue, _ bytes: UnsafeRawBufferPointer) {
        switch value {
        case .symbol(let symbol): hold(dimension, symbol)
        case .text(let range):
            program.activities.filters.dimensions[dimension].matcher.match(
                text: UnsafeRawBufferPointer(rebasing: bytes[range]), folding, into: &gathering.holding)
        case .number(let number):
            program.activities.filters.dimensions[dimension].matcher.match(number: number, into: &gathering.holding)
        case .boolean(let boolean):
            program.activities.filters.dimensions[dimension].matcher.match(boolean: boolean, into: &gathering.holding)
        case .list, .instant, .birthday: break
        }
    }

    private mutating func number(ofProperty name: Symbol) -> Int? {
        let index = Int(name.rawValue)
        Self.reserve(index, &gathering.properties)
        if gathering.properties[index] == 0 {
            let number = withText(of: name) { program.activities.filters.propertyNames.index(of: $0) }
            gathering.properties[index] = number.map { UInt32($0) + 2 } ?? 1
        }
        let number = gathering.properties[index]
        return number == 1 ? nil : Int(number) - 2
    }

    private static func reserve(_ index: Int, _ known: inout [UInt32]) {
        guard index >= known.count else { return }
        known.append(contentsOf: repeatElement(0, count: max(index + 1, known.count * 2) - known.count))
    }
}
