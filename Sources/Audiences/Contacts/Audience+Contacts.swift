internal import EventLog
internal import SegmentEngine
public import SegmentModel

// One contact with its past and what lies ahead: replayed from its own events in the log.
extension Audience {
    /// What is known of a contact: what is visible, its segments since when, what is pending and what will come of it.
    ///
    /// - Parameter segment: the segment, by name or id, after which the page of segments starts.
    public func contact(
        _ id: Identifier, segmentsAfter segment: String? = nil
    ) async throws(AudienceError) -> ContactSnapshot {
        let snapshot = await snapshot()
        let past = try await past(of: id, in: snapshot)
        let page = try snapshot.membershipPage(of: id, after: segment)
        var replay = ContactReplay(
            id, events: past.visible, zones: projection.zones, presentRules: snapshot.engine.zone)
        replay.pass(try steps(concerning: page.labels, in: snapshot))
        replay.advance(to: snapshot.frontier)
        return ContactSnapshot(
            frontier: snapshot.frontier, contact: past.contact,
            segments: page.labels.compactMap { label in
                replay.standings[label.id].map {
                    ContactMembership(segment: label, since: $0.since, cause: $0.cause)
                }
            },
            segmentCount: page.count, nextSegment: page.next,
            pending: Array(past.pending.prefix(ContactSnapshot.pendingMax)), pendingCount: past.pending.count,
            coming: coming(&replay, past, in: snapshot))
    }

    /// Why the contact is, or is not, in the segment, and what would change that.
    public func explain(_ reference: String, contact id: Identifier) async throws(AudienceError) -> SegmentExplanation {
        let snapshot = await snapshot()
        let saved = try snapshot.book.segment(reference)
        let past = try await past(of: id, in: snapshot)
        let origins = ContactOrigins(of: id, from: past.visible)
        let isMember = snapshot.engine.isMember(id, of: saved.stored.id)
        return SegmentExplanation(
            frontier: snapshot.frontier, segment: saved.label, contact: id, isMember: isMember,
            explanation: snapshot.engine.explain(saved.condition, contact: id, origins: origins) {
                snapshot.book.name(of: $0)
            },
            nextChange: nextChange(of: saved, past, isMember: isMember, in: snapshot),
            wouldEnter: isMember || past.contact == nil
                ? nil : snapshot.engine.smallestChange(entering: saved.condition, contact: id),
            pending: past.pending.count, zone: snapshot.engine.zone)
    }

    // MARK: The past

    /// What the log has about a contact.
    struct Past {
        /// As the visible events leave it.
        var contact: Contact?
        /// The events its fold depends on, up to the snapshot's.
        var visible: [LoggedEvent]
        /// The same after those.
        var later: ArraySlice<LoggedEvent>
        /// Those of the later ones that name the contact.
        var pending: [LoggedEvent]
    }

    /// One contact at a time is looked up: the first look reads the whole log, and must not take every thread there is.
    private func past(of id: Identifier, in snapshot: AudienceSnapshot) async throws(AudienceError) -> Past {
        await lookups.begin()
        let log = log
        let found = await Task.detached { Result { () throws(LogError) in try log.events(of: id) } }.value
        lookups.end()
        let events: [LoggedEvent]
        do {
            events = try found.get()
        } catch {
            throw AudienceError(error)
        }
        let visible = events.prefix { $0.sequence <= snapshot.engine.sequence }
        let later = events.dropFirst(visible.count)
        let past = Past(
            contact: snapshot.engine.contact(id), visible: Array(visible), later: later,
            pending: later.filter { $0.event.fact.contact == id })
        guard past.contact != nil || !past.pending.isEmpty else {
            throw AudienceError(.contactNotFound, "There is no contact “\(id)”, and no pending event names it.")
        }
        return past
    }

    /// The definitions up to the snapshot that these segments depend on; none counts from later than its frontier.
    private func steps(
        concerning labels: [SegmentLabel], in snapshot: AudienceSnapshot
    ) throws(AudienceError) -> [DefinitionTimeline.Step] {
        try timeline.steps(snapshot.book.recordCount, of: log).concerning(Set(labels.map(\.id))).map { step in
            DefinitionTimeline.Step(instant: min(step.instant, snapshot.frontier), change: step.change)
        }
    }

    // MARK: What lies ahead

