import SegmentModel

/// Writes the shop's events as NDJSON lines of CloudEvents, and now and then one of them twice.
///
/// Comes in: what happened. Goes out: `bytes`, whole lines. Invariant: an event's (source, id) is given to one content
/// only; repeated lines are equal byte for byte.
struct ShopEventWriter {
    let plan: ShopPlan
    let catalog: ShopCatalog
    private var line = JSONLine()
    private var lineStart = 0
    private var repeats: RepeatedDeliveries
    /// The number of events written, repetitions not counted.
    private(set) var eventCount = 0

    /// Who says it.
    enum Source: String {
        case shop, till, mail
    }

    /// When it happened, and when the log learns of it.
    struct Moment {
        var occurred: Instant
        var arrival: Instant

        /// An event that arrives at once.
        init(_ instant: Instant) {
            occurred = instant
            arrival = instant
        }

        /// An event that arrives so many seconds after it happened.
        init(arrival: Instant, lateSeconds: Int) {
            occurred = arrival.advanced(bySeconds: -lateSeconds)
            self.arrival = arrival
        }
    }

    init(plan: ShopPlan, catalog: ShopCatalog) {
        self.plan = plan
        self.catalog = catalog
        repeats = RepeatedDeliveries(seed: plan.seed)
    }

    /// The lines written since they were last removed.
    var bytes: [UInt8] { line.bytes }

    /// Forgets the lines, which somebody has taken.
    mutating func removeAll() {
        line.removeAll()
        lineStart = 0
    }

    /// Writes the repetitions still waiting; the last thing to do.
    mutating func finish() {
        while let again = repeats.next(after: .max) { line.raw(again) }
        lineStart = line.bytes.count
    }

    /// Writes one event. `id` and `data` write what stands between the quotes and between the braces.
    mutating func event(
        _ type: String, source: Source, at moment: Moment, id: (inout JSONLine) -> Void,
        data: (inout JSONLine) -> Void
    ) {
        line.raw(#"{"specversion":"1.0","type":""#)
        line.raw(type)
        line.raw(#"","source":""#)
        line.raw(source.rawValue)
        line.raw(#"","id":""#)
        id(&line)
        line.raw(#"","time":"#)
        line.instant(moment.occurred)
        // The CloudEvents extension "Recorded Time"; only where it tells something.
        if moment.arrival != moment.occurred { line.member("recordedtime", moment.arrival) }
        line.raw(#","data":{"#)
        data(&line)
        line.raw("}}\n")
        endLine()
    }

    private mutating func endLine() {
        eventCount += 1
        repeats.consider(line.bytes[lineStart...], event: eventCount)
        while let again = repeats.next(after: eventCount) { line.raw(again) }
        lineStart = line.bytes.count
    }
}

extension JSONLine {
    /// A contact's identifier: `c1001` is the first one.
    mutating func contactID(_ contact: UInt32) {
        raw("c")
        integer(Int(contact) + 1_001)
    }

    /// The member that says which contact an event is about.
    mutating func contact(_ contact: UInt32) {
        name("contact")
        raw("\"")
        contactID(contact)
        raw("\"")
    }
}
