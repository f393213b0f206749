internal import SegmentModel

// The number of each contact that a measure asks for, made of the items that are marked, and what is said about it.
extension ValueEvaluator {
    /// False if a sum is too large for a number here.
    func measure(_ question: ActivityQuestion, _ chunk: ValueChunk) -> Bool {
        let (orders, lines) = (chunk.orders, chunk.lines)
        switch question.measure {
        case .count, .first, .last, .daysSinceFirst, .daysSinceLast:
            measure(question.measure, orders.contacts, orders.placedAt)
            return true
        case .largest:
            gather(orders.contacts, from: .min) { max($0, orders.amounts[$1]) }
            return true
        case .smallest:
            gather(orders.contacts, from: .max) { min($0, orders.amounts[$1]) }
            return true
        case .total: return sum(marks, orders.contacts) { orders.amounts[$0] }
        case .average: return sumAndCount(orders)
        case .netTotal: return sum(marks, orders.contacts) { orders.amounts[$0] } && subtractRefunds(question, chunk)
        case .quantity: return sumLines(question, chunk) { lines.quantities[$0] }
        case .averageQuantity:
            countItems(orders.contacts)
            return sumLines(question, chunk) { lines.quantities[$0] }
        case .lineTotal:
            var isOver = false
            let isSummed = sumLines(question, chunk) { line in
                let (product, isTooLarge) = lines.quantities[line].multipliedReportingOverflow(by: lines.prices[line])
                isOver = isOver || isTooLarge
                return product
            }
            return isSummed && !isOver
        case .products:
            countProducts(question, chunk)
            return true
        }
    }

    func measure(_ measure: Measure, _ contacts: PlainTable<UInt16>, _ times: PackedNumbers) {
        switch measure {
        case .first, .daysSinceFirst: gather(contacts, from: .max) { min($0, times[$1]) }
        case .last, .daysSinceLast: gather(contacts, from: .min) { max($0, times[$1]) }
        default: gather(contacts, from: 0) { count, _ in count &+ 1 }
        }
    }

    /// Makes one number of each contact's marked items.
    @inline(__always)
    private func gather(_ contacts: PlainTable<UInt16>, from first: Int64, _ add: (Int64, Int) -> Int64) {
        let (values, contacts) = (values.start, contacts.start)
        values.update(repeating: first, count: ColumnChunk.contactCount)
        marks.forEach { item in
            let contact = Int(contacts[item])
            values[contact] = add(values[contact], item)
        }
    }

    private func countItems(_ contacts: PlainTable<UInt16>) {
        let (counts, contacts) = (counts.start, contacts.start)
        counts.update(repeating: 0, count: ColumnChunk.contactCount)
        marks.forEach { counts[Int(contacts[$0])] &+= 1 }
    }

    private func sumAndCount(_ orders: OrderColumns) -> Bool {
        let counts = counts.start
        counts.update(repeating: 0, count: ColumnChunk.contactCount)
        values.start.update(repeating: 0, count: ColumnChunk.contactCount)
        return add(marks, { orders.amounts[$0] }) { order in
            let contact = Int(orders.contacts.start[order])
            counts[contact] &+= 1
            return contact
        }
    }

    @inline(__always)
    private func sum(_ marks: ItemMarks, _ contacts: PlainTable<UInt16>, _ number: (Int) -> Int64) -> Bool {
        values.start.update(repeating: 0, count: ColumnChunk.contactCount)
        return add(marks, number) { Int(contacts.start[$0]) }
    }

    /// Adds numbers of marked items to those of their contacts; false if one grew too large.
    @inline(__always)
    private func add(_ marks: ItemMarks, _ number: (Int) -> Int64, contact: (Int) -> Int) -> Bool {
        let values = values.start
        var isOver = false
        marks.forEach { item in
            let contact = contact(item)
            let (sum, isTooLarge) = values[contact].addingReportingOverflow(number(item))
            values[contact] = sum
            isOver = isOver || isTooLarge
        }
        return !isOver
    }

    /// The same over the lines of marked orders that pass the filters on lines.
    @inline(__always)
    private func sumLines(_ question: ActivityQuestion, _ chunk: ValueChunk, _ number: (Int) -> Int64) -> Bool {
        markLinesOfOrders(question, chunk.lines)
        values.start.update(repeating: 0, count: ColumnChunk.contactCount)
        let (lines, contacts) = (chunk.lines, chunk.orders.contacts.start)
        return add(lineMarks, number) { Int(contacts[Int(truncatingIfNeeded: lines.orders[$0])]) }
    }

