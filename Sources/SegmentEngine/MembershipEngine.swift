public import EventLog
public import SegmentModel

/// Who is in which segment, kept current as events become visible and as time passes.
///
/// Comes in: visible events in log order, definitions, and how far the frontier has moved. Goes out: counts, members,
/// contacts and their reasons, all as of `frontier`. Invariant: for every segment and contact, membership equals
/// `ReferenceEvaluator` over the events folded so far, at the frontier.
///
/// This engine asks the reference evaluator about every contact that an event touched or whose next window edge has
/// passed. It is a value without threads, clocks or storage: its owner decides when it moves.
public struct MembershipEngine: Sendable {
    /// The instant every answer is true at.
    public private(set) var frontier: Frontier
    /// The last event folded.
    public private(set) var sequence: UInt64 = 0

    private var fold = AudienceFold()
    private var segments: [String: SegmentState] = [:]
    private var evaluator: ReferenceEvaluator
    private var wakes = WakeQueue()
    private var touched: Set<ContactOrdinal> = []
    private var order = ContactOrder()

    private struct SegmentState {
        var condition: Condition
        var members: Set<ContactOrdinal> = []
    }

    /// An engine that has seen nothing yet.
    public init(context: EvaluationContext, frontier: Frontier = Frontier(at: .earliest)) {
        evaluator = ReferenceEvaluator(context: context)
        self.frontier = frontier
    }

    // MARK: Moving

    /// Folds the next visible event. Answers stay as of the frontier's instant only after `advance`.
    public mutating func fold(_ event: LoggedEvent) {
        precondition(event.sequence > sequence, "events are folded in log order, each once")
        sequence = event.sequence
        fold.apply(event, touched: &touched)
    }

    /// Moves to `instant`: evaluates every contact that was touched, or whose next edge has passed.
    ///
    /// Every event visible by `instant` must have been folded, and none after it.
    public mutating func advance(to instant: Instant) {
        frontier.advance(to: instant)
        let now = frontier.instant
        wakes.takeDue(at: now, into: &touched)
        for ordinal in touched { evaluate(ordinal, at: now) }
        touched.removeAll(keepingCapacity: true)
    }

    private mutating func evaluate(_ ordinal: ContactOrdinal, at now: Instant) {
        guard let contact = fold.contact(ordinal) else {
            for id in segments.keys { segments[id]?.members.remove(ordinal) }
            order.remove(ordinal)
            wakes.schedule(ordinal, at: nil)
            return
        }
        order.insert(ordinal, contact.id)
        wakes.schedule(ordinal, at: evaluate(contact, ordinal, in: segments.keys, at: now))
    }

    /// Sets the contact's membership of those segments.
    ///
    /// - Returns: the next instant at which one of them may change with no event.
    private mutating func evaluate(
        _ contact: Contact, _ ordinal: ContactOrdinal, in ids: some Sequence<String>, at now: Instant
    ) -> Instant? {
        var next: Instant?
        for id in ids {
            guard let state = segments[id] else { continue }
            let isMember = evaluator.isTrue(state.condition, of: contact, at: now)
            if isMember != state.members.contains(ordinal) {
                if isMember { segments[id]?.members.insert(ordinal) } else { segments[id]?.members.remove(ordinal) }
            }
            if let edge = evaluator.nextEdge(of: state.condition, contact, after: now) {
                next = min(next ?? edge, edge)
            }
        }
        return next
    }

    // MARK: Definitions

    /// Saves or replaces a segment; evaluates it, and the segments that refer to it, for every contact.
    public mutating func define(_ id: String, as condition: Condition) {
        segments[id, default: SegmentState(condition: condition)].condition = condition
        refer(to: condition, as: id)
        let affected = referring(to: id)
        for ordinal in fold.existing where !touched.contains(ordinal) {
            guard let contact = fold.contact(ordinal) else { continue }
            let edge = evaluate(contact, ordinal, in: affected, at: frontier.instant)
            wakes.bringForward(ordinal, to: edge)
        }
        advance(to: frontier.instant)
    }

