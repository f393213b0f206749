internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// Questions, answered as of the frontier.
extension AudienceSnapshot {
    func status(
        builds: [SegmentBuildStatus], reruns: [RerunStatus], erasures: ErasureStatus
    ) -> AudienceStatus {
        let last = log.tail.sequence
        return AudienceStatus(
            frontier: frontier, lastSequence: last, appliedSequence: engine.sequence,
            pending: Int(last - engine.sequence), contacts: engine.contactCount, segments: book.segments.count,
            builds: builds, reruns: reruns, erasures: erasures)
    }

    func pending(limit: Int) throws(AudienceError) -> PendingEvents {
        let tail = log.tail
        let events = try pendingEvents(limit: max(limit, 1))
        return PendingEvents(
            frontier: frontier, count: Int(tail.sequence - engine.sequence), nextVisibleAt: events.first?.visibleAt,
            lastVisibleAt: events.isEmpty ? nil : tail.visibleAt, events: Array(events.prefix(limit)))
    }

    func review(_ definition: JSONValue, sample: Int, editing reference: String?) throws(AudienceError) -> Review {
        let edited = if let reference { try book.segment(reference, at: "/segment").stored.id } else { String?.none }
        return try review(try book.condition(definition, types: knownTypes), sample: sample, editing: edited)
    }

    /// - Parameters:
    ///   - edited: the id of the segment whose condition it is to become.
    ///   - isPrebuilt: whether that is a prebuilt one, which plans and integrations do not limit.
    func review(
        _ condition: Condition, sample: Int, editing edited: String?, isPrebuilt: Bool = false
    ) throws(AudienceError) -> Review {
        if !isPrebuilt { try book.settings.plan.check(condition) }
        let missing = isPrebuilt ? [] : missingCapabilityWarnings(of: condition)
        let members = engine.members(of: condition)
        return Review(
            definition: condition.mappingSegments { book.name(of: $0) }.json, sentence: sentence(of: condition),
            count: members.count, contacts: engine.contactCount, sample: engine.page(of: members, limit: sample),
            conditions: condition.conditionCount, depth: condition.depth, frontier: frontier,
            lints: missing + lints(of: condition, editing: edited), cost: cost(of: condition))
    }

    func segments() -> [SegmentSnapshot] {
        book.segments.values.map { snapshot(of: $0) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    func segment(_ reference: String) throws(AudienceError) -> SegmentSnapshot {
        snapshot(of: try book.segment(reference))
    }

    func members(of reference: String, after: Identifier?, limit: Int?) throws(AudienceError) -> MemberPage {
        let id = try book.segment(reference).stored.id
        guard let members = engine.members(of: id) else {
            return MemberPage(frontier: frontier, count: 0, members: [], next: nil)
        }
        let (page, next) = page(of: members, after: after, limit: limit)
        return MemberPage(frontier: frontier, count: members.count, members: page, next: next)
    }

    func contacts(_ query: ContactQuery, after: Identifier?, limit: Int) throws(AudienceError) -> ContactPage {
        let members = try contacts(of: query)
        let (page, next) = page(of: members, idPrefix: query.idPrefix ?? "", after: after, limit: limit)
        let count = query.idPrefix.map { engine.count(of: members, idPrefix: $0) } ?? members.count
        return ContactPage(frontier: frontier, count: count, contacts: page, next: next)
    }

    /// The contacts that a query selects, whatever their ids begin with.
    private func contacts(of query: ContactQuery) throws(AudienceError) -> MemberSet {
        var members = engine.everyone
        if let segment = query.segment {
            members = engine.members(of: try book.segment(segment).stored.id) ?? members
        }
        if let prefix = query.emailPrefix, !prefix.isEmpty {
            members = engine.members(of: members, emailPrefix: prefix)
        }
        return members
    }

    func snapshot(of saved: DefinitionBook.Saved) -> SegmentSnapshot {
        SegmentSnapshot(
            id: saved.stored.id, name: saved.stored.name, description: saved.stored.description,
            definition: saved.condition.mappingSegments { book.name(of: $0) }.json,
            sentence: sentence(of: saved.condition), automation: saved.stored.automation,
            revision: saved.stored.revision, createdAt: saved.createdAt,
            changedAt: saved.changedAt, count: engine.count(of: saved.stored.id) ?? 0, frontier: frontier,
            origin: saved.stored.origin, fit: book.fits[saved.stored.id].map(FitSnapshot.init),
            isFitted: saved.stored.fit != nil, lastSent: book.recipients.last(of: saved.stored.id))
    }

    private func sentence(of condition: Condition) -> String {
        condition.sentence { book.name(of: $0) }
    }

    /// A page, and where the next one starts.
    private func page(
        of members: MemberSet, idPrefix: String = "", after: Identifier?, limit: Int?
    ) -> (page: [Member], next: Identifier?) {
        // One more than asked for tells whether there is a next page.
        let found = engine.page(
            ofRecipients: members, idPrefix: idPrefix, after: after, limit: limit.map { $0 + 1 } ?? .max)
        let page = found.prefix(limit ?? found.count).map { Member(contact: $0.contact, email: $0.email) }
        return (page, page.count < found.count ? page.last?.contact : nil)
    }

    private func pendingEvents(limit: Int) throws(AudienceError) -> [LoggedEvent] {
        do {
            return try log.read(from: engine.sequence + 1, countMax: limit)
        } catch {
            throw AudienceError(error)
        }
    }
}