    /// Without filters on lines, all lines of marked orders.
    private func markLinesOfOrders(_ question: ActivityQuestion, _ lines: LineColumns) {
        guard question.lineFilters.isEmpty else { return }
        lineMarks.reset(count: lines.orders.count)
        for line in 0..<lineMarks.count {
            lineMarks.start[line] = marks.start[Int(truncatingIfNeeded: lines.orders[line])]
        }
    }

    private func subtractRefunds(_ question: ActivityQuestion, _ chunk: ValueChunk) -> Bool {
        let refunds = chunk.refunds
        lineMarks.reset(count: refunds.contacts.count)
        refunds.occurredAt.keep(RangeTest(high: now), in: lineMarks.start)
        if let currencies = question.currencies { refunds.currencies.keep(in: lineMarks.start) { currencies($0) } }
        // No amount is below zero, so that each has a negative.
        return add(lineMarks, { -refunds.amounts[$0] }) { Int(refunds.contacts.start[$0]) }
    }

    private func countProducts(_ question: ActivityQuestion, _ chunk: ValueChunk) {
        markLinesOfOrders(question, chunk.lines)
        values.start.update(repeating: 0, count: ColumnChunk.contactCount)
        let (values, contacts, lines) = (values.start, chunk.orders.contacts.start, chunk.lines)
        // Lines of one contact stand side by side: a product is new to it unless the same contact had it last.
        var lastContacts = [Int32](repeating: -1, count: lines.products.distinct.count)
        lineMarks.forEach { line in
            let contact = Int(contacts[Int(truncatingIfNeeded: lines.orders[line])])
            let product = lines.products.code(line)
            guard lastContacts[product] != Int32(contact) else { return }
            lastContacts[product] = Int32(contact)
            values[contact] &+= 1
        }
    }

    // MARK: Truths

    func settle(
        _ question: ActivityQuestion, itemCount: Int, contactCount: Int, _ words: UnsafeMutablePointer<UInt64>
    ) {
        let (verdict, values, counts) = (question.verdict, values.start, counts.start)
        let isBlankTrue = verdict.holdsForBlank
        if MeasureForm(question.measure).isQuotient {
            if let least = verdict.leastQuotient, itemCount <= WindowTest.countMax {
                fill(words, count: contactCount) {
                    Self.choose(counts[$0] == 0, isBlankTrue, values[$0] >= least &* counts[$0])
                }
            } else {
                fill(words, count: contactCount) {
                    counts[$0] == 0 ? isBlankTrue : verdict.holds(values[$0], dividedBy: counts[$0])
                }
            }
            return
        }
        // A value that stands for none at all; sums and counts are always there.
        let absent: Int64? =
            switch question.measure {
            case .largest, .last, .daysSinceLast: .min
            case .smallest, .first, .daysSinceFirst: .max
            default: nil
            }
        if let absent, question.measure == .daysSinceFirst || question.measure == .daysSinceLast {
            for contact in 0..<contactCount where values[contact] != absent {
                values[contact] = (now - values[contact]) / ZoneTable.day
            }
        }
        switch (verdict.range, absent) {
        case (let range?, nil): fill(words, count: contactCount) { range.holds(values[$0]) }
        case (let range?, let absent?):
            fill(words, count: contactCount) {
                Self.choose(values[$0] == absent, isBlankTrue, range.holds(values[$0]))
            }
        case (nil, _):
            fill(words, count: contactCount) {
                values[$0] == absent ? isBlankTrue : verdict.holds(values[$0], dividedBy: 1)
            }
        }
    }

    /// `isFirst ? first : second`, without a branch.
    @inline(__always)
    private static func choose(_ isFirst: Bool, _ first: Bool, _ second: Bool) -> Bool {
        let mask = 0 &- unsafeBitCast(isFirst, to: UInt8.self)
        let chosen = unsafeBitCast(first, to: UInt8.self) & mask | unsafeBitCast(second, to: UInt8.self) & ~mask
        return unsafeBitCast(chosen, to: Bool.self)
    }
}
