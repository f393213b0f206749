internal import Audiences
internal import RandomWorlds
internal import SegmentEngine
internal import SegmentModel

extension World {
    /// What must be true of an audience at any time.
    ///
    /// - Parameter isWhole: whether what costs more is looked at too.
    func check(_ id: String, isWhole: Bool) async throws {
        let audience = try audience(id)
        guard var model = expected[id] else { return }
        let status = await audience.status()
        try requireEqual(status.frontier, model.frontier, "the frontier moves with ticks and definitions alone", id)
        let visible = model.visibleCount
        try requireEqual(status.lastSequence, UInt64(model.events.count), "acknowledged events are present", id)
        try requireEqual(status.appliedSequence, UInt64(visible), "what is visible is applied, and nothing else", id)
        try requireEqual(status.pending, model.events.count - visible, "what is pending is counted", id)
        try requireEqual(status.contacts, model.visibleContacts().count, "contacts are counted", id)
        try requireEqual(audience.settings(), model.settings, "settings are as acknowledged", id)
        try await checkSegments(audience, &model)
        expected[id] = model
        guard isWhole else { return }
        try checkEvents(audience, model)
        try await checkRevisions(audience, model)
        try await checkLists(audience, model)
    }

    private func checkSegments(_ audience: Audience, _ model: inout ExpectedAudience) async throws {
        let segments = await audience.segments()
        try requireEqual(
            segments.map(\.id).sorted(), model.segments.keys.sorted(), "segments are those acknowledged", model.id)
        let context = try context(of: model)
        let evaluator = ReferenceEvaluator(context: context)
        let contacts = model.visibleContacts()
        var members: [String: Set<Identifier>] = [:]
        for segment in segments {
            guard let saved = model.segments[segment.id] else { continue }
            let place = "\(model.id), \(segment.id) at \(model.frontier)"
            try requireEqual(segment.name, saved.present.name, "definitions are as acknowledged", place)
            try requireEqual(segment.revision, saved.revisions.count, "revisions are as acknowledged", place)
            let page = try await audience.members(of: segment.id)
            let found = page.members.map(\.contact)
            let truth = contacts.filter { evaluator.isTrue(saved.present.condition, of: $0, at: model.frontier) }
            try requireEqual(found, truth.map(\.id), "members are the reference's", "\(place): \(segment.sentence)")
            try requireEqual(page.count, found.count, "counts are the members'", place)
            try requireEqual(segment.count, found.count, "counts are the members'", place)
            try requireEqual(page.frontier, model.frontier, "every answer names its frontier", place)
            members[segment.id] = Set(found)
            tally.comparisons += 1
        }
        try fold(await audience.takeChanges(), members, &model)
    }

    /// Folds the changes since the last look: they make the members.
    private func fold(
        _ changes: [MembershipChange], _ members: [String: Set<Identifier>], _ model: inout ExpectedAudience
    ) throws {
        for change in changes {
            let isNews =
                change.isEntered
                ? model.folded[change.segment, default: []].insert(change.contact).inserted
                : model.folded[change.segment]?.remove(change.contact) != nil
            try require(isNews, "a change changes something", "\(model.id): \(change)")
            try require(
                change.instant >= model.lastChangeAt && change.instant <= model.frontier,
                "changes come in the order of their instants", "\(model.id): \(change) after \(model.lastChangeAt)")
            model.lastChangeAt = change.instant
            try require(names(change, model), "a change names its cause", "\(model.id): \(change)")
        }
        // Those up to the last change of a definition were passed under what it was before.
        let edge = changes.first { $0.cause == .windowEdge && $0.instant > model.lastDefinitionAt }
        if isTicking, let edge { try check(edge, of: model) }
        for (segment, found) in members {
            try requireEqual(
                model.folded[segment, default: []].sorted(), found.sorted(), "changes fold to members",
                "\(model.id), \(segment)")
        }
        model.folded = model.folded.filter { members[$0.key] != nil || !$0.value.isEmpty }
        if let left = model.folded.keys.sorted().first(where: { members[$0] == nil }) {
            throw Violation("changes fold to members", "\(model.id), \(left) is deleted and has members")
        }
    }

    /// Whether the event that a change names as its cause is there, became visible at that instant, and is about the contact
    /// or about an order that was somebody else's.
    private func names(_ change: MembershipChange, _ model: ExpectedAudience) -> Bool {
        let sequence: UInt64
        switch change.cause {
        case .event(let number), .erasure(let number): sequence = number
        case .windowEdge, .definition: return true
        }
        guard sequence >= 1, sequence <= model.events.count else { return false }
        let event = model.events[Int(sequence) - 1]
        guard event.visibleAt == change.instant else { return false }
        switch (event.event.fact, change.cause) {
        case (.contactErased(let contact), .erasure): return contact == change.contact
        case (_, .erasure), (.contactErased, _): return false
        case (.orderPlaced, _), (.orderChanged, _), (.orderCancelled, _), (.orderRefunded, _): return true
        case (let fact, _): return fact.contact == change.contact
        }
    }