    /// Removes a segment that no other refers to.
    public mutating func remove(_ id: String) {
        segments[id] = nil
        refer(to: nil, as: id)
    }

    /// Takes what conditions depend on besides contacts, such as the time zone, and all conditions as they read with
    /// it; evaluates everything anew.
    public mutating func reconfigure(_ context: EvaluationContext, conditions: [String: Condition]) {
        var context = context
        context.segments = conditions
        evaluator = ReferenceEvaluator(context: context)
        segments = conditions.mapValues { SegmentState(condition: $0) }
        touched.formUnion(fold.existing)
        advance(to: frontier.instant)
    }

    private mutating func refer(to condition: Condition?, as id: String) {
        var context = evaluator.context
        context.segments[id] = condition
        evaluator = ReferenceEvaluator(context: context)
    }

    /// The segment and all that refer to it, directly or through others.
    private func referring(to id: String) -> Set<String> {
        var found: Set<String> = [id]
        var isGrowing = true
        while isGrowing {
            let more = segments.keys.filter { other in
                !found.contains(other) && refersToAny(of: found, other)
            }
            isGrowing = !more.isEmpty
            found.formUnion(more)
        }
        return found
    }

    private func refersToAny(of ids: Set<String>, _ id: String) -> Bool {
        segments[id]?.condition.segmentReferences.contains { ids.contains($0) } ?? false
    }

    // MARK: Answers

    /// Contacts that exist at the frontier.
    public var contactCount: Int { order.count }

    /// Members of a segment; nil if there is none under that reference.
    public func count(of segment: String) -> Int? {
        segments[segment]?.members.count
    }

    /// Whether the contact is in the segment.
    public func isMember(_ contact: Identifier, of segment: String) -> Bool {
        guard let ordinal = fold.ordinal(of: contact) else { return false }
        return segments[segment]?.members.contains(ordinal) ?? false
    }

    /// The segment's members in the order of their ids' bytes.
    public mutating func members(of segment: String) -> [Contact] {
        guard let members = segments[segment]?.members else { return [] }
        return order.sorted.filter { members.contains($0.ordinal) }.compactMap { fold.contact($0.ordinal) }
    }

    /// The contacts for which a definition that was not saved is true, in the order of their ids' bytes.
    ///
    /// Evaluates every contact.
    public mutating func members(of condition: Condition) -> [Contact] {
        contacts().filter { evaluator.isTrue(condition, of: $0, at: frontier.instant) }
    }

    /// All contacts in the order of their ids' bytes.
    public mutating func contacts() -> [Contact] {
        order.sorted.compactMap { fold.contact($0.ordinal) }
    }

    /// What is visible of a contact.
    public func contact(_ id: Identifier) -> Contact? {
        fold.ordinal(of: id).flatMap { fold.contact($0) }
    }

    /// Why a condition is true or false of a contact at the frontier; an unknown contact has no history.
    ///
    /// - Parameter segmentName: what to call the segments that the condition refers to.
    public func explain(
        _ condition: Condition, contact id: Identifier, segmentName: (String) -> String
    ) -> Explanation {
        let contact = contact(id) ?? Contact(id: id, firstSeenAt: frontier.instant)
        return evaluator.explain(condition, contact, at: frontier.instant, segmentName: segmentName)
    }

    /// The next instant at which the condition's truth for the contact changes with no event, nil if never.
    public func nextChange(of condition: Condition, contact id: Identifier) -> Instant? {
        guard let contact = contact(id) else { return nil }
        let present = evaluator.isTrue(condition, of: contact, at: frontier.instant)
        var instant = frontier.instant
        for _ in 0..<Self.edgesExaminedMax {
            guard let edge = evaluator.nextEdge(of: condition, contact, after: instant) else { return nil }
            if evaluator.isTrue(condition, of: contact, at: edge) != present { return edge }
            instant = edge
        }
        return nil
    }

    /// Edges looked at for the next change; day-granular conditions have one every midnight.
    private static let edgesExaminedMax = 2_000
}
