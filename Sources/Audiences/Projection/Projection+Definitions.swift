internal import EventLog
internal import SegmentEngine
internal import SegmentModel
internal import Synchronization

/// What a new segment is made of.
enum DefinitionSource {
    case definition(JSONValue)
    /// A template by its name, with an object of parameters.
    case template(String, parameters: JSONValue?)

    func template(among templates: [SegmentTemplate]) throws(AudienceError) -> FilledTemplate? {
        guard case .template(let name, let parameters) = self else { return nil }
        let template = try templates.template(name)
        return template.filled(try template.values(parameters), isPrebuilt: false)
    }
}

// Changes of definitions: checked, looked at if they have leaves that are new, stored durably, then applied. Between
// storing and applying nothing else runs, so a definition counts from the instant it is stored with.
extension Projection {
    /// - Parameter target: how far the frontier may go; asked when everything else is done, so that the definition
    ///   counts from when it is saved.
    func save(
        _ name: String, description: String?, _ source: DefinitionSource, automation: Bool,
        target: @Sendable () -> Instant
    ) async throws(AudienceError) -> SegmentSnapshot {
        await whenWhole()
        let settings = book.settings
        let template = try source.template(among: provisions.templates)
        let fit = await values(of: template?.fit)
        let draft = RevisionDraft(
            name: name, description: description?.isEmpty == true ? nil : description ?? template?.description,
            condition: try condition(of: source, template, fit), automation: automation, template: template)
        try checkCapabilities(for: draft.condition)
        // Refused before any work is done for it, and again when it is stored.
        _ = try book.revision(of: nil, as: draft)
        let findings = try await look(at: draft.condition, for: name)
        defer { letGo(of: findings) }
        try await move(to: target)
        try checkUnchanged(since: settings)
        let stored = try book.revision(of: nil, as: draft)
        try store(records(of: stored, fit))
        install(stored.id, draft.condition, findings)
        return try publish().segment(stored.id)
    }

    /// - Parameter target: as for `save`.
    func edit(
        _ reference: String, _ change: SegmentChange, target: @Sendable () -> Instant
    ) async throws(AudienceError) -> SegmentEdit {
        await whenWhole()
        let existing = try book.segment(reference)
        let id = existing.stored.id
        let settings = book.settings
        let template = try book.template(of: change, for: existing, among: provisions.templates)
        let fit = await values(of: template?.fit)
        let read = try book.read(
            change, of: existing, types: book.knownTypes(in: log), template: template, fit: fit?.values ?? [:])
        if let condition = read.condition, condition != existing.condition, !existing.stored.isPrebuilt {
            try checkCapabilities(for: condition)
        }
        // Refused before any work is done for it, and again when it is stored: others may have edited or deleted it.
        _ = try book.revise(id, read)
        let findings =
            if let condition = read.condition {
                try await look(at: condition, for: id)
            } else { Findings?.none }
        defer { letGo(of: findings) }
        try await move(to: target)
        try checkUnchanged(since: settings)
        let (present, stored, condition) = try book.revise(id, read)
        if change.parameters != nil, present.stored.revision != existing.stored.revision {
            throw AudienceError(
                .superseded, "Another edit came before these parameters were saved; nothing was stored.")
        }
        let before = engine.snapshot().members(of: id)
        try store(records(of: stored, fit))
        if condition != present.condition { install(id, condition, findings) }
        let snapshot = publish()
        let after = snapshot.engine.members(of: id)
        let difference = before.flatMap { before in after.map { MembershipDifference(from: before, to: $0) } }
        return SegmentEdit(
            segment: try snapshot.segment(id), entered: difference?.entering.count ?? 0,
            left: difference?.leaving.count ?? 0, stayed: difference?.staying.count ?? 0)
    }

    /// Deletes segments, all or none.
    func delete(_ references: [String], target: @Sendable () -> Instant) async throws(AudienceError) -> SegmentDeletion
    {
        await whenWhole()
        for segment in try book.deletion(of: references) { try segment.checkIsDeletable(provisions.templates) }
        try await move(to: target)
        let segments = try book.deletion(of: references)
        let counts = engine.snapshot()
        let deleted = segments.map {
            DeletedSegment(segment: $0.label, count: counts.count(of: $0.stored.id) ?? 0)
        }
        try store(segments.map { .segmentDeleted(id: $0.stored.id, at: frontier) })
        for segment in segments { engine.remove(segment.stored.id) }
        return SegmentDeletion(
            frontier: publish().frontier, segments: deleted.sorted { $0.segment.name < $1.segment.name })
    }

