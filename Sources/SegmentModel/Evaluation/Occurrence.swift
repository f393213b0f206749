/// One activity of a contact as conditions see it.
struct Occurrence {
    /// From when it counts: placedAt of an order, occurredAt of anything else.
    var instant: Instant
    /// The event that says so.
    var sequence: UInt64
    /// Amount of an order; zero for other activities, which have no measure that asks for it.
    var amount = Amount.zero
    /// The lines of an order that pass all line filters; all its lines without any.
    var lines: [OrderLine] = []
}

extension ReferenceEvaluator {
    /// The contact's activities that pass everything but the test of time, earliest first.
    func occurrences(of condition: ActivityCondition, in contact: Contact) -> [Occurrence] {
        let occurrences =
            switch condition.activity {
            case .order: contact.orders.compactMap { occurrence(of: condition, $0) }
            case .campaign, .recorded: contact.activities.compactMap { occurrence(of: condition, $0) }
            }
        return occurrences.sorted { ($0.instant, $0.sequence) < ($1.instant, $1.sequence) }
    }

    /// Those of the occurrences that have happened and fall into the window.
    func matches(_ occurrences: [Occurrence], in window: Window?, at now: Instant) -> [Occurrence] {
        let isInWindow = window.map { isIn($0, at: now) }
        return occurrences.filter { $0.instant <= now && (isInWindow?($0.instant) ?? true) }
    }

    private func occurrence(of condition: ActivityCondition, _ order: Order) -> Occurrence? {
        guard !order.isTest, context.countedStatuses.contains(order.status) else { return nil }
        if condition.isOnMoney, !condition.namesCurrency, !isAudienceCurrency(order.currency) { return nil }
        guard condition.activityFilters.allSatisfy({ $0.holds(for: order) }) else { return nil }
        let filters = condition.lineFilters
        let lines =
            filters.isEmpty ? order.lines : order.lines.filter { line in filters.allSatisfy { $0.holds(for: line) } }
        if !filters.isEmpty, lines.isEmpty { return nil }
        return Occurrence(instant: order.placedAt, sequence: order.sequence, amount: order.amount, lines: lines)
    }

    private func occurrence(of condition: ActivityCondition, _ activity: Activity) -> Occurrence? {
        switch (activity.kind, condition.activity) {
        case (.campaign(let kind, _, _), .campaign(let wanted)): guard kind == wanted else { return nil }
        case (.recorded(let name, _), .recorded(let wanted)): guard sameScalars(name, wanted) else { return nil }
        default: return nil
        }
        guard condition.filters.allSatisfy({ $0.holds(for: activity) }) else { return nil }
        return Occurrence(instant: activity.occurredAt, sequence: activity.sequence)
    }

    /// Currencies are compared as text, whatever their case.
    func isAudienceCurrency(_ currency: String) -> Bool {
        TextTest.is(TextOperand(context.currency)).holds(for: currency)
    }
}

extension ActivityFilter {
    /// Whether the order passes; filters on lines do not concern the order itself.
    fileprivate func holds(for order: Order) -> Bool {
        switch field {
        case .order(.store): test.holds(for: .text(order.key.store.text))
        case .order(.status): test.holds(for: .text(order.status.rawValue))
        case .order(.currency): test.holds(for: .text(order.currency))
        case .order(.amount): test.holds(for: .number(Number(order.amount)))
        case .line, .campaign, .property: false
        }
    }

    fileprivate func holds(for line: OrderLine) -> Bool {
        switch field {
        case .line(.product): test.holds(for: .text(line.product.text))
        case .line(.variant): test.holds(for: line.variant.map { .text($0.text) })
        case .line(.title): test.holds(for: line.title.map { .text($0) })
        case .line(.vendor): test.holds(for: line.vendor.map { .text($0) })
        case .line(.category): test.holds(for: line.category.map { .text($0) })
        case .line(.quantity): test.holds(for: .number(Number(line.quantity)))
        case .line(.price): test.holds(for: .number(Number(line.price)))
        case .order, .campaign, .property: false
        }
    }

    fileprivate func holds(for activity: Activity) -> Bool {
        switch (field, activity.kind) {
        case (.campaign(.campaign), .campaign(_, let campaign, _)): test.holds(for: .text(campaign.text))
        case (.campaign(.url), .campaign(_, _, let url)): test.holds(for: url.map { .text($0) })
        case (.property(let name), .recorded(_, let properties)):
            test.holds(for: properties.first { sameScalars($0.name, name) }?.value)
        default: false
        }
    }
}

extension FilterTest {
    /// Whether the value passes; nil, empty text and a value of another type are blank, text that spells a number
    /// counts as that number.
    public func holds(for value: PropertyValue?) -> Bool {
        let attribute: AttributeValue? =
            switch value {
            case .text(let text): .text(text)
            case .number(let number): .number(number)
            case .boolean(let boolean): .boolean(boolean)
            case nil: nil
            }
        return switch self {
        case .text(let test): test.holds(for: attribute?.asText)
        case .number(let test): test.holds(for: attribute?.asNumber)
        case .boolean(let test): test.holds(for: attribute?.asBoolean)
        case .untyped(let test): test.holds(isBlank: attribute?.isBlank ?? true)
        }
    }
}
