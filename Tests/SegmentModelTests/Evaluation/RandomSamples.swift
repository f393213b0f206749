import SegmentModel
import TestSupport

/// Random conditions and contacts that meet: few values, instants within a few months, windows of days to months.
struct RandomSamples {
    var random: SeededGenerator
    /// Everything happens within some days of this instant.
    let center: Instant

    static let types: [Identifier: FieldType] = ["due": .date, "seen": .instant]

    init(seed: UInt64, around center: String) {
        random = SeededGenerator(seed: seed)
        self.center = Sample.instant(center)
    }

    /// An instant up to 40 days before or after the center, often on a whole hour.
    mutating func instant() -> Instant {
        let hours = Int64.random(in: -960...960, using: &random)
        let rest = random.chance(0.5) ? 0 : Int64.random(in: 0..<3_600_000_000, using: &random)
        return center.advanced(byMicroseconds: hours * 3_600_000_000 + rest)
    }

    mutating func contact() -> Contact {
        var contact = Sample.contact()
        contact.firstSeenAt = instant()
        if random.chance(0.7) { contact.attributes[.known(.signedUpAt)] = .instant(instant()) }
        if random.chance(0.7) { contact.attributes[.known(.birthday)] = birthday() }
        if random.chance(0.7) { contact.attributes[.custom("due")] = .text(day()) }
        if random.chance(0.7) { contact.attributes[.custom("seen")] = .text(instant().description) }
        if random.chance(0.5) { contact.tags = ["vip": "vip"] }
        contact.orders = (0..<Int.random(in: 0...4, using: &random)).map { order(UInt64($0)) }
        contact.activities = (0..<Int.random(in: 0...3, using: &random)).map { sequence in
            Activity(
                kind: .campaign(.opened, campaign: "a", url: nil), occurredAt: instant(), sequence: UInt64(sequence))
        }
        if random.chance(0.3) {
            contact.unlinkedRefunds = [
                UnlinkedRefund(currency: "EUR", amount: Sample.amount("5"), occurredAt: instant(), sequence: 9)
            ]
        }
        return contact
    }

    private mutating func order(_ sequence: UInt64) -> Order {
        var order = Sample.order(
            "o\(sequence)", "2026-01-01T00:00:00Z", random.pick(["5", "10", "20"]),
            currency: random.pick(["EUR", "EUR", "GBP"]), status: random.pick([.placed, .paid, .cancelled]),
            lines: [Sample.line(random.pick(["tea", "cup"]), quantity: random.pick(["1", "2.5"]))], sequence: sequence)
        order.placedAt = instant()
        return order
    }

    private mutating func day() -> String {
        String(instant().description.prefix(10))
    }

    private mutating func birthday() -> AttributeValue {
        let monthDay = day().split(separator: "-").compactMap { Int($0) }
        return .birthday(month: monthDay[1], day: monthDay[2])
    }

    /// A definition of any form.
    mutating func definition(depth: Int = 2) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 11 : 8), using: &random) {
        case 0: ["tag": random.pick(["vip", "none"])]
        case 1:
            ["field": random.pick(["signedUpAt", "firstSeenAt", "fields.seen"]), "op": within(), "value": window()]
        case 2: ["field": "fields.due", "op": within(), "value": window(isDay: true)]
        case 3: ["field": "birthday", "op": "within", "value": [random.pick(["last", "next"]): .string(period())]]
        case 4: ["segment": "s"]
        case 5, 6, 7: activity()
        case 8: ["not": definition(depth: depth - 1)]
        default:
            [random.pick(["all", "any"]): [definition(depth: depth - 1), definition(depth: depth - 1)]]
        }
    }

    private mutating func activity() -> JSONValue {
        let isOrder = random.chance(0.7)
        let measures = isOrder ? Measure.allCases : Measure.allCases.filter(\.isForEveryActivity)
        let measure = random.pick(measures)
        var members: [JSONValue.Member] = [.init("activity", isOrder ? "order" : "open")]
        if measure != .netTotal {
            if isOrder, random.chance(0.3) {
                members.append(.init("where", [["field": "product", "op": "is", "value": "tea"]]))
            }
            if random.chance(0.6) { members.append(.init("within", window(isActivity: true))) }
        }
        members.append(.init("measure", .string(measure.rawValue)))
        if measure.isInstant {
            members += [.init("op", within()), .init("value", window(isActivity: true))]
        } else {
            members += [
                .init("op", random.pick(["at_least", "less_than", "is", "is_not"])),
                .init("value", random.pick([0, 1, 2, 5, 10, 15, 20])),
            ]
        }
        return .object(members)
    }

    private mutating func within() -> JSONValue { random.pick(["within", "not_within"]) }

    private mutating func window(isDay: Bool = false, isActivity: Bool = false) -> JSONValue {
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: ["last": .string(period(isDay: isDay))]
        case 2: ["notLast": .string(period(isDay: isDay))]
        case 3 where !isActivity: ["next": .string(period(isDay: isDay))]
        case 4: ["after": .string(random.chance(0.5) ? day() : instant().description)]
        default: ["on": .string(day())]
        }
    }

    private mutating func period(isDay: Bool = true) -> String {
        let calendar = ["P1D", "P2D", "P1W", "P30D", "P1M", "P2M", "P1M2D"]
        return random.pick(isDay ? calendar : calendar + ["PT36H", "P1DT2H", "P1M", "P1M"])
    }
}
