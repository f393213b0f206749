import SegmentModel
import TestSupport

/// Makes events of every type with every optional part now there, now not.
struct RandomEvents {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func event() -> Event {
        Event(
            source: identifier(), id: identifier(), time: maybe { $0.instant() }, extensions: extensions(),
            fact: fact()
        ).canonical
    }

    private mutating func fact() -> Fact {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1: .contactChanged(contactChange())
        case 2: .contactErased(contact: identifier())
        case 3: .orderPlaced(order())
        case 4: .orderChanged(order())
        case 5: .orderCancelled(OrderKey(store: identifier(), order: identifier()))
        case 6: .orderRefunded(refund())
        case 7:
            generator.chance(0.5)
                ? .integrationConnected(connection()) : .integrationDisconnected(integration: identifier())
        case 8:
            .campaignActivity(
                CampaignActivity(
                    kind: generator.pick(CampaignActivityKind.allCases), contact: identifier(), campaign: identifier(),
                    url: maybe { $0.text() }))
        default: .activityRecorded(activity())
        }
    }

    private mutating func contactChange() -> ContactChange {
        var change = ContactChange(contact: identifier())
        for attribute in KnownAttribute.allCases where generator.chance(0.3) {
            let value = maybe { $0.value(of: attribute) }
            change.attributes.append(AttributeChange(key: .known(attribute), value: value))
        }
        for name in names(upTo: 3) {
            let value = maybe { $0.customValue() }
            change.attributes.append(AttributeChange(key: .custom(name), value: value))
        }
        change.tags = maybe { events in
            events.generator.chance(0.5)
                ? .set(events.names(upTo: 4)) : .edit(add: events.names(upTo: 2), remove: ["never added"])
        }
        return change
    }

    private mutating func value(of attribute: KnownAttribute) -> AttributeValue {
        switch attribute {
        case .email: .text("someone@example.com")
        case .status: .text(generator.pick(ContactStatus.allCases).rawValue)
        case .rating: .number(Number(Int.random(in: 0...5, using: &generator)))
        case .vip: .boolean(generator.chance(0.5))
        case .latitude, .longitude:
            .number(Number(billionths: Int128(Int.random(in: -90_000_000_000...90_000_000_000, using: &generator))))
        case .signedUpAt: .instant(instant())
        case .birthday: generator.chance(0.5) ? .birthday(month: 2, day: 29) : .birthday(month: 12, day: 1)
        case .language, .country, .region, .city, .zip, .signupSource: .text(text())
        }
    }

    private mutating func customValue() -> AttributeValue {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: .text(text())
        case 1: .number(number())
        case 2: .boolean(generator.chance(0.5))
        default: .list((0..<Int.random(in: 0...3, using: &generator)).map { _ in text() })
        }
    }

    private mutating func order() -> OrderState {
        OrderState(
            key: OrderKey(store: identifier(), order: identifier()), contact: identifier(), currency: currency(),
            total: amount(), status: generator.pick(OrderStatus.allCases), placedAt: maybe { $0.instant() },
            isTest: generator.chance(0.2),
            lines: (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                OrderLine(
                    product: identifier(), variant: maybe { $0.identifier() }, title: maybe { $0.text() },
                    vendor: maybe { $0.text() }, category: maybe { $0.text() }, quantity: amount(), price: amount())
            })
    }

    private mutating func refund() -> Refund {
        var refund = Refund(refund: identifier(), contact: identifier(), currency: currency(), amount: amount())
        refund.store = maybe { $0.identifier() }
        if refund.store != nil { refund.order = maybe { $0.identifier() } }
        return refund
    }

    private mutating func connection() -> IntegrationConnection {
        IntegrationConnection(
            integration: identifier(), platform: "shopify",
            stores: (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                IntegrationConnection.Store(
                    store: identifier(), name: maybe { $0.text() }, currency: maybe { $0.currency() },
                    timezone: maybe { _ in "Europe/London" })
            }, capabilities: maybe { $0.names(upTo: 2) })
    }

    private mutating func activity() -> RecordedActivity {
        RecordedActivity(
            contact: identifier(), name: "viewed",
            properties: names(upTo: 4).map { name in
                let value: PropertyValue =
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: .text(text())
                    case 1: .number(number())
                    default: .boolean(generator.chance(0.5))
                    }
                return ActivityProperty(name: name, value: value)
            })
    }

    private mutating func extensions() -> [ExtensionAttribute] {
        guard generator.chance(0.3) else { return [] }
        return names(upTo: 3).map { name in
            let value: JSONValue = generator.pick([
                .string("text"), .bool(true), .number("1.50"), .array([.null, .number("-0e1")]),
                .object([.init("a", .array([])), .init("b", .object([]))]),
            ])
            return ExtensionAttribute(name: name, value: value)
        }
    }

    private mutating func maybe<Value>(_ make: (inout RandomEvents) -> Value) -> Value? {
        generator.chance(0.5) ? make(&self) : nil
    }

    private mutating func identifier() -> Identifier {
        generator.chance(0.2)
            ? Identifier("é \"quoted\" \\ 日本/~")
            : Identifier("n\(Int.random(in: 0...99_999_999_999, using: &generator))")
    }

    /// Distinct names in the order of their bytes.
    private mutating func names(upTo max: Int) -> [String] {
        (0..<Int.random(in: 0...max, using: &generator)).map { "name \($0) ü/~\"" }
    }

    private mutating func text() -> String {
        generator.pick([
            "", "plain", "line\nfeed\ttab \u{0}\u{1F}\u{7F}", "e\u{301} and \u{E9}", "👩‍👧 \u{10FFFF}",
            "a long text of 23",
        ])
    }

    private mutating func currency() -> String {
        generator.pick(["GBP", "EUR", "JPY"])
    }

    private mutating func instant() -> Instant {
        Instant(
            microseconds: Int64.random(
                in: Instant.earliest.microseconds...Instant.latest.microseconds, using: &generator))
    }

    private mutating func amount() -> Amount {
        let largest: Int64 = generator.pick([0, 99, 1_000_000, Amount.magnitudeMax.tenThousandths])
        return Amount(tenThousandths: Int64.random(in: 0...largest, using: &generator))
    }

    private mutating func number() -> Number {
        Number(billionths: Int128(Int64.random(in: Int64.min...Int64.max, using: &generator)) * 10_000_000)
    }
}
