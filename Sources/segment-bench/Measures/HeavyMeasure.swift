import Admission
import SegmentEngine
import SegmentModel

/// An order of a contact with a very long history against one of an ordinary contact.
struct HeavyMeasure {
    private static let heavyOrders = 100_000
    private static let lightOrders = 10
    private static let measuredOrders = 200
    /// The orders of a history are spread over two years.
    private static let historyMicroseconds: Int64 = 2 * 365 * 86_400_000_000

    private let engine: MembershipEngine
    private var sequence: UInt64 = 0
    private var heavy: [Double] = []
    private var light: [Double] = []

    init(_ session: Session) {
        engine = MembershipEngine(context: session.setting.context, threads: session.setting.threads)
        for definition in session.definitions.all { engine.define(definition.name, as: definition.condition) }
    }

    mutating func run(_ session: Session) throws {
        engine.beginCatchUp()
        for number in 0..<Self.heavyOrders {
            let age = Self.historyMicroseconds / Int64(Self.heavyOrders) * Int64(Self.heavyOrders - number)
            let instant = session.start.advanced(byMicroseconds: -age)
            try order(of: "heavy", at: instant)
            guard number.isMultiple(of: Self.heavyOrders / Self.lightOrders) else { continue }
            for contact in 0..<Self.measuredOrders { try order(of: "light-\(contact)", at: instant) }
        }
        engine.endCatchUp(at: session.start)
        var clock = session.start
        for contact in 0..<Self.measuredOrders {
            clock = clock.advanced(byMicroseconds: 1_000_000)
            heavy.append(try milliseconds(ofOrderOf: "heavy", at: clock))
            clock = clock.advanced(byMicroseconds: 1_000_000)
            light.append(try milliseconds(ofOrderOf: "light-\(contact)", at: clock))
        }
    }

    private mutating func milliseconds(ofOrderOf contact: String, at instant: Instant) throws -> Double {
        let event = try event(contact, at: instant)
        return timed {
            engine.fold(event)
            engine.advance(to: instant)
        }.inMilliseconds
    }

    private mutating func order(of contact: String, at instant: Instant) throws {
        engine.fold(try event(contact, at: instant))
    }

    private mutating func event(_ contact: String, at instant: Instant) throws -> LoggedEvent {
        sequence += 1
        let line = """
            {"specversion":"1.0","source":"heavy","id":"\(sequence)","type":"order.placed","time":"\(instant)",\
            "data":{"contact":"\(contact)","order":"\(sequence)","store":"1","currency":"USD",\
            "total":\(20 + sequence % 80).50,"lines":[{"product":"\(sequence % 2_000)","vendor":"\(sequence % 60)",\
            "category":"\(sequence % 24)","price":\(20 + sequence % 80).50,"quantity":1}]}}
            """
        let lines = NDJSONAdmission()
        lines.feed(Array(line.utf8))
        let batch = lines.finish()
        guard let event = try batch.events.first?.event else { throw Ingest.failure(batch.rejections) }
        return LoggedEvent(sequence: sequence, recordedAt: instant, visibleAt: instant, event: event)
    }

    var figures: [Figure] {
        let ratio = (heavy.percentile(50) ?? 0) / (light.percentile(50) ?? 1)
        return [
            Figure(
                key: "heavy",
                title: "an order after \(Double(Self.heavyOrders).shortText) against one after \(Self.lightOrders)",
                unit: .times, values: [ratio], goal: 20),
            Figure(key: "heavy.heavy", title: "  the heavy contact's", unit: .milliseconds, values: heavy),
            Figure(key: "heavy.light", title: "  the other's", unit: .milliseconds, values: light),
        ]
    }
}