    private func condition(
        of source: DefinitionSource, _ template: FilledTemplate?, _ fit: FoundFit?
    ) throws(AudienceError) -> Condition {
        let types = book.knownTypes(in: log)
        if case .definition(let definition) = source { return try book.condition(definition, types: types) }
        return try template.map { (template) throws(AudienceError) in
            try book.condition(template, fit: fit?.values ?? [:], types: types)
        } ?? .nobody
    }

    /// The records that make a segment what it is to be; values that were found for it count with it.
    private func records(of stored: StoredSegment, _ fit: FoundFit?) -> [DefinitionRecord] {
        let segment = DefinitionRecord.segment(stored, at: frontier)
        guard let fit else { return [segment] }
        note(fit, for: stored)
        guard fit.values != book.fits[stored.id]?.values ?? [:] else { return [segment] }
        return [segment, .fit(fit.stored(for: stored.id, at: frontier))]
    }

    /// A definition is read with the settings there are; while records are looked at for it, others may come.
    private func checkUnchanged(since settings: AudienceSettings) throws(AudienceError) {
        guard book.settings != settings else { return }
        throw AudienceError(
            .superseded, "The audience's settings were changed before this definition was saved; nothing was stored.")
    }

    /// Moves the frontier as far as it may go. What follows without a pause happens at the frontier.
    private func move(to target: @Sendable () -> Instant) async throws(AudienceError) {
        try await reach(target())
        try stand(at: target())
    }

    /// - Parameter target: as for `save`.
    func change(_ settings: AudienceSettings, target: @Sendable () -> Instant) async throws(AudienceError) {
        await whenWhole()
        try settings.check()
        // Refused before any work is done for them; the rules may be others once it is done.
        _ = try settings.evaluationContext(zones: zones)
        try await move(to: target)
        let context = try settings.evaluationContext(zones: zones)
        try store([.settings(settings, at: frontier)])
        self.settings.withLock { $0 = settings }
        note(context.zone)
        engine.reconfigure(context, conditions: book.segments.mapValues(\.condition))
        forgetFitChecks()
        publish()
    }

    /// Stores records, all or none, and applies them; records that cannot be applied are not stored.
    func store(_ records: [DefinitionRecord]) throws(AudienceError) {
        var changed = book
        for record in records { try changed.apply(record) }
        do {
            try log.define(records.map(\.json))
        } catch {
            throw AudienceError(error)
        }
        book = changed
    }

    // MARK: Looking at all records

    /// What a look at all records found for leaves that are new, with the look.
    ///
    /// With the number of the engine whose records were looked at.
    typealias Findings = (build: SegmentBuild, found: SegmentBuild.Findings, engine: Int)

    /// Looks at all records for the leaves that no segment has, while events go on; nil if there are none.
    ///
    /// - Parameter subject: the segment, or the name of a new one. A later definition for it ends an earlier look.
    func look(at condition: Condition, for subject: String) async throws(AudienceError) -> Findings? {
        builds.cancel(subject)
        guard let build = engine.prepare(condition) else { return nil }
        let number = engineNumber
        let progress = builds.begin(subject, segment: book.name(of: subject), contactCount: build.contactCount)
        let found = await Task.detached {
            build.run(progress: { progress.advance(to: $0) }, isCancelled: { progress.isCancelled })
        }.value
        await whenWhole()
        builds.end(subject, progress)
        guard let found, !progress.isCancelled else {
            if number == engineNumber { engine.abandon(build) }
            throw AudienceError(
                .superseded, "A later definition took the place of this one before it was saved; nothing was stored.")
        }
        return (build, found, number)
    }

    /// Leaves nothing of a look behind, also if the definition was refused after it; it may have been installed.
    private func letGo(of findings: Findings?) {
        if let findings, findings.engine == engineNumber { engine.abandon(findings.build) }
    }

    func install(_ id: String, _ condition: Condition, _ findings: Findings?) {
        if let findings, findings.engine == engineNumber {
            engine.install(findings.build, findings: findings.found, as: id)
        } else {
            engine.define(id, as: condition)
        }
    }
}
