import Admission
import ArgumentParser
import SegmentEngine
import SegmentModel

/// `segment-bench limits`: definitions beyond the bounds, and one event with a definition at the bounds.
struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Measures how soon a definition beyond the bounds is refused, and what one at them costs.")

    @Option(help: ArgumentHelp("How often each is refused.", valueName: "n"))
    var rounds = 21

    func run() throws {
        var report = Report()
        report.heading = [("machine", Machine.text)]
        report.figures = try Self.beyond.map { try refusal($0.title, $0.text) } + event()
        Output.write(report.table)
    }

    // MARK: Beyond the bounds

    private static let beyond: [(title: String, text: String)] = [
        ("10,000 conditions", #"{"any":["# + list(10_000) { #"{"tag":"t\#($0)"}"# } + "]}"),
        (
            "1,000 levels",
            String(repeating: #"{"not":"#, count: 1_000) + #"{"tag":"a"}"# + String(repeating: "}", count: 1_000)
        ),
        ("a list of 100,000 values", #"{"field":"country","op":"in","value":["# + list(100_000) { "\"\($0)\"" } + "]}"),
    ]

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        (0..<count).map(element).joined(separator: ",")
    }

    private func refusal(_ title: String, _ text: String) throws -> Figure {
        let bytes = Array(text.utf8)
        var times: [Double] = []
        for _ in 0..<rounds {
            var isRefused = false
            let took = timed {
                guard let value = try? JSONDocument.parse(bytes) else { return isRefused = true }
                isRefused = (try? Condition(parsing: value)) == nil
            }
            guard isRefused else { throw BenchFailure("\(title) were taken", status: BenchFailure.wrongResult) }
            times.append(took.inMilliseconds)
        }
        return Figure(
            key: "refuse", title: "\(title) refused", unit: .milliseconds, statistic: .worst, values: times, goal: 50)
    }

    // MARK: At the bounds

    private static let start = Instant(microseconds: 1_767_225_600_000_000)
    private static let contacts = 200
    private static let ordersBefore = 20
    private static let levels = 16

    /// One order of a contact with some history, with one segment of as many conditions and levels, and as long a list, as
    /// there may be.
    private func event() throws -> [Figure] {
        let engine = MembershipEngine(context: EvaluationContext(zone: .utc, currency: "EUR"), threads: 1)
        engine.define("largest", as: try Condition(parsing: try JSONDocument.parse(Self.largest)))
        engine.beginCatchUp()
        var sequence: UInt64 = 0
        for order in 0..<Self.ordersBefore {
            for contact in 0..<Self.contacts {
                sequence += 1
                let instant = Self.start.advanced(byMicroseconds: Int64(order) * 3_600_000_000 + Int64(contact))
                engine.fold(try Self.order(sequence, of: contact, at: instant))
            }
        }
        var now = Self.start.advanced(byMicroseconds: 30 * 86_400_000_000)
        engine.endCatchUp(at: now)
        var times: [Double] = []
        for contact in 0..<Self.contacts {
            sequence += 1
            now = now.advanced(byMicroseconds: 1_000_000)
            let event = try Self.order(sequence, of: contact, at: now)
            times.append(
                timed {
                    engine.fold(event)
                    engine.advance(to: now)
                }.inMilliseconds)
        }
        return [
            Figure(
                key: "event", title: "an order with 1,000 conditions, 16 levels, a list of 10,000", unit: .milliseconds,
                values: times, goal: 1),
            Figure(
                key: "event.worst", title: "  the worst of 200", unit: .milliseconds, statistic: .worst, values: times),
        ]
    }

    /// Sums, counts and days over windows of different lengths, each its own; a long list; as deep as may be.
    private static var largest: String {
        let leaves = list(ConditionLimits.conditionCountMax - 1) { number in
            let measure = ["count", "total", "quantity", "largest", "lineTotal"][number % 5]
            return """
                {"activity":"order","measure":"\(measure)","op":"at_least","value":\(number % 40 + 1),\
                "within":{"last":"PT\(number + 1)H"},"where":[{"field":"vendor","op":"is","value":"v\(number % 7)"}]}
                """
        }
        let long = list(ConditionLimits.listCountMax) { "\"c\($0)\"" }
        let top = #"{"any":["# + leaves + #",{"field":"country","op":"in","value":["# + long + "]}]}"
        let nots = levels - 2
        return String(repeating: #"{"not":"#, count: nots) + top + String(repeating: "}", count: nots)
    }

    private static func order(_ sequence: UInt64, of contact: Int, at instant: Instant) throws -> LoggedEvent {
        let line = """
            {"specversion":"1.0","source":"limits","id":"\(sequence)","type":"order.placed","time":"\(instant)",\
            "data":{"contact":"c\(contact)","order":"\(sequence)","store":"1","currency":"EUR","total":\(sequence % 50 + 1),\
            "lines":[{"product":"p\(sequence % 90)","vendor":"v\(sequence % 7)","price":5,"quantity":\(sequence % 9 + 1)}]}}
            """
        let admission = NDJSONAdmission()
        admission.feed(Array(line.utf8))
        let batch = admission.finish()
        guard let event = try batch.events.first?.event else { throw Ingest.failure(batch.rejections) }
        return LoggedEvent(sequence: sequence, recordedAt: instant, visibleAt: instant, event: event)
    }
}
