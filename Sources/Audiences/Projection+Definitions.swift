internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// Changes of definitions: checked, stored durably, then applied; nothing else runs in between.
extension Projection {
    func save(
        name: String, description: String?, definition: JSONValue, at now: Instant
    ) throws(AudienceError) -> SegmentSnapshot {
        let condition = try book.condition(definition, types: knownTypes)
        let stored = try book.revision(of: nil, name: name, description: description, condition: condition)
        try store(.segment(stored, at: now))
        engine.define(stored.id, as: condition)
        return snapshot(of: try book.segment(stored.id))
    }

    func edit(
        _ reference: String, name: String?, description: String?, definition: JSONValue?, at now: Instant
    ) throws(AudienceError) -> SegmentSnapshot {
        let existing = try book.segment(reference)
        let condition =
            if let definition { try book.condition(definition, types: knownTypes) } else { existing.condition }
        let stored = try book.revision(
            of: existing, name: name ?? existing.stored.name, description: description ?? existing.stored.description,
            condition: condition)
        try store(.segment(stored, at: now))
        if condition != existing.condition { engine.define(stored.id, as: condition) }
        return snapshot(of: try book.segment(stored.id))
    }

    func delete(_ reference: String, at now: Instant) throws(AudienceError) {
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
    }

    func change(_ settings: AudienceSettings, at now: Instant) throws(AudienceError) {
        try settings.check()
        let context = try settings.evaluationContext(zones: zones)
        let record = DefinitionRecord.settings(settings, at: now)
        var changed = book
        try changed.apply(record)
        try store(record)
        engine.reconfigure(context, conditions: book.segments.mapValues(\.condition))
    }

    /// Declared types, and for the other fields those of their first values.
    var knownTypes: [String: FieldType] {
        log.fieldTypes.merging(book.settings.fieldTypes) { _, declared in declared }
    }

    private func store(_ record: DefinitionRecord) throws(AudienceError) {
        do {
            try log.define(record.json)
        } catch {
            throw AudienceError(error)
        }
        try book.apply(record)
    }
}
