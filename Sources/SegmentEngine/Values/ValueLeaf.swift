internal import SegmentModel

/// A leaf made ready to be answered from columns at one instant.
enum ValueLeaf {
    case field(FieldQuestion)
    /// All of these tags; nil is a tag that nobody has. None: any tag at all.
    case tags([Symbol?], isNegated: Bool)
    case activity(ActivityQuestion)

    /// nil for what only records can tell.
    init?(_ condition: Condition, _ moment: ValueMoment) {
        switch condition {
        case .tag(let tag): self = .tags([moment.texts.symbol(of: tag.folded)], isNegated: false)
        case .field(let field) where field.field == .tags: self.init(tags: field.test, moment)
        case .field(let field): self = .field(FieldQuestion(field, moment))
        case .activity(let activity):
            guard let question = ActivityQuestion(activity, moment) else { return nil }
            self = .activity(question)
        case .all, .any, .not, .segment: return nil
        }
    }

    private init?(tags test: FieldTest, _ moment: ValueMoment) {
        func symbols(_ operands: [TextOperand]) -> [Symbol?] { operands.map { moment.texts.symbol(of: $0.folded) } }
        switch test {
        case .list(.contains(let tag)): self = .tags(symbols([tag]), isNegated: false)
        case .list(.doesNotContain(let tag)): self = .tags(symbols([tag]), isNegated: true)
        case .list(.containsAll(let tags)) where !tags.isEmpty: self = .tags(symbols(tags), isNegated: false)
        case .list(.isNotBlank), .untyped(.isNotBlank): self = .tags([], isNegated: false)
        case .list(.isBlank), .untyped(.isBlank): self = .tags([], isNegated: true)
        default: return nil
        }
    }
}

/// What the answers of a review depend on besides contacts.
struct ValueMoment {
    let now: Instant
    let evaluator: ReferenceEvaluator
    let texts: any SymbolTexts

    init(_ context: EvaluationContext, at now: Instant, texts: any SymbolTexts) {
        self.now = now
        self.texts = texts
        var context = context
        context.segments = [:]
        evaluator = ReferenceEvaluator(context: context)
    }

    var context: EvaluationContext { evaluator.context }
}

/// Truths of symbols, each worked out once. One thread's own.
final class SymbolTruths {
    /// By symbol; nil as long as nobody asked.
    private var truths: [Bool?] = []
    private let truth: (Symbol) -> Bool

    init(_ truth: @escaping (Symbol) -> Bool) {
        self.truth = truth
    }

    func callAsFunction(_ symbol: Symbol) -> Bool {
        let place = Int(symbol.rawValue)
        if place >= truths.count {
            truths.append(contentsOf: repeatElement(nil, count: max(place + 1, truths.count * 2) - truths.count))
        }
        if let known = truths[place] { return known }
        let found = truth(symbol)
        truths[place] = found
        return found
    }
}

/// The same of values that are no instants.
final class ValueTruths {
    private let symbols: SymbolTruths
    private var others: [CodedValue: Bool] = [:]
    private let truth: (CodedValue) -> Bool

    init(_ truth: @escaping (CodedValue) -> Bool) {
        self.truth = truth
        symbols = SymbolTruths { truth(.symbol($0)) }
    }

    func callAsFunction(_ value: CodedValue) -> Bool {
        if case .symbol(let symbol) = value { return symbols(symbol) }
        if let known = others[value] { return known }
        let found = truth(value)
        others[value] = found
        return found
    }
}

/// A condition on an attribute.
struct FieldQuestion {
    /// nil if no contact has it.
    let slot: ColumnSlot?
    let holdsForNone: Bool
    let instants: RangeTest
    /// What the reference says of a contact with that value and nothing else.
    let holds: ValueTruths

    init(_ condition: FieldCondition, _ moment: ValueMoment) {
        slot = Self.slot(of: condition.field, moment.texts)
        holds = ValueTruths { Self.isTrue(condition, of: $0.attribute(moment.texts), moment) }
        holdsForNone = Self.isTrue(condition, of: nil, moment)
        if case .instant(let test) = condition.test {
            instants = RangeTest(test, at: moment.now, in: moment.context.zone)
        } else {
            // To other tests all instants are alike.
            let holds = Self.isTrue(condition, of: .instant(moment.now), moment)
            instants = holds ? RangeTest() : .never
        }
    }

    private static func slot(of field: ContactField, _ texts: any SymbolTexts) -> ColumnSlot? {
        switch field {
        case .attribute(.known(let attribute)): ColumnSlot(AttributeSlot(rawValue: UInt32(attribute.code)))
        case .attribute(.custom(let name)):
            texts.symbol(of: name).map {
                ColumnSlot(AttributeSlot(rawValue: AttributeSlot.customFirst + $0.rawValue))
            }
        case .emailDomain: .emailDomain
        case .firstSeenAt: .firstSeenAt
        case .tags: nil
        }
    }

    private static func isTrue(_ condition: FieldCondition, of value: AttributeValue?, _ moment: ValueMoment) -> Bool {
        var contact = Contact(id: "", firstSeenAt: .earliest)
        switch condition.field {
        case .attribute(let key): contact.attributes[key] = value
        case .emailDomain: contact.attributes[.known(.email)] = value?.asText.map { .text("@" + $0) }
        case .firstSeenAt, .tags: break
        }
        return moment.evaluator.isTrue(.field(condition), of: contact, at: moment.now)
    }
}

extension Leaf {
    /// Whether time alone changes nothing about it, as far as everything has happened already.
    var standsStill: Bool {
        switch condition {
        case .tag: true
        case .field(let condition): condition.test.standsStill
        case .activity(let condition):
            condition.window?.period == nil && condition.test.standsStill
                && condition.measure != .daysSinceFirst && condition.measure != .daysSinceLast
        case .all, .any, .not, .segment: false
        }
    }
}

extension FieldTest {
    fileprivate var standsStill: Bool {
        switch self {
        case .text, .number, .boolean, .list, .untyped: true
        case .day(let test), .instant(let test): test.standsStill
        case .birthday(.within): false
        case .birthday: true
        }
    }
}

extension MeasureTest {
    fileprivate var standsStill: Bool {
        switch self {
        case .number: true
        case .instant(let test): test.standsStill
        }
    }
}

extension DateTest {
    fileprivate var standsStill: Bool {
        switch self {
        case .within(let window), .notWithin(let window): window.period == nil
        case .isBlank, .isNotBlank: true
        }
    }
}
