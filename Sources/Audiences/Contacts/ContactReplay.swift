internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// One contact's memberships from its first event on: its events, the definitions and the edges of windows, replayed in
/// the order of their instants by an engine of its own.
///
/// Membership is a function of the instant, so what comes and goes again within one instant is no change: neither events
/// that become visible together nor a definition saved at that instant make a break.
struct ContactReplay {
    /// A contact's standing in a segment, since it last entered.
    struct Standing: Equatable {
        var since: Instant
        var cause: MembershipCause
    }

    /// An entry or exit, the net of its instant.
    struct Change: Equatable {
        var segment: String
        var isEntered: Bool
        var instant: Instant
        var cause: MembershipCause
    }

    private let contact: Identifier
    private let zones: ZoneDirectory
    private let presentRules: TimeZoneRules
    private let engine: MembershipEngine
    private var events: ArraySlice<LoggedEvent>
    private var conditions: [String: Condition] = [:]
    /// The segments the contact is in.
    private(set) var standings: [String: Standing] = [:]
    /// What ended at the last instant looked at: it goes on if it begins again at the same instant.
    private var ended: [String: (standing: Standing, at: Instant)] = [:]

    /// Changes are taken from the engine after so many events.
    private static let sliceEventsMax = 1_000

    /// - Parameters:
    ///   - events: those of `EventLog.events(of:)`.
    ///   - presentRules: those of the audience's time zone; taken for one it had before that the system has no longer.
    init(_ contact: Identifier, events: [LoggedEvent], zones: ZoneDirectory, presentRules: TimeZoneRules) {
        self.contact = contact
        self.events = events[...]
        self.zones = zones
        self.presentRules = presentRules
        engine = MembershipEngine(context: EvaluationContext(zone: .utc, currency: ""), threads: 1)
        engine.keepsChanges = true
    }

    // MARK: Moving

    /// Goes through definitions, and everything that happens until the last of them.
    mutating func pass(_ steps: [DefinitionTimeline.Step]) {
        var rest = steps[...]
        while let first = rest.first {
            let together = rest.prefix { $0.instant == first.instant }
            rest = rest.dropFirst(together.count)
            advance(to: first.instant.advanced(byMicroseconds: -1))
            fold(visibleBy: first.instant)
            for step in together { take(step.change) }
            engine.advance(to: first.instant)
            takeDefined(at: first.instant)
        }
    }

    /// Goes on to an instant, or stays if it is past it.
    mutating func advance(to instant: Instant) {
        while let next = events.first, next.visibleAt <= instant {
            fold(visibleBy: instant, countMax: Self.sliceEventsMax)
            takeChanges()
        }
        if instant > engine.frontier.instant { engine.advance(to: instant) }
        takeChanges()
    }

    private mutating func fold(visibleBy instant: Instant, countMax: Int = .max) {
        let visible = events.prefix(countMax).prefix { $0.visibleAt <= instant }
        for event in visible { engine.fold(event) }
        events = events.dropFirst(visible.count)
    }

    private mutating func take(_ change: DefinitionTimeline.Change) {
        switch change {
        case .segment(let id, let condition):
            conditions[id] = condition
            engine.define(id, as: condition)
        case .removed(let id):
            conditions[id] = nil
            engine.remove(id)
        case .settings(let settings, let conditions):
            self.conditions = conditions
            let rules = (try? zones.rules(of: settings.timezone)) ?? presentRules
            engine.reconfigure(settings.evaluationContext(zone: rules), conditions: conditions)
        case .nothing: break
        }
    }

    // MARK: What changed

    /// Compares what was before an instant at which definitions changed with what is.
    private mutating func takeDefined(at instant: Instant) {
        let changes = engine.takeChanges().filter { $0.contact == contact && $0.instant == instant }
        let members = Set(engine.snapshot().segments(of: contact))
        for segment in standings.keys where !members.contains(segment) { standings[segment] = nil }
        for segment in members where standings[segment] == nil {
            // An event of the same instant may have done it as well as the definition; the definition had to be there.
            let byEvent = changes.last { $0.segment == segment && $0.isEntered }
            standings[segment] = Standing(
                since: instant, cause: byEvent.map { MembershipCause($0.cause) } ?? .definition)
        }
        ended = [:]
    }

    private mutating func takeChanges() {
        for change in engine.takeChanges() where change.contact == contact {
            if change.isEntered {
                enter(change)
            } else if let standing = standings.removeValue(forKey: change.segment) {
                // What began at this instant never was.
                let isOlder = standing.since < change.instant
                if isOlder { ended[change.segment] = (standing, change.instant) }
            }
        }
    }

    private mutating func enter(_ change: MembershipChange) {
        if let last = ended[change.segment], last.at == change.instant {
            standings[change.segment] = last.standing
        } else {
            standings[change.segment] = Standing(since: change.instant, cause: MembershipCause(change.cause))
        }
    }
}

extension ContactReplay {
    /// What further events and the edges until the last of them will change, in the order of instants.
    ///
    /// - Parameter conditions: the segments that are asked about, with those they refer to, as they stand.
    mutating func forecast(
        _ events: ArraySlice<LoggedEvent>, _ conditions: [String: Condition], settings: AudienceSettings, limit: Int
    ) -> [Change] {
        guard let end = events.last?.visibleAt else { return [] }
        engine.reconfigure(settings.evaluationContext(zone: presentRules), conditions: conditions)
        _ = engine.takeChanges()
        self.events = events
        var changes: [Change] = []
        while !self.events.isEmpty, changes.count < limit {
            let through = self.events.prefix(Self.sliceEventsMax).last?.visibleAt ?? end
            fold(visibleBy: through)
            engine.advance(to: through)
            changes += engine.takeChanges().filter { $0.contact == contact }.netByInstant
        }
        return Array(changes.prefix(limit))
    }
}

extension [MembershipChange] {
    /// Of the changes of one contact those that are left at the end of each instant, in order.
    ///
    /// Several changes of one segment at one instant alternate: an even number of them comes to nothing.
    var netByInstant: [ContactReplay.Change] {
        var net: [ContactReplay.Change] = []
        for change in self {
            let before = net.lastIndex { $0.segment == change.segment && $0.instant == change.instant }
            if let before {
                net.remove(at: before)
            } else {
                net.append(
                    ContactReplay.Change(
                        segment: change.segment, isEntered: change.isEntered, instant: change.instant,
                        cause: MembershipCause(change.cause)))
            }
        }
        return net
    }
}
