internal import SegmentModel

/// A condition on orders or activities.
struct ActivityQuestion {
    enum Source {
        case orders
        /// The name of a recorded activity; nil if nobody has done it.
        case activities(ActivityKind, name: Symbol?)
    }

    let source: Source
    /// The instants that count.
    let times: RangeTest
    let filters: [ItemFilter]
    let lineFilters: [ItemFilter]
    /// Whether an order counts, by its state.
    let countedStates: SymbolTruths
    /// For orders and refunds; nil if any currency will do.
    let currencies: SymbolTruths?
    let measure: Measure
    let verdict: Verdict
    /// Whether all that is asked is if there is any.
    let isPresence: Bool

    /// nil for what only records can tell.
    init?(_ condition: ActivityCondition, _ moment: ValueMoment) {
        guard let source = Self.source(of: condition, moment.texts),
            let verdict = Verdict(condition.measure, condition.test, moment)
        else { return nil }
        self.source = source
        self.verdict = verdict
        measure = condition.measure
        isPresence = measure == .count && verdict.range == RangeTest(low: 1)
        // Net totals are of all time and of all orders: refunds have neither windows nor filters.
        if measure == .netTotal, condition.window != nil || !condition.filters.isEmpty { return nil }
        var times = condition.window.map { RangeTest($0, at: moment.now, in: moment.context.zone) } ?? RangeTest()
        times.high = min(times.high, moment.now.microseconds)
        self.times = times
        filters = condition.activityFilters.map { ItemFilter($0, moment) }
        lineFilters = condition.lineFilters.map { ItemFilter($0, moment) }
        countedStates = SymbolTruths { Self.isCounted($0, moment.context) }
        let takesOneCurrency = condition.isOnMoney && !condition.namesCurrency
        let audience = TextTest.is(TextOperand(moment.context.currency))
        currencies = takesOneCurrency ? SymbolTruths { audience.holds(for: moment.texts.text(of: $0)) } : nil
    }

    private static func source(of condition: ActivityCondition, _ texts: any SymbolTexts) -> Source? {
        switch condition.activity {
        case .order: return .orders
        case .campaign(let kind):
            // Urls have no column.
            guard condition.filters.allSatisfy({ $0.field == .campaign(.campaign) }) else { return nil }
            return .activities(ActivityKind(kind), name: nil)
        case .recorded(let name):
            // Neither have properties.
            return condition.filters.isEmpty ? .activities(.recorded, name: texts.symbol(of: name)) : nil
        }
    }

    private static func isCounted(_ state: Symbol, _ context: EvaluationContext) -> Bool {
        guard state.rawValue & OrderColumns.isTest == 0 else { return false }
        return OrderStatus(code: UInt8(truncatingIfNeeded: state.rawValue)).map(context.countedStatuses.contains)
            ?? false
    }
}

/// A filter on an item.
struct ItemFilter {
    let field: FilterField
    private let test: FilterTest
    /// For numbers in ten-thousandths; nil if the test is not one range.
    let range: RangeTest?
    /// For texts, by their symbols; for statuses by their codes.
    let holds: SymbolTruths

    init(_ filter: ActivityFilter, _ moment: ValueMoment) {
        field = filter.field
        test = filter.test
        range = if case .number(let test) = test { RangeTest(test, unit: 100_000) } else { nil }
        let (test, texts) = (test, moment.texts)
        if field == .order(.status) {
            holds = SymbolTruths { code in
                test.holds(for: OrderStatus(code: UInt8(truncatingIfNeeded: code.rawValue)).map { .text($0.rawValue) })
            }
        } else if case .text(let test) = test, let operands = test.equals {
            let folded = Set(operands.map { Array($0.folded.utf8) }).subtracting([[]])
            holds = SymbolTruths { folded.contains(Array(TextFolding.folded(texts.text(of: $0)).utf8)) }
        } else {
            holds = SymbolTruths { test.holds(for: $0 == .none ? nil : .text(texts.text(of: $0))) }
        }
    }

    /// Whether a number passes, given in ten-thousandths.
    func holds(for tenThousandths: Int64) -> Bool {
        test.holds(for: .number(Number(Amount(tenThousandths: tenThousandths))))
    }
}

extension TextTest {
    /// The operands, one of which a text has to equal; nil if the test is another.
    fileprivate var equals: [TextOperand]? {
        switch self {
        case .is(let operand): [operand]
        case .in(let operands): operands
        default: nil
        }
    }
}

extension ActivityKind {
    fileprivate init(_ kind: CampaignActivityKind) {
        switch kind {
        case .sent: self = .sent
        case .opened: self = .opened
        case .clicked: self = .clicked
        case .bounced: self = .bounced
        }
    }
}

/// What is said about the value of a measure.
struct Verdict {
    /// Of a contact with nothing that matches, if the value is blank then.
    let holdsForBlank: Bool
    /// nil if the test is not one range, or is of a quotient.
    let range: RangeTest?
    /// The quotient that is at least needed, in the measure's unit; nil if another thing is asked.
    let leastQuotient: Int64?
    private let test: NumberTest?
    private let unit: Int128

    /// nil for a test of what the measure is not.
    init?(_ measure: Measure, _ test: MeasureTest, _ moment: ValueMoment) {
        unit = MeasureForm(measure).unit
        switch test {
        case .instant(let test) where measure.isInstant:
            self.test = nil
            holdsForBlank = test.holdsForBlank
            range = RangeTest(test, at: moment.now, in: moment.context.zone)
            leastQuotient = nil
        case .number(let test) where !measure.isInstant:
            self.test = test
            holdsForBlank = test.holds(for: nil)
            let isQuotient = MeasureForm(measure).isQuotient
            range = isQuotient ? nil : RangeTest(test, unit: unit)
            leastQuotient = isQuotient ? Self.leastQuotient(test, unit: unit) : nil
        default: return nil
        }
    }

    private static func leastQuotient(_ test: NumberTest, unit: Int128) -> Int64? {
        guard case .atLeast(let operand) = test, operand.billionths % unit == 0,
            abs(operand.billionths / unit) <= Int128(WindowTest.quotientMax)
        else { return nil }
        return Int64(operand.billionths / unit)
    }

    /// Whether it holds for a value in the measure's unit, divided.
    func holds(_ value: Int64, dividedBy divisor: Int64) -> Bool {
        test?.holds(for: Number(billionths: Int128(value) * unit), dividedBy: Int(divisor)) ?? false
    }
}

extension DateTest {
    /// Whether it holds for no instant at all.
    fileprivate var holdsForBlank: Bool {
        switch self {
        case .within, .isNotBlank: false
        case .notWithin, .isBlank: true
        }
    }
}
