import EventLog
import SegmentModel
import TestSupport
import Testing

@testable import SegmentEngine

@Suite struct MembershipEngineTests {
    private let start = Instant(microseconds: 1_800_000_000_000_000)
    private let context = EvaluationContext(zone: .utc, currency: "EUR")

    private func order(_ sequence: UInt64, _ contact: Identifier, at instant: Instant) -> LoggedEvent {
        let state = OrderState(
            key: OrderKey(store: "web", order: Identifier("o\(sequence)")), contact: contact, currency: "EUR",
            total: Amount(tenThousandths: 100_000))
        return LoggedEvent(
            sequence: sequence, recordedAt: instant, visibleAt: instant,
            event: Event(source: "shop", id: Identifier("e\(sequence)"), time: instant, fact: .orderPlaced(state)))
    }

    private func engine() throws -> MembershipEngine {
        let engine = MembershipEngine(context: context, frontier: Frontier(at: start))
        engine.define(
            "recent", as: try Condition(parsing: ["activity": "order", "within": ["last": "P1D"]], types: [:]))
        return engine
    }

    @Test func `a window is left at its instant and not a microsecond before`() throws {
        let engine = try engine()
        engine.fold(order(1, "ada", at: start))
        engine.advance(to: start)
        #expect(engine.snapshot().count(of: "recent") == 1)
        let day: Int64 = 86_400_000_000
        engine.advance(to: start.advanced(byMicroseconds: day - 1))
        #expect(engine.snapshot().isMember("ada", of: "recent"))
        engine.advance(to: start.advanced(byMicroseconds: day))
        #expect(!engine.snapshot().isMember("ada", of: "recent"))
        #expect(engine.snapshot().count(of: "recent") == 0)
    }

    @Test func `the next change is announced at the instant it happens`() throws {
        let engine = try engine()
        engine.fold(order(1, "ada", at: start))
        engine.advance(to: start)
        let condition = try Condition(parsing: ["activity": "order", "within": ["last": "P1D"]], types: [:])
        let announced = engine.snapshot().nextChange(of: condition, contact: "ada")
        #expect(announced?.at == start.advanced(byMicroseconds: 86_400_000_000))
    }

    @Test func `a segment follows the segment it refers to when that is edited`() throws {
        let engine = try engine()
        engine.define("other", as: .not(.segment("recent")))
        engine.fold(order(1, "ada", at: start))
        engine.advance(to: start)
        #expect(engine.snapshot().count(of: "other") == 0)
        engine.define("recent", as: try Condition(parsing: ["activity": "order", "value": 2], types: [:]))
        #expect(engine.snapshot().count(of: "recent") == 0)
        #expect(engine.snapshot().count(of: "other") == 1)
    }

    @Test func `an erased contact leaves its segments`() throws {
        let engine = try engine()
        engine.fold(order(1, "ada", at: start))
        engine.advance(to: start)
        engine.fold(
            LoggedEvent(
                sequence: 2, recordedAt: start, visibleAt: start,
                event: Event(source: "shop", id: "x", time: nil, fact: .contactErased(contact: "ada"))))
        engine.advance(to: start)
        #expect(engine.snapshot().count(of: "recent") == 0)
        #expect(engine.snapshot().contactCount == 0)
        #expect(engine.snapshot().contact("ada") == nil)
    }

    @Test func `members come in the order of their bytes`() throws {
        let engine = try engine()
        for (offset, contact) in ["b", "é", "a", "B", "aa"].enumerated() {
            engine.fold(order(UInt64(offset + 1), Identifier(contact), at: start))
        }
        engine.advance(to: start)
        #expect(engine.members(of: "recent") == ["B", "a", "aa", "b", "é"])
    }

    @Test func `how far it is advanced at once makes no difference`() throws {
        let stepwise = try engine()
        let atOnce = try engine()
        let hour: Int64 = 3_600_000_000
        for sequence in UInt64(1)...30 {
            let event = order(
                sequence, Identifier("c\(sequence % 7)"), at: start.advanced(byMicroseconds: Int64(sequence) * hour))
            stepwise.fold(event)
            stepwise.advance(to: event.visibleAt)
            atOnce.fold(event)
        }
        let end = start.advanced(byMicroseconds: 40 * hour)
        stepwise.advance(to: end)
        atOnce.advance(to: end)
        #expect(stepwise.members(of: "recent") == atOnce.members(of: "recent"))
    }
}
