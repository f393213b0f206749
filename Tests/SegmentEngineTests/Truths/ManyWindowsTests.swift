import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite("Truths over many windows")
struct ManyWindowsTests {
    private let evaluator = ReferenceEvaluator(context: EvaluationContext(zone: .utc, currency: "EUR"))

    private func leaf(_ condition: Condition) -> Leaf { Leaf(condition: condition, isInverted: false) }

    private func window(_ contacts: inout RandomContacts) -> Window {
        let bounds = [contacts.instant(), contacts.instant()].sorted()
        return switch Int.random(in: 0..<8, using: &contacts.random) {
        case 0: .after(.instant(bounds[0]))
        case 1: .before(.instant(bounds[0]))
        case 2: .on(evaluator.context.zone.date(at: bounds[0]))
        default: .between(.instant(bounds[0]), .instant(bounds[1]))
        }
    }

    @Test("Hundreds of fixed windows of one date, and of one activity, tell what the reference tells")
    func fixed() {
        var contacts = RandomContacts(random: SeededGenerator(seed: 11))
        let measures: [Measure] = [
            .count, .total, .average, .largest, .smallest, .quantity, .lineTotal, .averageQuantity, .products,
        ]
        var leaves: [Leaf] = []
        for number in 0..<700 {
            let window = window(&contacts)
            let field = FieldCondition(
                field: .attribute(.known(.signedUpAt)),
                test: .instant(.within(window)))
            let measure = contacts.random.pick(measures)
            let least = Number(Int.random(in: 1...4, using: &contacts.random) * (measure == .count ? 1 : 9))
            let activity = ActivityCondition(
                activity: .order, window: window, measure: measure, test: .number(.atLeast(least)))
            leaves.append(leaf(number.isMultiple(of: 2) ? .field(field) : .activity(activity)))
        }
        var world = TruthWorld(leaves, evaluator)
        for _ in 0..<6 {
            let contact = contacts.contact()
            let now = contacts.instant()
            let (answer, _) = world.answers(of: world.record(of: contact), at: now)
            let expected = world.truths(of: contact, at: now)
            #expect(answer == expected, "\(world.difference(answer, expected))")
        }
    }

    @Test("Sums that 64 bits do not hold, and thresholds beyond them, are compared exactly")
    func wide() {
        var contacts = RandomContacts(random: SeededGenerator(seed: 12))
        let start = contacts.instant()
        let greatest = Int128(Int64.max) * 100_000
        var leaves: [Leaf] = []
        for measure in [Measure.total, .average, .largest] {
            for operand in [1, greatest, greatest + 100_000, greatest * 2, greatest * 3] {
                for window: Window? in [nil, .after(.instant(start))] {
                    let test = NumberTest.atLeast(Number(billionths: operand))
                    leaves.append(
                        leaf(
                            .activity(
                                ActivityCondition(
                                    activity: .order, window: window, measure: measure, test: .number(test)))))
                }
            }
        }
        var world = TruthWorld(leaves, evaluator)
        var contact = Contact(id: "c", firstSeenAt: start)
        for number in 0..<3 {
            contact.orders.append(
                Order(
                    key: OrderKey(store: "web", order: Identifier("o\(number)")), currency: "EUR",
                    amount: Amount(tenThousandths: .max), status: .placed, isTest: false,
                    placedAt: start.advanced(byMicroseconds: Int64(number) * 60_000_000), lines: [],
                    sequence: UInt64(number) + 1))
            let now = start.advanced(byMicroseconds: 3_600_000_000)
            let (answer, _) = world.answers(of: world.record(of: contact), at: now)
            #expect(answer == world.truths(of: contact, at: now), "\(number)")
        }
    }

    @Test(
        "One evaluator that goes from hour to hour says what the reference says, on days when clocks change too",
        arguments: ["Europe/London", "America/Havana", "Pacific/Apia"])
    func hours(zone: String) throws {
        var world = TruthWorld(seed: 77, zone: try TruthWorld.zone(zone), leaves: 60)
        var contacts = RandomContacts(random: SeededGenerator(seed: 78))
        for _ in 0..<4 {
            let contact = contacts.contact()
            let record = world.record(of: contact)
            let start = contacts.instant()
            for hour in Int64(0)..<30 {
                let now = start.advanced(byMicroseconds: hour * 3_540_000_000)
                let (answer, _) = world.answers(of: record, at: now)
                let expected = world.truths(of: contact, at: now)
                #expect(answer == expected, "\(now)\n\(world.difference(answer, expected))")
            }
        }
    }
}