    private func coming(
        _ replay: inout ContactReplay, _ past: Past, in snapshot: AudienceSnapshot
    ) -> [ComingChange] {
        replay.forecast(
            past.later, snapshot.book.segments.mapValues(\.condition), settings: snapshot.book.settings,
            limit: ContactSnapshot.comingMax
        ).compactMap { change in
            snapshot.book.segments[change.segment].map {
                ComingChange(
                    segment: $0.label, isEntered: change.isEntered, instant: change.instant, cause: change.cause)
            }
        }
    }

    /// The next change: that of time alone, or an earlier one that a pending event brings.
    private func nextChange(
        of saved: DefinitionBook.Saved, _ past: Past, isMember: Bool, in snapshot: AudienceSnapshot
    ) -> NextChange? {
        let byTime = snapshot.engine.nextChange(of: saved.condition, contact: past.contact?.id)
        guard let first = past.later.first, byTime.map({ first.visibleAt <= $0.at }) ?? true else { return byTime }
        guard let id = past.contact?.id ?? past.pending.first?.event.fact.contact else { return byTime }
        var replay = ContactReplay(
            id, events: past.visible, zones: projection.zones, presentRules: snapshot.engine.zone)
        replay.advance(to: snapshot.frontier)
        let conditions = snapshot.book.conditions(neededBy: saved.stored.id)
        let changes = replay.forecast(
            past.later, conditions, settings: snapshot.book.settings, limit: ContactSnapshot.comingMax)
        if let change = changes.first(where: { $0.segment == saved.stored.id }) {
            return explained(change, saved, past, in: snapshot)
        }
        return nextChangeAfterPending(saved, past, in: snapshot)
    }

    /// The words for a change that comes while events are pending.
    private func explained(
        _ change: ContactReplay.Change, _ saved: DefinitionBook.Saved, _ past: Past, in snapshot: AudienceSnapshot
    ) -> NextChange? {
        if let sequence = change.cause.sequence, let event = past.later.first(where: { $0.sequence == sequence }) {
            return NextChange(
                at: change.instant, becomesTrue: change.isEntered,
                because: "the pending \(event.event.fact.type) becomes visible", sequence: sequence)
        }
        let before = past.later.prefix { $0.visibleAt < change.instant }
        guard let contact = folded(past.visible + before, past) else { return nil }
        return snapshot.engine.nextChange(
            of: saved.condition, contact: contact, after: change.instant.advanced(byMicroseconds: -1))
    }

    /// The next change of time alone once everything pending is visible.
    private func nextChangeAfterPending(
        _ saved: DefinitionBook.Saved, _ past: Past, in snapshot: AudienceSnapshot
    ) -> NextChange? {
        guard let last = past.later.last, let contact = folded(past.visible + past.later, past) else { return nil }
        return snapshot.engine.nextChange(
            of: saved.condition, contact: contact, after: max(last.visibleAt, snapshot.frontier))
    }

    private func folded(_ events: [LoggedEvent], _ past: Past) -> Contact? {
        (past.contact?.id ?? past.pending.first?.event.fact.contact).flatMap {
            ReferenceFold.contacts(from: events)[$0]
        }
    }
}

extension DefinitionBook {
    /// The condition of a segment, and those of all that it refers to.
    func conditions(neededBy id: String) -> [String: Condition] {
        var needed: [String: Condition] = [:]
        var waiting = [id]
        while let next = waiting.popLast() {
            guard needed[next] == nil, let condition = segments[next]?.condition else { continue }
            needed[next] = condition
            waiting += condition.segmentReferences
        }
        return needed
    }
}

extension AudienceSnapshot {
    /// A page of the segments that a contact is in, by name, from the one after `reference`.
    fileprivate func membershipPage(
        of id: Identifier, after reference: String?
    ) throws(AudienceError) -> (labels: [SegmentLabel], count: Int, next: String?) {
        let all = engine.segments(of: id).compactMap { book.segments[$0]?.label }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        var rest = all[...]
        if let reference {
            let after = try book.segment(reference).label
            rest = rest.drop { ($0.name, $0.id) <= (after.name, after.id) }
        }
        let page = rest.prefix(ContactSnapshot.segmentsMax)
        return (Array(page), all.count, page.count < rest.count ? page.last?.id : nil)
    }
}
