import Admission
import SegmentModel

/// Whether the log holds what a ledger says, and nothing else: each batch whole or not at all, in the order of its lane;
/// and of erased contacts, every erasure having been worked off, holes.
struct LedgerCheck {
    let ledger: Ledger
    let events: [LoggedEvent]

    /// - Returns: the log's events as they were sent, those of erased contacts too.
    func run() throws -> [LoggedEvent] {
        for (index, event) in events.enumerated() where event.sequence != UInt64(index + 1) {
            throw Violation("sequence \(index + 1) is missing")
        }
        for (earlier, later) in zip(events, events.dropFirst())
        where earlier.recordedAt > later.recordedAt || earlier.visibleAt > later.visibleAt {
            throw Violation("time goes back from sequence \(earlier.sequence) to \(later.sequence)")
        }
        let stored = Dictionary(grouping: events) { Self.lane(of: $0.event) }
        let sent = Dictionary(grouping: ledger.lanes.joined().compactMap(\.step.lane)) { "lane\($0)" }
        var asSent = events
        for (name, events) in stored where sent[name] == nil && name != "lane\(DirectoryCheck.ownLane)" {
            throw Violation("events of \(name) out of nowhere: \(events.map(\.sequence))")
        }
        for (name, numbers) in sent {
            let found = stored[name] ?? []
            for (event, sent) in zip(found, try LaneMatch(lane: numbers[0], ledger, found).events) {
                asSent[Int(event.sequence) - 1].event = sent
            }
        }
        try checkHoles(asSent)
        return asSent
    }

    /// The lane that an event was sent in: the erasures, and what they leave, belong to that of the erasable.
    private static func lane(of event: Event) -> String {
        if case .contactErased = event.fact { return "lane\(Shop.erasableLane)" }
        return event.isErased ? "lane\(Shop.erasableLane)" : event.source.text
    }

    private func checkHoles(_ asSent: [LoggedEvent]) throws {
        let erasures = asSent.erasures
        for (found, sent) in zip(events, asSent) {
            let isErased = sent.event.fact.contact.map { erasures[$0] ?? 0 >= sent.sequence } ?? false
            guard found.event.isErased == isErased else {
                throw Violation(
                    isErased
                        ? "of an erased contact's event \(sent.sequence) something is left"
                        : "event \(sent.sequence) of a contact that was not erased is a hole")
            }
        }
    }
}

/// Finds the events that were sent in a lane in those that are stored.
private struct LaneMatch {
    private struct Sent {
        var events: [Event]
        var outcome: Outcome
    }

    /// As they were sent, as many as are stored.
    private(set) var events: [Event] = []
    private let stored: [LoggedEvent]
    private let sent: [Sent]
    /// How many of the stored events could be found to have been sent.
    private var furthest = 0

    init(lane: Int, _ ledger: Ledger, _ stored: [LoggedEvent]) throws {
        self.stored = stored
        sent = try ledger.lanes.joined().filter { $0.step.lane == lane }.map { entry in
            Sent(events: try entry.step.events, outcome: entry.outcome)
        }
        guard let events = match(stored[...], sent[...], erased: []) else {
            let next = stored.dropFirst(furthest).first.map { "event \($0.sequence)" } ?? "the end"
            throw Violation(
                "of lane \(lane) the log has what was sent up to \(furthest) events; then \(next): something "
                    + "acknowledged is missing, or something is there that was not sent, or twice")
        }
        self.events = events
    }

    /// Takes what is stored for what was sent.
    ///
    /// - Parameter erased: contacts of whose events holes are there.
    private mutating func match(
        _ stored: ArraySlice<LoggedEvent>, _ sent: ArraySlice<Sent>, erased: Set<Identifier>
    ) -> [Event]? {
        furthest = max(furthest, stored.startIndex)
        guard let first = sent.first else { return stored.isEmpty ? [] : nil }
        let count = first.events.count
        let isThere =
            first.outcome != .unsent && stored.count >= count
            && zip(stored, first.events).allSatisfy { Self.is($0.event, $1) }
            // A hole may be anybody's: that an erasure which was not answered is there is told by its contact's events.
            && (first.outcome == .acknowledged || first.events.erasures.allSatisfy(erased.contains))
        if isThere {
            let holes = zip(stored, first.events).filter { $0.0.event.isErased }.compactMap(\.1.fact.contact)
            let rest = match(stored.dropFirst(count), sent.dropFirst(), erased: erased.union(holes))
            if let rest { return first.events + rest }
        }
        return first.outcome == .acknowledged ? nil : match(stored, sent.dropFirst(), erased: erased)
    }

    /// Whether an event is the one that was sent, or may be what an erasure has left of it.
    private static func `is`(_ stored: Event, _ sent: Event) -> Bool {
        if stored.isErased { return true }
        // The daemon gives erasures ids of their own.
        if case .contactErased = sent.fact { return stored.fact == sent.fact }
        return stored == sent
    }
}

extension Step {
    /// The lane that the step's events belong to.
    fileprivate var lane: Int? {
        switch self {
        case .events(let lane, _, _): lane
        case .erase: Shop.erasableLane
        default: nil
        }
    }

    /// What is sent, or, by the daemon itself, appended.
    fileprivate var events: [Event] {
        get throws {
            switch self {
            case .events(let lane, let first, let count):
                return try Shop.batch(lane: lane, first: first, count: count).events.map { try $0.event }
            case .erase(let contact):
                let erased = Fact.contactErased(contact: Identifier(Shop.erasable(contact)))
                return [Event(source: "", id: "", time: nil, fact: erased)]
            default: return []
            }
        }
    }
}

extension [Event] {
    /// The contacts that are erased by one of them.
    fileprivate var erasures: [Identifier] {
        compactMap { event in
            if case .contactErased(let contact) = event.fact { contact } else { nil }
        }
    }
}
