// What another order or activity, now, would do for a condition on them.
extension ReferenceEvaluator {
    typealias Effort = (effort: Int, change: SmallestChange)

    // Beside the efforts of tags and fields: one more of them is the least, an amount has to be read, several are more.
    private static let oneEffort = 1
    private static let amountEffort = 4
    private static let severalEffort = 5
    /// More than that is no small change.
    private static let countMax = 10

    /// Orders or activities that would make the condition true, if that is simple to say.
    func change(of condition: ActivityCondition, _ contact: Contact, at now: Instant) -> Effort? {
        let matches = matches(occurrences(of: condition, in: contact), in: condition.window, at: now)
        switch condition.activity {
        case .order: return orderChange(condition, contact, matches, at: now)
        case .campaign(let kind):
            guard let activity = Activity(kind, passing: condition.filters, at: now) else { return nil }
            return activityChange(activity, condition, matches)
        case .recorded(let name):
            guard let activity = Activity(name, passing: condition.filters, at: now) else { return nil }
            return activityChange(activity, condition, matches)
        }
    }

    private func activityChange(
        _ activity: Activity, _ condition: ActivityCondition, _ matches: [Occurrence]
    ) -> Effort? {
        guard let count = countMissing(condition, matches) else { return nil }
        return (
            count == 1 ? Self.oneEffort : Self.severalEffort,
            SmallestChange(
                words: words(count, condition, hasAny: !matches.isEmpty), action: .activities(activity, count: count))
        )
    }

    private func orderChange(
        _ condition: ActivityCondition, _ contact: Contact, _ matches: [Occurrence], at now: Instant
    ) -> Effort? {
        guard var order = Order(passing: condition.filters, context, at: now) else { return nil }
        if let missing = amountMissing(condition, contact, matches, at: now) {
            order.set(amount: missing)
            let text = "\(Number(missing).moneyText) \(order.currency)"
            return (
                Self.amountEffort,
                SmallestChange(
                    words: "with an order of at least \(text)" + condition.filterPhrase,
                    action: .orders(order, count: 1))
            )
        }
        guard let count = countMissing(condition, matches) else { return nil }
        return (
            count == 1 ? Self.oneEffort : Self.severalEffort,
            SmallestChange(
                words: words(count, condition, hasAny: !matches.isEmpty), action: .orders(order, count: count))
        )
    }

    private func words(_ count: Int, _ condition: ActivityCondition, hasAny: Bool) -> String {
        let noun = count == 1 ? condition.activity.noun : condition.activity.plural
        let more = hasAny ? "more " : ""
        return "with \(count == 1 ? "one" : String(count)) \(more)\(noun)" + condition.filterPhrase
    }

    /// How many more would do; one where it is their time that counts.
    private func countMissing(_ condition: ActivityCondition, _ matches: [Occurrence]) -> Int? {
        guard condition.measure == .count else { return 1 }
        guard case .number(let test) = condition.test else { return nil }
        return (1...Self.countMax).first { test.holds(for: Number(matches.count + $0)) }
    }

    /// The amount of one order that would bring a sum of money to what is asked; nil for other measures and tests.
    private func amountMissing(
        _ condition: ActivityCondition, _ contact: Contact, _ matches: [Occurrence], at now: Instant
    ) -> Amount? {
        guard case .number(let test) = condition.test, let wanted = test.least,
            case .number(let present, _) = measured(condition.measure, over: matches, of: contact, at: now)
                .orZero(for: condition.measure)
        else { return nil }
        switch condition.measure {
        case .total, .netTotal, .lineTotal: return Amount(roundingUp: wanted - present)
        case .largest: return Amount(roundingUp: wanted)
        case .average:
            return Amount(
                roundingUp: Number(billionths: wanted.billionths * Int128(matches.count + 1)) - present)
        default: return nil
        }
    }
}

extension Measured {
    /// Blank as nothing, where one order more makes a number of it.
    fileprivate func orZero(for measure: Measure) -> Measured {
        self == .blank && (measure == .largest || measure == .average) ? .number(.zero, divisor: 1) : self
    }
}

extension NumberTest {
    /// The least number that passes, where it stands in the test and more passes too.
    fileprivate var least: Number? {
        switch self {
        case .atLeast(let operand): operand
        case .between(let low, _): low
        default: nil
        }
    }
}

extension Amount {
    /// The least amount that is not below the number; nil if that is not above zero or no amount is so large.
    fileprivate init?(roundingUp number: Number) {
        let (quotient, rest) = number.billionths.quotientAndRemainder(dividingBy: 100_000)
        guard number > .zero, quotient < Int128(Amount.magnitudeMax.tenThousandths) else { return nil }
        self.init(tenThousandths: Int64(quotient) + (rest > 0 ? 1 : 0))
    }
}

