import SegmentModel
import TestSupport

@testable import SegmentEngine

/// Random leaves of every field type, operator, measure, window and filter, over the values of `RandomContacts`.
struct RandomLeaves {
    var contacts: RandomContacts
    let evaluator: ReferenceEvaluator

    private static let stranger = Contact(id: "", firstSeenAt: .earliest)

    /// A leaf with the polarity that the catalog gives it: false of a contact of whom nothing is known.
    mutating func leaf() -> Leaf {
        let condition = condition()
        if case .field(let field) = condition, field.field == .firstSeenAt {
            return Leaf(condition: condition, isInverted: false)
        }
        let isInverted = evaluator.isTrue(condition, of: Self.stranger, at: Instant(microseconds: 0))
        return Leaf(condition: condition, isInverted: isInverted)
    }

    private mutating func condition() -> Condition {
        switch Int.random(in: 0..<20, using: &contacts.random) {
        case 0: .tag(TextOperand(pick(["VIP", "new", "été", "j\u{30C}", "none"])))
        case 1..<8: .field(field())
        default: .activity(activity())
        }
    }

    private mutating func pick<Elements: Collection>(_ elements: Elements) -> Elements.Element {
        contacts.random.pick(elements)
    }

    private mutating func chance(_ probability: Double) -> Bool { contacts.random.chance(probability) }
}

// Fields.
extension RandomLeaves {
    private mutating func field() -> FieldCondition {
        switch Int.random(in: 0..<10, using: &contacts.random) {
        case 0: FieldCondition(field: .emailDomain, test: .text(textTest(["y.test", "é.test", "x", ".test"])))
        case 1: FieldCondition(field: .firstSeenAt, test: .instant(dateTest(mayPrecede: true)))
        case 2: FieldCondition(field: .tags, test: pick([.list(listTest()), .untyped(.isNotBlank)]))
        case 3: FieldCondition(field: .attribute(.known(.birthday)), test: .birthday(birthdayTest()))
        case 4: FieldCondition(field: .attribute(.known(.signedUpAt)), test: .instant(dateTest(mayPrecede: true)))
        case 5: FieldCondition(field: .attribute(.known(.status)), test: .text(textTest(["Subscribed", "pending"])))
        case 6, 7:
            FieldCondition(field: .attribute(.known(pick(KnownAttribute.allCases))), test: anyTest())
        default: FieldCondition(field: .attribute(.custom(pick(RandomContacts.names))), test: anyTest())
        }
    }

    private mutating func anyTest() -> FieldTest {
        switch Int.random(in: 0..<9, using: &contacts.random) {
        case 0, 1: .text(textTest(RandomContacts.texts))
        case 2: .number(numberTest([-1, 0, 1, 2, 3, 5]))
        case 3: .boolean(pick([.is(true), .is(false), .isBlank, .isNotBlank]))
        case 4, 5: .day(dateTest(mayPrecede: true))
        case 6: .instant(dateTest(mayPrecede: true))
        case 7: .list(listTest())
        default: .untyped(pick([.isBlank, .isNotBlank]))
        }
    }

    private mutating func textTest(_ texts: [String]) -> TextTest {
        let operand = TextOperand(pick(texts.filter { !$0.isEmpty }))
        let list = [operand, TextOperand(operand.folded), TextOperand("zz")]
        return pick([
            .is(operand), .isNot(operand), .contains(operand), .doesNotContain(operand), .startsWith(operand),
            .endsWith(operand), .in(list), .notIn(list), .isBlank, .isNotBlank, .contains("l"), .startsWith("g"),
        ])
    }

    private mutating func numberTest(_ numbers: [Int]) -> NumberTest {
        var operand = Number(pick(numbers))
        if chance(0.3) { operand.billionths += 500_000_000 }
        let high = Number(billionths: operand.billionths + 2_000_000_000)
        return pick([
            .is(operand), .isNot(operand), .lessThan(operand), .atMost(operand), .greaterThan(operand),
            .atLeast(operand), .between(low: operand, high: high), .in([operand, high, operand]),
            .notIn([operand, high]), .isBlank, .isNotBlank, .atLeast(high), .greaterThan(high),
        ])
    }

    private mutating func listTest() -> ListTest {
        pick([
            .contains("TEA"), .doesNotContain("tea"), .contains("été"), .contains("vip"), .contains("J\u{30C}"),
            .containsAll(["coffee", "Tea", "tea"]), .containsAll(["vip", "new"]), .isBlank, .isNotBlank,
        ])
    }

    private mutating func birthdayTest() -> BirthdayTest {
        let period = period(isDay: true)
        let day = MonthDay(month: 3, day: 31)
        return pick([
            .within(.next(period)), .within(.last(period)), .within(.next(period)), .within(.last(period)),
            .monthIs(2), .isBlank, .isNotBlank, day.map { .is($0) } ?? .isNotBlank,
        ])
    }
}

