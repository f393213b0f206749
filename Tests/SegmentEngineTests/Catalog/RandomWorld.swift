import SegmentModel
import TestSupport

/// Contacts that random events leave, and conditions of every operator over the values they have.
struct RandomWorld {
    var random: SeededGenerator
    let contacts: [Contact]
    let context = EvaluationContext(zone: .utc, currency: "EUR", fieldTypes: RandomDefinitions.fieldTypes)
    let empty = Contact(id: "", firstSeenAt: .earliest)

    init(seed: UInt64, eventCount: Int = 80) throws {
        random = SeededGenerator(seed: seed)
        var events = RandomEvents(seed: seed)
        let start = try Instant(rfc3339: "2024-06-01T00:00:00Z")
        let log = (1...eventCount).map { sequence in
            LoggedEvent(
                sequence: UInt64(sequence), recordedAt: start, visibleAt: start, event: events.next())
        }
        contacts = Array(ReferenceFold.contacts(from: log).values).sorted { $0.id < $1.id }
    }

    /// An elementary condition: any field or measure with any operator.
    mutating func elementary() -> Condition {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .tag(random.pick(["vip", "NEW", "Été", "none"]))
        case 1, 2, 3: field()
        default: activity()
        }
    }

    /// A combination of elementary conditions and references.
    mutating func condition(segments: [String] = [], depth: Int = 3) -> Condition {
        switch Int.random(in: 0..<9, using: &random) {
        case 0...1 where depth > 0: .all(children(segments, depth))
        case 2...3 where depth > 0: .any(children(segments, depth))
        case 4 where depth > 0: .not(condition(segments: segments, depth: depth - 1))
        case 5 where !segments.isEmpty: .segment(random.pick(segments))
        default: elementary()
        }
    }

    private mutating func children(_ segments: [String], _ depth: Int) -> [Condition] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in condition(segments: segments, depth: depth - 1) }
    }

    private mutating func field() -> Condition {
        let known: [(ContactField, FieldTest)] = [
            (.attribute(.known(.country)), .text(textTest(["FR", "fr", "DE", "d", "it"]))),
            (.attribute(.known(.status)), .text(textTest(["subscribed", "Unsubscribed", "pending"]))),
            (.emailDomain, .text(textTest(["x.test", "Y.TEST", "test"]))),
            (.attribute(.custom("plan")), .text(textTest(["gold", "SILVER", "g"]))),
            (.attribute(.custom("likes")), .text(textTest(["tea", "Coffee"]))),
            (.attribute(.custom("likes")), .list(listTest())),
            (.tags, .list(listTest())),
            (.attribute(.known(.rating)), .number(numberTest())),
            (.attribute(.custom("score")), .number(numberTest())),
            (.attribute(.known(.vip)), .boolean(random.pick([.is(true), .is(false), .isBlank, .isNotBlank]))),
            (.attribute(.known(.signedUpAt)), .instant(dateTest())),
            (.firstSeenAt, .instant(dateTest())),
            (.attribute(.custom("renewal")), .day(dateTest(ofDays: true))),
            (.attribute(.known(.birthday)), .birthday(birthdayTest())),
            (.attribute(.custom("plan")), .untyped(random.pick([.isBlank, .isNotBlank]))),
            (.attribute(.known(.status)), .untyped(random.pick([.isBlank, .isNotBlank]))),
            (.tags, .untyped(random.pick([.isBlank, .isNotBlank]))),
        ]
        let (field, test) = random.pick(known)
        return .field(FieldCondition(field: field, test: test))
    }

    private mutating func activity() -> Condition {
        guard random.chance(0.8) else {
            let name: ActivityName = random.pick([.campaign(.sent), .campaign(.opened), .recorded("viewed")])
            let measure: Measure = random.pick(Measure.allCases.filter(\.isForEveryActivity))
            return .activity(
                ActivityCondition(activity: name, window: window(), measure: measure, test: test(of: measure)))
        }
        let measure = random.pick(Measure.allCases)
        var condition = ActivityCondition(activity: .order, measure: measure, test: test(of: measure))
        if measure != .netTotal {
            condition.filters = (0..<random.pick([0, 0, 1, 2])).map { _ in filter() }
            condition.window = window()
        }
        return .activity(condition)
    }

    private mutating func test(of measure: Measure) -> MeasureTest {
        measure.isInstant ? .instant(dateTest()) : .number(numberTest())
    }

    private mutating func window() -> Window? {
        guard random.chance(0.6), case .within(let window) = dateTest(isPast: true) else { return nil }
        return window
    }

    private mutating func filter() -> ActivityFilter {
        let filters: [ActivityFilter] = [
            ActivityFilter(field: .order(.store), test: .text(textTest(["web", "TILL"]))),
            ActivityFilter(field: .order(.status), test: .text(textTest(["placed", "paid", "cancelled"]))),
            ActivityFilter(field: .order(.currency), test: .text(.is(random.pick(["EUR", "usd"])))),
            ActivityFilter(field: .order(.amount), test: .number(numberTest())),
            ActivityFilter(field: .line(.product), test: .text(textTest(["p1", "P2", "p9"]))),
            ActivityFilter(field: .line(.vendor), test: .text(textTest(["acme", "Bolt"]))),
            ActivityFilter(field: .line(.quantity), test: .number(numberTest())),
        ]
        return random.pick(filters)
    }

    private mutating func textTest(_ operands: [String]) -> TextTest {
        let operand = TextOperand(random.pick(operands))
        let list = (0..<random.pick([1, 2, 3])).map { _ in TextOperand(random.pick(operands)) }
        return random.pick([
            .is(operand), .isNot(operand), .contains(operand), .doesNotContain(operand), .startsWith(operand),
            .endsWith(operand), .in(list), .notIn(list), .isBlank, .isNotBlank,
        ])
    }

    private mutating func listTest() -> ListTest {
        let operand = TextOperand(random.pick(["vip", "tea", "COFFEE", "été"]))
        return random.pick([
            .contains(operand), .doesNotContain(operand), .containsAll([operand, "Tea"]),
            .containsAll([operand, operand]), .isBlank, .isNotBlank,
        ])
    }

    private mutating func numberTest() -> NumberTest {
        let quarters = [-4, -1, 0, 0, 1, 4, 4, 8, 10, 12, 40, 400]
        func number() -> Number { Number(billionths: Int128(random.pick(quarters)) * 250_000_000) }
        let (operand, other) = (number(), number())
        let list = [operand, other, operand]
        return random.pick([
            .is(operand), .isNot(operand), .lessThan(operand), .atMost(operand), .greaterThan(operand),
            .atLeast(operand), .between(low: min(operand, other), high: max(operand, other)), .in(list),
            .notIn(list), .isBlank, .isNotBlank,
        ])
    }

    private mutating func dateTest(isPast: Bool = false, ofDays: Bool = false) -> DateTest {
        let periods = ["P30D", "P14D", "P2W", "P1M", "P12M", "P1Y", "P90D"] + (ofDays ? [] : ["PT30H", "PT1800M"])
        guard let period = try? Period(iso8601: random.pick(periods)),
            let day = try? LocalDate(iso: random.pick(["2024-02-29", "2024-03-31", "2024-10-27"]))
        else { return .isBlank }
        let bounds: [DateBound] = [.day(day), .instant(RandomEvents.instant(using: &random))]
        let (low, high) = (random.pick(bounds), random.pick(bounds))
        let window: Window = random.pick([
            .last(period), isPast ? .last(period) : .next(period), .notLast(period), .after(low), .before(low),
            .between(low, high), .on(day),
        ])
        return random.pick(
            isPast ? [.within(window)] : [.within(window), .within(window), .notWithin(window), .isBlank, .isNotBlank])
    }

    private mutating func birthdayTest() -> BirthdayTest {
        guard let day = MonthDay(month: 2, day: 29), let period = Period(weeks: 2) else { return .isBlank }
        return random.pick([
            .is(day), .within(.last(period)), .within(.next(period)), .monthIs(3), .isBlank, .isNotBlank,
        ])
    }
}
