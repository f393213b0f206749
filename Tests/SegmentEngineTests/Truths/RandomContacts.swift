import SegmentModel
import TestSupport

/// Random contacts that have something of everything, close enough together in time and value to meet conditions.
struct RandomContacts {
    var random: SeededGenerator

    static let texts = ["FR", "fr", "de", "Été", "E\u{301}te\u{301}", "", "12.5", "2024-03-31", "gold", "Goldfish"]
    static let names = ["plan", "score", "due", "seen", "likes", "é"]

    /// A random instant near those at which clocks and months change.
    mutating func instant() -> Instant { RandomEvents.instant(using: &random) }

    mutating func contact() -> Contact {
        var contact = Contact(id: "c", firstSeenAt: instant())
        for attribute in KnownAttribute.allCases where random.chance(0.5) {
            contact.attributes[.known(attribute)] = value(of: attribute)
        }
        for name in Self.names where random.chance(0.6) { contact.attributes[.custom(name)] = value() }
        for tag in ["vip", "New", "ÉTÉ", "J\u{30C}"] where random.chance(0.4) {
            contact.tags[Identifier(TextFolding.folded(tag))] = tag
        }
        let orders = random.chance(0.15) ? 0 : Int.random(in: 0...(random.chance(0.1) ? 40 : 6), using: &random)
        contact.orders = (0..<orders).map { order(UInt64($0) + 1) }
        contact.activities = (0..<Int.random(in: 0...5, using: &random)).map { activity(UInt64($0) + 100) }
        if random.chance(0.3) {
            contact.unlinkedRefunds = (0..<2).map { number in
                UnlinkedRefund(
                    currency: random.pick(["EUR", "eur", "USD"]), amount: amount(), occurredAt: instant(),
                    sequence: UInt64(number) + 200)
            }
        }
        return contact
    }

    private mutating func value(of attribute: KnownAttribute) -> AttributeValue {
        switch attribute {
        case .email: .text(random.pick(["a@x.test", "B@Y.test", "c@d@É.test", "none", "d@"]))
        case .status: .text(random.pick(ContactStatus.allCases).rawValue)
        case .rating, .latitude, .longitude: .number(number())
        case .vip: .boolean(random.chance(0.5))
        case .signedUpAt: .instant(instant())
        case .birthday: random.pick([.birthday(month: 2, day: 29), .birthday(month: 3, day: 31), birthday()])
        case .language, .country, .region, .city, .zip, .signupSource: .text(random.pick(Self.texts))
        }
    }

    private mutating func birthday() -> AttributeValue {
        let day = LocalDate(daysSinceEpoch: Int.random(in: 10_957..<11_323, using: &random))
        return .birthday(month: day.month, day: day.day)
    }

    private mutating func value() -> AttributeValue {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .number(number())
        case 1: .boolean(random.chance(0.5))
        case 2: .list(random.pick([[], ["tea"], ["Tea", "tea", "coffee"], ["Été", "gold"]]))
        case 3, 4: .text(String(instant().description.prefix(10)))
        case 5: .text(instant().description)
        default: .text(random.pick(Self.texts))
        }
    }

    mutating func number() -> Number {
        random.pick([-3, 0, 1, 2, 3, 5].map { Number($0) } + [Number(billionths: 2_500_000_000)])
    }

    mutating func amount() -> Amount {
        Amount(tenThousandths: Int64(random.pick([0, 5_000, 20_000, 100_000, 250_001, 1_000_000, 3_333_333])))
    }

    private mutating func order(_ sequence: UInt64) -> Order {
        Order(
            key: OrderKey(store: random.pick(["web", "Till"]), order: Identifier("o\(sequence)")),
            currency: random.pick(["EUR", "EUR", "eur", "USD"]), amount: amount(),
            status: random.chance(0.8) ? .placed : random.pick(OrderStatus.allCases), isTest: random.chance(0.05),
            placedAt: instant(), lines: (0..<Int.random(in: 0..<4, using: &random)).map { _ in line() },
            sequence: sequence)
    }

    private mutating func line() -> OrderLine {
        OrderLine(
            product: random.pick(["P1", "p1", "P2", "P3"]), variant: random.chance(0.4) ? "blue" : nil,
            title: random.chance(0.5) ? random.pick(["Coffee", ""]) : nil,
            vendor: random.chance(0.7) ? random.pick(["Acme", "acme", "Bolt"]) : nil,
            category: random.chance(0.5) ? "drinks" : nil,
            quantity: Amount(tenThousandths: Int64(random.pick([0, 10_000, 20_000, 35_000]))), price: amount())
    }

    private mutating func activity(_ sequence: UInt64) -> Activity {
        let kind: Activity.Kind =
            random.chance(0.6)
            ? .campaign(
                random.pick(CampaignActivityKind.allCases), campaign: random.pick(["spring", "Summer"]),
                url: random.chance(0.5) ? random.pick(["https://shop.test/a", "https://shop.test/B", ""]) : nil)
            : .recorded(name: random.pick(["viewed", "é", "e\u{301}"]), properties: properties())
        return Activity(kind: kind, occurredAt: instant(), sequence: sequence)
    }

    private mutating func properties() -> [ActivityProperty] {
        var properties: [ActivityProperty] = []
        for name in ["stars", "é", "e\u{301}"] where random.chance(0.5) {
            let value: PropertyValue =
                switch Int.random(in: 0..<3, using: &random) {
                case 0: .number(number())
                case 1: .boolean(random.chance(0.5))
                default: .text(random.pick(Self.texts))
                }
            properties.append(ActivityProperty(name: name, value: value))
        }
        return properties
    }
}
