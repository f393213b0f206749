internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// Questions, answered as of the frontier.
extension Projection {
    func status() -> AudienceStatus {
        let last = log.tail.sequence
        return AudienceStatus(
            frontier: frontier, lastSequence: last, appliedSequence: engine.sequence,
            pending: Int(last - engine.sequence), contacts: engine.contactCount, segments: book.segments.count)
    }

    func pending(limit: Int) throws(AudienceError) -> PendingEvents {
        let tail = log.tail
        let events = try pendingEvents(limit: max(limit, 1))
        return PendingEvents(
            frontier: frontier, count: Int(tail.sequence - engine.sequence), nextVisibleAt: events.first?.visibleAt,
            lastVisibleAt: events.isEmpty ? nil : tail.visibleAt, events: Array(events.prefix(limit)))
    }

    func review(_ definition: JSONValue, sample: Int) throws(AudienceError) -> Review {
        let condition = try book.condition(definition, types: knownTypes)
        try book.settings.plan.check(condition)
        let members = engine.members(of: condition)
        return Review(
            definition: condition.mappingSegments { book.name(of: $0) }.json, sentence: sentence(of: condition),
            count: members.count, contacts: engine.contactCount, sample: members.prefix(sample).map(\.id),
            conditions: condition.conditionCount, depth: condition.depth, frontier: frontier)
    }

    func segments() -> [SegmentSnapshot] {
        book.segments.values.map { snapshot(of: $0) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    func segment(_ reference: String) throws(AudienceError) -> SegmentSnapshot {
        snapshot(of: try book.segment(reference))
    }

    func members(of reference: String, after: Identifier?, limit: Int?) throws(AudienceError) -> MemberPage {
        let members = engine.members(of: try book.segment(reference).stored.id)
        let (page, next) = Self.page(of: members, after: after, limit: limit)
        return MemberPage(frontier: frontier, count: members.count, members: page, next: next)
    }

    func contacts(after: Identifier?, limit: Int) -> ContactPage {
        let contacts = engine.contacts()
        let (page, next) = Self.page(of: contacts, after: after, limit: limit)
        return ContactPage(frontier: frontier, count: contacts.count, contacts: page, next: next)
    }

    func contact(_ id: Identifier) throws(AudienceError) -> ContactSnapshot {
        let contact = engine.contact(id)
        let pending = try pendingEvents(of: id)
        guard contact != nil || !pending.isEmpty else { throw Self.noContact(id) }
        let segments = book.segments.values.filter { engine.isMember(id, of: $0.stored.id) }
        return ContactSnapshot(
            frontier: frontier, contact: contact, segments: segments.map(\.label).sorted { $0.name < $1.name },
            pending: Array(pending.prefix(Self.pendingShownMax)))
    }

    func explain(_ reference: String, contact id: Identifier) throws(AudienceError) -> SegmentExplanation {
        let saved = try book.segment(reference)
        let pending = try pendingEvents(of: id)
        guard engine.contact(id) != nil || !pending.isEmpty else { throw Self.noContact(id) }
        return SegmentExplanation(
            frontier: frontier, segment: saved.label, contact: id, isMember: engine.isMember(id, of: saved.stored.id),
            explanation: engine.explain(saved.condition, contact: id) { book.name(of: $0) },
            nextChangeAt: engine.nextChange(of: saved.condition, contact: id), pending: pending.count)
    }

    func snapshot(of saved: DefinitionBook.Saved) -> SegmentSnapshot {
        SegmentSnapshot(
            id: saved.stored.id, name: saved.stored.name, description: saved.stored.description,
            definition: saved.condition.mappingSegments { book.name(of: $0) }.json,
            sentence: sentence(of: saved.condition), revision: saved.stored.revision, createdAt: saved.createdAt,
            changedAt: saved.changedAt, count: engine.count(of: saved.stored.id) ?? 0, frontier: frontier)
    }

    private func sentence(of condition: Condition) -> String {
        condition.sentence { book.name(of: $0) }
    }

    private static let pendingShownMax = 100

    private static func noContact(_ id: Identifier) -> AudienceError {
        AudienceError(.contactNotFound, "There is no contact “\(id)”, and no pending event names it.")
    }

    private static func page(
        of contacts: [Contact], after: Identifier?, limit: Int?
    ) -> (page: [Member], next: Identifier?) {
        let start = after.map { after in contacts.firstIndex { $0.id > after } ?? contacts.endIndex } ?? 0
        let rest = contacts[start...]
        let page = rest.prefix(limit ?? rest.count)
        let next = page.count < rest.count ? page.last?.id : nil
        return (page.map(Member.init), next)
    }
}

extension Member {
    fileprivate init(_ contact: Contact) {
        var email: String?
        if case .text(let text)? = contact.attributes[.known(.email)] { email = text }
        self.init(contact: contact.id, email: email)
    }
}
