internal import SegmentEngine
internal import SegmentModel

// Segments made of templates: stored as others are, and their values found before the answer.
extension Projection {
    func save(
        name: String, description: String?, template: String, parameters: JSONValue?, now: @Sendable () -> Instant
    ) async throws(AudienceError) -> SegmentSnapshot {
        await whenWhole()
        let template = try provisions.templates.template(template)
        let filled = template.filled(try template.values(parameters), isPrebuilt: false)
        let condition = try book.condition(filled, types: book.knownTypes(in: log))
        try checkCapabilities(for: condition)
        let description = description ?? filled.description
        _ = try book.revision(
            of: nil, name: name, description: description, condition: condition, template: filled)
        let findings = try await look(at: condition, for: name)
        let stored = try book.revision(
            of: nil, name: name, description: description, condition: condition, template: filled)
        try store(.segment(stored, at: now()))
        install(stored.id, condition, findings)
        return try await fitted(stored.id)
    }

    func edit(
        _ reference: String, name: String?, description: String?, parameters: JSONValue, now: @Sendable () -> Instant
    ) async throws(AudienceError) -> SegmentSnapshot {
        await whenWhole()
        let id = try book.segment(reference).stored.id
        func revision() throws(AudienceError) -> (stored: StoredSegment, condition: Condition) {
            // Others may have edited or deleted it while the records were looked at.
            let existing = try book.segment(id)
            if existing.stored.isPrebuilt, name != nil || description != nil { try existing.checkIsEditable() }
            let filled = try book.filled(existing, changing: parameters, among: provisions.templates)
            let condition = try book.condition(
                filled, fit: book.fits[id]?.values ?? [:], types: book.knownTypes(in: log))
            let stored = try book.revision(
                of: existing, name: name ?? existing.stored.name,
                description: existing.stored.isPrebuilt
                    ? filled.description : description ?? existing.stored.description,
                condition: condition, template: filled)
            return (stored, condition)
        }
        let condition = try revision().condition
        if try !book.segment(id).stored.isPrebuilt { try checkCapabilities(for: condition) }
        let findings = try await look(at: condition, for: id)
        let (stored, latest) = try revision()
        try store(.segment(stored, at: now()))
        install(id, condition, findings)
        // Its values may have been found anew meanwhile.
        if latest != condition { engine.define(id, as: latest) }
        return try await fitted(id)
    }

    /// The segment, once its values are found, if it has any.
    private func fitted(_ id: String) async throws(AudienceError) -> SegmentSnapshot {
        publish()
        try await fit(id)
        return try publish().segment(id)
    }
}
