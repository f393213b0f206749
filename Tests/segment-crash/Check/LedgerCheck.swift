import Admission
import SegmentModel

/// Whether the log holds what a ledger says, and nothing else: each batch whole or not at all, in the order of its lane.
struct LedgerCheck {
    let ledger: Ledger
    let events: [LoggedEvent]

    func run() throws {
        for (index, event) in events.enumerated() where event.sequence != UInt64(index + 1) {
            throw Violation("sequence \(index + 1) is missing")
        }
        for (earlier, later) in zip(events, events.dropFirst())
        where earlier.recordedAt > later.recordedAt || earlier.visibleAt > later.visibleAt {
            throw Violation("time goes back from sequence \(earlier.sequence) to \(later.sequence)")
        }
        let lanes = Dictionary(grouping: events.map(\.event)) { $0.source.text }
        var checked: Set<String> = ["lane\(DirectoryCheck.ownLane)"]
        for number in Set(ledger.lanes.joined().compactMap(\.step.lane)).sorted() {
            checked.insert("lane\(number)")
            try check(lane: number, stored: lanes["lane\(number)"] ?? [])
        }
        for source in lanes.keys where !checked.contains(source) {
            throw Violation("events of \(source) out of nowhere")
        }
    }

    private func check(lane: Int, stored: [Event]) throws {
        var rest = stored[...]
        for entry in ledger.lanes.joined() {
            guard case .events(lane, let first, let count) = entry.step else { continue }
            let sent = try Shop.batch(lane: lane, first: first, count: count).events.map { try $0.event }
            if Array(rest.prefix(count)) == sent, entry.outcome != .unsent {
                rest = rest.dropFirst(count)
            } else if entry.outcome == .acknowledged {
                throw Violation(
                    "events \(first) to \(first + count - 1) of lane \(lane) were acknowledged and are not in the log, or "
                        + "are not what was sent")
            }
        }
        if let event = rest.first {
            throw Violation("event \(event.id) of \(event.source) is there twice, or without having been sent")
        }
    }
}

extension Step {
    /// The lane that the step's events belong to.
    var lane: Int? {
        if case .events(let lane, _, _) = self { lane } else { nil }
    }
}
