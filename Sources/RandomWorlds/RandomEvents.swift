public import SegmentModel

/// Random facts about few contacts, orders and campaigns, so that they meet often: late, duplicate, conflicting and out
/// of order, moved orders, early cancellations and refunds, on ordinary days, leap days and days with a clock change.
public struct RandomEvents {
    private var random: SeededGenerator
    private var number = 0
    public let contacts: [Identifier]

    public init(seed: UInt64, contacts: Int = 6) {
        random = SeededGenerator(seed: seed)
        self.contacts = (0..<contacts).map { Identifier("c\($0)") }
    }

    /// Instants around which things happen: month ends, leap days, both clock changes of Europe and America.
    public static let interestingInstants: [Instant] = [
        "2024-02-28T23:30:00Z", "2024-02-29T12:00:00Z", "2024-03-10T06:59:00Z", "2024-03-31T00:59:30Z",
        "2024-03-31T01:00:00Z", "2024-05-31T15:00:00Z", "2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z",
        "2024-12-31T23:59:59.999999Z", "2025-01-31T10:00:00Z", "2025-02-28T10:00:00Z", "2025-03-01T00:00:00Z",
    ].compactMap { try? Instant(rfc3339: $0) }

    /// An instant near one of the interesting ones, or anywhere in between.
    public static func instant(using random: inout SeededGenerator) -> Instant {
        let base = random.pick(interestingInstants)
        let spread: Int64 =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: 2
            case 1: 3_600_000_000
            case 2: 3 * 86_400_000_000
            default: 60 * 86_400_000_000
            }
        return base.advanced(byMicroseconds: Int64.random(in: -spread...spread, using: &random))
    }

    /// The next event; sometimes an earlier id comes again, with the same or with other content.
    public mutating func next() -> Event {
        number += 1
        let isRepeated = number > 3 && random.chance(0.06)
        let id = isRepeated ? Int.random(in: 1..<number, using: &random) : number
        let time: Instant? = random.chance(0.08) ? nil : Self.instant(using: &random)
        return Event(source: random.pick(["shop", "mail"]), id: Identifier("e\(id)"), time: time, fact: fact())
    }

    private mutating func fact() -> Fact {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<25: .contactChanged(change())
        case 25..<58: random.chance(0.6) ? .orderPlaced(order()) : .orderChanged(order())
        case 58..<64: .orderCancelled(orderKey())
        case 64..<74: .orderRefunded(refund())
        case 74..<88:
            .campaignActivity(
                CampaignActivity(
                    kind: random.pick(CampaignActivityKind.allCases), contact: random.pick(contacts),
                    campaign: random.pick(["spring", "Summer"]),
                    url: random.chance(0.3) ? random.pick(["https://shop.test/a", "https://shop.test/b"]) : nil))
        case 88..<97:
            .activityRecorded(
                RecordedActivity(
                    contact: random.pick(contacts), name: random.pick(["viewed", "reviewed"]),
                    properties: random.chance(0.5)
                        ? [
                            ActivityProperty(
                                name: "stars", value: .number(Number(Int.random(in: 1...5, using: &random))))
                        ]
                        : []))
        case 97: .contactErased(contact: random.pick(contacts))
        default:
            .integrationConnected(
                IntegrationConnection(integration: "shop", platform: "shopify", stores: [.init(store: "web")]))
        }
    }

    private mutating func change() -> ContactChange {
        var attributes: [AttributeChange] = []
        func add(_ key: AttributeKey, _ value: AttributeValue?) {
            attributes.append(AttributeChange(key: key, value: value))
        }
        if random.chance(0.5) {
            add(.known(.country), random.chance(0.15) ? nil : .text(random.pick(["FR", "de", "Fr"])))
        }
        if random.chance(0.3) { add(.known(.rating), .number(Number(Int.random(in: 0...5, using: &random)))) }
        if random.chance(0.3) { add(.known(.vip), .boolean(random.chance(0.5))) }
        if random.chance(0.3) { add(.known(.status), .text(random.pick(["subscribed", "unsubscribed"]))) }
        if random.chance(0.3) { add(.known(.email), .text(random.pick(["a@x.test", "B@Y.test"]))) }
        if random.chance(0.2) { add(.known(.signedUpAt), .instant(Self.instant(using: &random))) }
        if random.chance(0.2) {
            add(.known(.birthday), random.pick([.birthday(month: 2, day: 29), .birthday(month: 3, day: 31)]))
        }
        if random.chance(0.3) {
            add(.custom("plan"), random.chance(0.1) ? nil : .text(random.pick(["gold", "Silver", ""])))
        }
        if random.chance(0.2) { add(.custom("score"), .number(Number(Int.random(in: -3...3, using: &random)))) }
        if random.chance(0.2) {
            add(.custom("renewal"), .text(random.pick(["2024-02-29", "2024-03-31", "2025-01-31"])))
        }
        if random.chance(0.2) { add(.custom("likes"), .list(random.pick([["tea"], ["Tea", "coffee"], []]))) }
        return ContactChange(contact: random.pick(contacts), attributes: attributes, tags: tags())
    }

    private mutating func tags() -> TagChange? {
        let names = ["vip", "VIP", "new", "été"]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .set(random.chance(0.3) ? [] : [random.pick(names)])
        case 1, 2: return .edit(add: [random.pick(names)], remove: [])
        case 3: return .edit(add: [], remove: [random.pick(names)])
        default: return nil
        }
    }

    private mutating func orderKey() -> OrderKey {
        OrderKey(store: random.pick(["web", "till"]), order: Identifier("o\(Int.random(in: 0..<12, using: &random))"))
    }

    private mutating func amount() -> Amount {
        Amount(tenThousandths: Int64(random.pick([0, 5_000, 100_000, 250_001, 1_000_000, 3_333_333])))
    }

    private mutating func order() -> OrderState {
        OrderState(
            key: orderKey(), contact: random.pick(contacts), currency: random.chance(0.85) ? "EUR" : "USD",
            total: amount(), status: random.chance(0.7) ? .placed : random.pick(OrderStatus.allCases),
            placedAt: random.chance(0.4) ? Self.instant(using: &random) : nil, isTest: random.chance(0.06),
            lines: (0..<Int.random(in: 0..<4, using: &random)).map { _ in line() })
    }

    private mutating func line() -> OrderLine {
        OrderLine(
            product: random.pick(["P1", "p1", "P2", "P3"]), variant: random.chance(0.3) ? "blue" : nil,
            title: random.chance(0.5) ? "Coffee" : nil,
            vendor: random.chance(0.7) ? random.pick(["Acme", "acme", "Bolt"]) : nil,
            category: random.chance(0.5) ? "drinks" : nil,
            quantity: Amount(tenThousandths: Int64(random.pick([10_000, 20_000, 35_000]))), price: amount())
    }

    private mutating func refund() -> Refund {
        let isLinked = random.chance(0.7)
        let key = orderKey()
        return Refund(
            refund: Identifier("r\(Int.random(in: 0..<10, using: &random))"), contact: random.pick(contacts),
            currency: random.chance(0.85) ? "EUR" : "USD", amount: amount(), store: isLinked ? key.store : nil,
            order: isLinked ? key.order : nil)
    }
}