    /// A window's edge moves a contact at its instant, not a microsecond earlier, and no event does.
    private func check(_ edge: MembershipChange, of model: ExpectedAudience) throws {
        guard let condition = model.segments[edge.segment]?.present.condition else { return }
        let events = model.events.prefix { $0.visibleAt < edge.instant }
        let contact = ReferenceFold.contacts(from: Array(events))[edge.contact]
        let evaluator = ReferenceEvaluator(context: try context(of: model))
        for (instant, isMember) in [
            (edge.instant.advanced(byMicroseconds: -1), !edge.isEntered), (edge.instant, edge.isEntered),
        ] {
            let truth = contact.map { evaluator.isTrue(condition, of: $0, at: instant) } ?? false
            try requireEqual(
                truth, isMember, "edges are passed at their instants, without an event", "\(model.id): \(edge)")
        }
    }

    private func context(of model: ExpectedAudience) throws -> EvaluationContext {
        EvaluationContext(
            zone: try zone(model.settings.timezone), currency: model.settings.currency,
            countedStatuses: model.settings.countedStatuses, fieldTypes: model.settings.fieldTypes,
            segments: model.segments.mapValues(\.present.condition))
    }

    /// The reference's members of a condition at the audience's frontier, sorted by id.
    func members(of condition: Condition, in model: inout ExpectedAudience) throws -> [Contact] {
        let evaluator = ReferenceEvaluator(context: try context(of: model))
        let frontier = model.frontier
        return model.visibleContacts().filter { evaluator.isTrue(condition, of: $0, at: frontier) }
    }

    private func checkRevisions(_ audience: Audience, _ model: ExpectedAudience) async throws {
        for (id, segment) in model.segments.sorted(by: { $0.key < $1.key }) {
            let page = try await audience.revisions(of: id, limit: Self.contactsMax)
            let found = try page.revisions.reversed().map { revision in
                ExpectedSegment.Revision(name: revision.name, condition: try model.condition(revision.definition))
            }
            try requireEqual(
                found.map(\.name), segment.revisions.map(\.name), "revisions are as acknowledged", "\(model.id), \(id)")
            for (stored, expected) in zip(found, segment.revisions) {
                try requireEqual(
                    stored.condition.json.text, expected.condition.json.text, "revisions are as acknowledged",
                    "\(model.id), \(id)")
            }
        }
    }

    private func checkLists(_ audience: Audience, _ model: ExpectedAudience) async throws {
        let page = try await audience.recipientLists(limit: Self.contactsMax)
        try requireEqual(
            page.lists, model.lists.map(\.list).reversed(), "recipient lists never change", model.id)
        let erasures = model.erasingSince == nil ? [:] : model.erasures(through: UInt64(model.events.count))
        for expected in model.lists {
            let found = try await recipients(of: expected.list, audience)
            // A pass that was cut short has blanked some lists, and not others.
            let left = expected.recipients.filter { recipient in
                found.contains(recipient) || erasures[recipient.contact] ?? 0 <= expected.list.sequence
            }
            try requireEqual(
                found, left, "recipient lists never change", "\(model.id), \(expected.list.campaign)")
        }
    }

    /// The log has every event, or, of contacts that were erased since, what takes an event's place.
    func checkEvents(_ audience: Audience, _ model: ExpectedAudience) throws {
        let place = "\(model.id), event"
        let stored = try audience.storedEvents()
        try requireEqual(
            stored.map(\.sequence), model.events.map(\.sequence), "acknowledged events are present, each once", model.id
        )
        let possible = model.erasingSince == nil ? [:] : model.erasures(through: UInt64(model.events.count))
        let certain = model.erasures(through: model.erasedThrough)
        for (found, event) in zip(stored, model.events) {
            let contact = event.event.fact.contact
            guard found.event.isErased else {
                try requireEqual(found, event, "acknowledged events are present, and no others", place)
                let isGone = contact.flatMap { certain[$0] }.map { $0 >= event.sequence } ?? false
                try require(!isGone, "nothing is left of erased contacts", "\(place) \(event.sequence)")
                continue
            }
            // Cancellations name an order, whose contact may have been erased.
            let isErased = contact.map { possible[$0] ?? 0 >= event.sequence } ?? !possible.isEmpty
            try require(
                isErased && found.recordedAt == event.recordedAt && found.visibleAt == event.visibleAt
                    && (contact == nil || found.event.fact.contact != contact),
                "a hole is where an erased contact's event was", "\(place) \(event.sequence): \(found)")
        }
    }

    /// A list that was acknowledged can be read.
    func recipients(of list: RecipientList, _ audience: Audience) async throws -> [Member] {
        do {
            return try await audience.recipients(of: list.campaign, limit: Self.contactsMax).recipients
        } catch {
            throw Violation("recipient lists never change", error.message)
        }
    }

    /// What the world looks like now, in sixteen digits.
    func digest() async throws -> String {
        var fingerprint = Fingerprint()
        for id in expected.keys.sorted() {
            fingerprint.take("\(id) \(expected[id]?.frontier.microseconds ?? 0) \(expected[id]?.events.count ?? 0)")
            for (segment, members) in (expected[id]?.folded ?? [:]).sorted(by: { $0.key < $1.key }) {
                fingerprint.take(segment)
                for member in members.sorted() { fingerprint.take(member.text) }
            }
        }
        return fingerprint.text
    }
}