extension Order {
    /// An order placed now that counts and passes filters that ask for one value each; nil if one is not so simple.
    fileprivate init?(passing filters: [ActivityFilter], _ context: EvaluationContext, at now: Instant) {
        guard
            let status = context.countedStatuses.contains(.placed)
                ? .placed : context.countedStatuses.min(by: { $0.rawValue < $1.rawValue })
        else { return nil }
        self.init(
            key: OrderKey(store: "web", order: "new"), currency: context.currency, amount: Self.something,
            status: status, isTest: false, placedAt: now, lines: [], sequence: .max)
        var line = OrderLine(product: "new", quantity: Self.one, price: Self.something)
        for filter in filters {
            switch (filter.field, filter.test) {
            case (.order(let field), .text(let test)):
                guard let text = test.simplestText, set(field, text, context) else { return nil }
            case (.order(.amount), .number(let test)):
                guard let amount = test.simplestOperand.flatMap({ Amount($0) }) else { return nil }
                self.amount = amount
            case (.line(let field), .text(let test)):
                guard let text = test.simplestText else { return nil }
                line.set(field, text)
            case (.line(.quantity), .number(let test)):
                guard let amount = test.simplestOperand.flatMap({ Amount($0) }) else { return nil }
                line.quantity = amount
            case (.line(.price), .number(let test)):
                guard let amount = test.simplestOperand.flatMap({ Amount($0) }) else { return nil }
                line.price = amount
            default: return nil
            }
        }
        lines = [line]
    }

    private static let one = Amount(tenThousandths: 10_000)
    /// What an order costs whose amount does not matter.
    private static let something = Amount(tenThousandths: 10_000)

    private mutating func set(_ field: OrderField, _ text: String, _ context: EvaluationContext) -> Bool {
        switch field {
        case .store: key.store = Identifier(text)
        case .currency: currency = text
        case .status:
            guard let status = OrderStatus(rawValue: TextFolding.folded(text)),
                context.countedStatuses.contains(status)
            else { return false }
            self.status = status
        case .amount: return false
        }
        return true
    }

    /// Gives the order and its only line an amount.
    fileprivate mutating func set(amount: Amount) {
        self.amount = amount
        for index in lines.indices { lines[index].price = amount }
    }
}

extension OrderLine {
    fileprivate mutating func set(_ field: LineField, _ text: String) {
        switch field {
        case .product: product = Identifier(text)
        case .variant: variant = Identifier(text)
        case .title: title = text
        case .vendor: vendor = text
        case .category: category = text
        case .quantity, .price: break
        }
    }
}

extension Amount {
    /// The amount of a number with at most four fraction digits that is not negative.
    fileprivate init?(_ number: Number) {
        let (quotient, rest) = number.billionths.quotientAndRemainder(dividingBy: 100_000)
        guard rest == 0, number >= .zero, quotient <= Int128(Amount.magnitudeMax.tenThousandths) else { return nil }
        self.init(tenThousandths: Int64(quotient))
    }
}

extension TextTest {
    /// A text that passes, where one stands in the test.
    fileprivate var simplestText: String? {
        switch self {
        case .is(let operand), .contains(let operand), .startsWith(let operand), .endsWith(let operand):
            operand.spelling
        case .in(let operands): operands.first?.spelling
        case .isNot, .doesNotContain, .notIn, .isBlank, .isNotBlank: nil
        }
    }
}

extension Activity {
    /// Campaign activity, now, that passes the filters.
    fileprivate init?(_ kind: CampaignActivityKind, passing filters: [ActivityFilter], at now: Instant) {
        var campaign: Identifier = "any"
        var url: String?
        for filter in filters {
            guard case .text(let test) = filter.test, let text = test.simplestText else { return nil }
            switch filter.field {
            case .campaign(.campaign): campaign = Identifier(text)
            case .campaign(.url): url = text
            default: return nil
            }
        }
        self.init(kind: .campaign(kind, campaign: campaign, url: url), occurredAt: now, sequence: .max)
    }

    /// A recorded activity, now, that passes the filters.
    fileprivate init?(_ name: String, passing filters: [ActivityFilter], at now: Instant) {
        var properties: [String: PropertyValue] = [:]
        for filter in filters {
            guard case .property(let property) = filter.field else { return nil }
            switch filter.test {
            case .text(let test): properties[property] = test.simplestText.map { .text($0) }
            case .number(let test): properties[property] = test.simplestOperand.map { .number($0) }
            case .boolean(.is(let operand)): properties[property] = .boolean(operand)
            default: return nil
            }
        }
        let sorted = properties.map { ActivityProperty(name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.init(kind: .recorded(name: name, properties: sorted), occurredAt: now, sequence: .max)
    }
}
