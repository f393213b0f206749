import FoundationEssentials
import SegmentModel
import Testing

/// Literals for tests: what is written in them is known to be right.
enum Sample {
    static func instant(_ text: String) -> Instant {
        value { () throws(ValueError) in try Instant(rfc3339: text) }
    }

    static func amount(_ text: String) -> Amount {
        value { () throws(ValueError) in try Amount(decimal: text) }
    }

    static func number(_ text: String) -> Number {
        value { () throws(ValueError) in try Number(decimal: text) }
    }

    static func zone(_ name: String) throws -> TimeZoneRules {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name))
        return try TimeZoneRules(name: name, tzif: [UInt8](bytes))
    }

    static func order(
        _ id: String, _ placedAt: String, _ amount: String = "10", currency: String = "EUR", store: String = "web",
        status: OrderStatus = .placed, isTest: Bool = false, lines: [OrderLine] = [], sequence: UInt64 = 1
    ) -> Order {
        Order(
            key: OrderKey(store: Identifier(store), order: Identifier(id)), currency: currency,
            amount: Sample.amount(amount), status: status, isTest: isTest, placedAt: instant(placedAt), lines: lines,
            sequence: sequence)
    }

    static func line(
        _ product: String, quantity: String = "1", price: String = "5", variant: String? = nil, title: String? = nil,
        vendor: String? = nil, category: String? = nil
    ) -> OrderLine {
        OrderLine(
            product: Identifier(product), variant: variant.map { Identifier($0) }, title: title, vendor: vendor,
            category: category, quantity: amount(quantity), price: amount(price))
    }

    static func contact(
        firstSeenAt: String = "2025-01-01T00:00:00Z", _ attributes: [KnownAttribute: AttributeValue] = [:],
        fields: [String: AttributeValue] = [:], tags: [String] = [], orders: [Order] = [],
        refunds: [UnlinkedRefund] = [], activities: [Activity] = []
    ) -> Contact {
        var all: [AttributeKey: AttributeValue] = [:]
        for (key, value) in attributes { all[.known(key)] = value }
        for (name, value) in fields { all[.custom(name)] = value }
        let folded = tags.map { (Identifier(TextFolding.folded($0)), $0) }
        return Contact(
            id: "c1", firstSeenAt: instant(firstSeenAt), attributes: all,
            tags: Dictionary(folded) { $1 }, orders: orders, unlinkedRefunds: refunds, activities: activities)
    }

    static func campaign(
        _ kind: CampaignActivityKind, _ occurredAt: String, campaign: String = "spring", url: String? = nil,
        sequence: UInt64 = 1
    ) -> Activity {
        Activity(
            kind: .campaign(kind, campaign: Identifier(campaign), url: url), occurredAt: instant(occurredAt),
            sequence: sequence)
    }

    static func recorded(
        _ name: String, _ occurredAt: String, _ properties: [String: PropertyValue] = [:], sequence: UInt64 = 1
    ) -> Activity {
        let properties = properties.map { ActivityProperty(name: $0, value: $1) }.sorted { $0.name < $1.name }
        return Activity(
            kind: .recorded(name: name, properties: properties), occurredAt: instant(occurredAt), sequence: sequence)
    }

    private static func value<Value>(_ body: () throws(ValueError) -> Value) -> Value {
        do throws(ValueError) {
            return try body()
        } catch {
            preconditionFailure(error.message)
        }
    }
}

/// Asks conditions of a contact, in a zone, at an instant.
struct Asking {
    var contact: Contact
    var now = "2026-03-01T12:00:00Z"
    var zone = TimeZoneRules.utc
    var types: [Identifier: FieldType] = [:]
    var segments: [String: Condition] = [:]

    var evaluator: ReferenceEvaluator {
        ReferenceEvaluator(
            context: EvaluationContext(zone: zone, currency: "EUR", fieldTypes: types, segments: segments))
    }

    func callAsFunction(_ condition: JSONValue, now: String? = nil) throws -> Bool {
        evaluator.isTrue(
            try Condition(parsing: condition, types: types), of: contact, at: Sample.instant(now ?? self.now))
    }

    func field(_ field: String, _ op: String, _ value: JSONValue? = nil, now: String? = nil) throws -> Bool {
        var members: [JSONValue.Member] = [.init("field", .string(field)), .init("op", .string(op))]
        if let value { members.append(.init("value", value)) }
        return try callAsFunction(.object(members), now: now)
    }
}
