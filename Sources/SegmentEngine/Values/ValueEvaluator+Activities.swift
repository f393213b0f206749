internal import SegmentModel

// Conditions on orders and activities: items that count are marked, then measured, then the number that each contact
// has come to is compared.
extension ValueEvaluator {
    func evaluate(
        _ question: ActivityQuestion, _ chunk: ValueChunk, _ words: UnsafeMutablePointer<UInt64>
    ) -> Bool {
        let contacts: PlainTable<UInt16>
        switch question.source {
        case .orders:
            mark(chunk.orders, chunk.lines, question)
            contacts = chunk.orders.contacts
            if !question.isPresence, !measure(question, chunk) { return false }
        case .activities(let kind, let name):
            let activities = chunk.activities[Int(kind.rawValue)]
            mark(activities, name, kind, question)
            contacts = activities.contacts
            if !question.isPresence { measure(question.measure, contacts, activities.occurredAt) }
        }
        if question.isPresence {
            fill(words, with: contacts)
        } else {
            settle(question, itemCount: marks.count, contactCount: chunk.contactCount, words)
        }
        return true
    }

    private func mark(
        _ activities: ActivityColumns, _ name: Symbol?, _ kind: ActivityKind, _ question: ActivityQuestion
    ) {
        marks.reset(count: activities.contacts.count)
        activities.occurredAt.keep(question.times, in: marks.start)
        if kind == .recorded { activities.subjects.keep(in: marks.start) { $0 == name } }
        for filter in question.filters { activities.subjects.keep(in: marks.start) { filter.holds($0) } }
    }

    private func mark(_ orders: OrderColumns, _ lines: LineColumns, _ question: ActivityQuestion) {
        marks.reset(count: orders.contacts.count)
        orders.placedAt.keep(question.times, in: marks.start)
        orders.states.keep(in: marks.start) { question.countedStates($0) }
        if let currencies = question.currencies { orders.currencies.keep(in: marks.start) { currencies($0) } }
        for filter in question.filters { mark(orders, filter) }
        guard !question.lineFilters.isEmpty else { return }
        lineMarks.reset(count: lines.orders.count)
        for filter in question.lineFilters { mark(lines, filter) }
        markOrdersOfLines(lines)
    }

    private func mark(_ orders: OrderColumns, _ filter: ItemFilter) {
        switch filter.field {
        case .order(.store): orders.stores.keep(in: marks.start) { filter.holds($0) }
        case .order(.status):
            orders.states.keep(in: marks.start) { filter.holds(Symbol(rawValue: $0.rawValue & ~OrderColumns.isTest)) }
        case .order(.currency): orders.currencies.keep(in: marks.start) { filter.holds($0) }
        case .order(.amount): keep(orders.amounts, filter, in: marks)
        case .line, .campaign, .property: preconditionFailure("the filter is not one on orders")
        }
    }

    private func mark(_ lines: LineColumns, _ filter: ItemFilter) {
        switch filter.field {
        case .line(.product): lines.products.keep(in: lineMarks.start) { filter.holds($0) }
        case .line(.variant): lines.variants.keep(in: lineMarks.start) { filter.holds($0) }
        case .line(.title): lines.titles.keep(in: lineMarks.start) { filter.holds($0) }
        case .line(.vendor): lines.vendors.keep(in: lineMarks.start) { filter.holds($0) }
        case .line(.category): lines.categories.keep(in: lineMarks.start) { filter.holds($0) }
        case .line(.quantity): keep(lines.quantities, filter, in: lineMarks)
        case .line(.price): keep(lines.prices, filter, in: lineMarks)
        case .order, .campaign, .property: preconditionFailure("the filter is not one on lines")
        }
    }

    private func keep(_ numbers: PackedNumbers, _ filter: ItemFilter, in marks: ItemMarks) {
        if let range = filter.range { return numbers.keep(range, in: marks.start) }
        marks.forEach { if !filter.holds(for: numbers[$0]) { marks.start[$0] = 0 } }
    }

    /// Leaves marks on orders that have a marked line, and on lines whose order is marked.
    private func markOrdersOfLines(_ lines: LineColumns) {
        let (orderMarks, marks) = (marks.start, lineMarks.start)
        // The second bit of an order's mark: it has such a line.
        lineMarks.forEach { line in
            let order = Int(truncatingIfNeeded: lines.orders[line])
            marks[line] = orderMarks[order] & 1
            orderMarks[order] |= (orderMarks[order] & 1) &<< 1
        }
        for order in 0..<self.marks.count { orderMarks[order] &>>= 1 }
    }
}
