internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// Changes of definitions: checked, looked at if they have leaves that are new, stored durably, then applied. Between
// storing and applying nothing else runs, so a definition counts from the instant it is stored with.
extension Projection {
    func save(
        name: String, description: String?, definition: JSONValue, now: @Sendable () -> Instant
    ) async throws(AudienceError) -> SegmentSnapshot {
        await whenWhole()
        let condition = try book.condition(definition, types: book.knownTypes(in: log))
        // Refused before any work is done for it, and again when it is stored.
        _ = try book.revision(of: nil, name: name, description: description, condition: condition)
        let findings = try await look(at: condition, for: name)
        let stored = try book.revision(of: nil, name: name, description: description, condition: condition)
        try store(.segment(stored, at: now()))
        install(stored.id, condition, findings)
        return try publish().segment(stored.id)
    }

    func edit(
        _ reference: String, name: String?, description: String?, definition: JSONValue?,
        now: @Sendable () -> Instant
    ) async throws(AudienceError) -> SegmentSnapshot {
        await whenWhole()
        let existing = try book.segment(reference)
        let condition =
            if let definition {
                try book.condition(definition, types: book.knownTypes(in: log))
            } else { existing.condition }
        func revision() throws(AudienceError) -> StoredSegment {
            // Others may have edited or deleted it while the records were looked at.
            let existing = try book.segment(existing.stored.id)
            return try book.revision(
                of: existing, name: name ?? existing.stored.name,
                description: description ?? existing.stored.description, condition: condition)
        }
        _ = try revision()
        let findings = try await look(at: condition, for: existing.stored.id)
        let stored = try revision()
        try store(.segment(stored, at: now()))
        if condition != existing.condition { install(stored.id, condition, findings) }
        return try publish().segment(stored.id)
    }

    func delete(_ reference: String, at now: Instant) async throws(AudienceError) {
        await whenWhole()
        let saved = try book.segment(reference)
        let referrers = book.referrers(of: saved.stored.id)
        guard referrers.isEmpty else {
            throw AudienceError(
                .segmentInUse,
                "“\(saved.stored.name)” cannot be deleted: \(referrers.map { "“\($0)”" }.joined(separator: ", ")) refer to it.",
                related: referrers)
        }
        try store(.segmentDeleted(id: saved.stored.id, at: now))
        engine.remove(saved.stored.id)
        publish()
    }

    func change(_ settings: AudienceSettings, at now: Instant) async throws(AudienceError) {
        await whenWhole()
        try settings.check()
        let context = try settings.evaluationContext(zones: zones)
        let record = DefinitionRecord.settings(settings, at: now)
        var changed = book
        try changed.apply(record)
        try store(record)
        engine.reconfigure(context, conditions: book.segments.mapValues(\.condition))
        publish()
    }

    func store(_ record: DefinitionRecord) throws(AudienceError) {
        do {
            try log.define(record.json)
        } catch {
            throw AudienceError(error)
        }
        try book.apply(record)
    }

    // MARK: Looking at all records

    /// What a look at all records found for leaves that are new, with the look.
    typealias Findings = (build: SegmentBuild, found: SegmentBuild.Findings)

    /// Looks at all records for the leaves that no segment has, while events go on; nil if there are none.
    ///
    /// - Parameter subject: the segment, or the name of a new one. A later definition for it ends an earlier look.
    private func look(at condition: Condition, for subject: String) async throws(AudienceError) -> Findings? {
        builds.cancel(subject)
        guard let build = engine.prepare(condition) else { return nil }
        let progress = builds.begin(subject, segment: book.name(of: subject), contactCount: build.contactCount)
        let found = await Task.detached {
            build.run(progress: { progress.advance(to: $0) }, isCancelled: { progress.isCancelled })
        }.value
        await whenWhole()
        builds.end(subject, progress)
        guard let found, !progress.isCancelled else {
            engine.abandon(build)
            throw AudienceError(
                .superseded, "A later definition took the place of this one before it was saved; nothing was stored.")
        }
        return (build, found)
    }

    private func install(_ id: String, _ condition: Condition, _ findings: Findings?) {
        if let findings {
            engine.install(findings.build, findings: findings.found, as: id)
        } else {
            engine.define(id, as: condition)
        }
    }
}