// Times.
extension RandomLeaves {
    private mutating func dateTest(mayPrecede: Bool) -> DateTest {
        let window = window(mayPrecede: mayPrecede)
        return pick([.within(window), .within(window), .notWithin(window), .isBlank, .isNotBlank])
    }

    private mutating func window(mayPrecede: Bool) -> Window {
        switch Int.random(in: 0..<10, using: &contacts.random) {
        case 0...3: return .last(period())
        case 4, 5: return .notLast(period())
        case 6: return mayPrecede ? .next(period()) : .last(period())
        case 7: return pick([.after(bound()), .before(bound())])
        case 8:
            let bounds = (contacts.instant(), contacts.instant())
            return .between(.instant(min(bounds.0, bounds.1)), .instant(max(bounds.0, bounds.1)))
        default: return .on(day())
        }
    }

    private mutating func bound() -> DateBound {
        chance(0.5) ? .day(day()) : .instant(contacts.instant())
    }

    private mutating func day() -> LocalDate {
        evaluator.context.zone.date(at: contacts.instant())
    }

    private mutating func period(isDay: Bool = false) -> Period {
        let texts =
            ["P1D", "P7D", "P30D", "P1M", "P2M", "P1M2D", "P1Y", "P2W", "P13M"]
            + (isDay ? [] : ["PT36H", "P1DT2H", "PT1S", "P1M1DT5H"])
        let text = pick(texts)
        do {
            return try Period(iso8601: text)
        } catch {
            preconditionFailure("\(text) is a period")
        }
    }
}

// Activities.
extension RandomLeaves {
    private mutating func activity() -> ActivityCondition {
        let isOrder = chance(0.75)
        let measure = pick(isOrder ? Measure.allCases : Measure.allCases.filter(\.isForEveryActivity))
        let name: ActivityName =
            isOrder
            ? .order
            : pick([
                .campaign(.sent), .campaign(.opened), .campaign(.clicked), .campaign(.bounced), .recorded("viewed"),
                .recorded("é"), .recorded("e\u{301}"),
            ])
        var filters: [ActivityFilter] = []
        while measure != .netTotal, filters.count < 3, chance(0.4) { filters.append(filter(of: name)) }
        let hasWindow = measure != .netTotal && chance(0.7)
        return ActivityCondition(
            activity: name, filters: filters, window: hasWindow ? window(mayPrecede: chance(0.1)) : nil,
            measure: measure, test: test(of: measure))
    }

    private mutating func test(of measure: Measure) -> MeasureTest {
        switch measure {
        case .first, .last: .instant(dateTest(mayPrecede: chance(0.2)))
        case .daysSinceFirst, .daysSinceLast: .number(numberTest([0, 1, 7, 30, 90]))
        case .count, .products: .number(numberTest([0, 1, 2, 3]))
        default: .number(numberTest([0, 2, 10, 25, 50, 100, 333]))
        }
    }

    private mutating func filter(of name: ActivityName) -> ActivityFilter {
        switch name {
        case .order:
            switch Int.random(in: 0..<12, using: &contacts.random) {
            case 0: filter(.order(.store), .text(textTest(["till", "web"])))
            case 1: filter(.order(.status), .text(textTest(["Placed", "paid"])))
            case 2: filter(.order(.currency), .text(textTest(["usd", "EUR"])))
            case 3: filter(.order(.amount), .number(numberTest([0, 2, 10, 100])))
            case 4, 5: filter(.line(.product), .text(textTest(["p1", "P2"])))
            case 6: filter(.line(.variant), .text(textTest(["Blue"])))
            case 7: filter(.line(.title), .text(textTest(["coffee"])))
            case 8: filter(.line(.vendor), .text(textTest(["ACME", "bolt"])))
            case 9: filter(.line(.category), .text(textTest(["drinks"])))
            case 10: filter(.line(.quantity), .number(numberTest([0, 1, 2])))
            default: filter(.line(.price), .number(numberTest([0, 10, 100])))
            }
        case .campaign:
            chance(0.5)
                ? filter(.campaign(.campaign), .text(textTest(["SPRING", "summer"])))
                : filter(.campaign(.url), .text(textTest(["https://shop.test/b", "shop"])))
        case .recorded: filter(.property(pick(["stars", "é", "e\u{301}"])), propertyTest())
        }
    }

    private mutating func propertyTest() -> FilterTest {
        switch Int.random(in: 0..<4, using: &contacts.random) {
        case 0: .number(numberTest([0, 1, 2, 3]))
        case 1: .boolean(pick([.is(true), .isBlank]))
        case 2: .untyped(pick([.isBlank, .isNotBlank]))
        default: .text(textTest(RandomContacts.texts))
        }
    }

    private func filter(_ field: FilterField, _ test: FilterTest) -> ActivityFilter {
        ActivityFilter(field: field, test: test)
    }
}
