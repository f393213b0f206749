internal import EventLog
public import SegmentModel

// Prebuilt segments: their templates, reviewing, saving and editing what is made of them.
extension Audience {
    /// The templates that there are, in the order of their files, with the audience's own segment of each.
    public func prebuilt() async -> [PrebuiltSegment] { await snapshot().prebuilt() }

    /// The template of that name.
    public func prebuilt(_ name: String) async throws(AudienceError) -> PrebuiltSegment {
        try await snapshot().prebuilt(name)
    }

    /// What a template would select; `parameters` is an object of numbers, the others have their defaults.
    public func review(
        prebuilt name: String, parameters: JSONValue?, sample: Int
    ) async throws(AudienceError) -> Review {
        try await snapshot().review(prebuilt: name, parameters: parameters, sample: sample)
    }

    /// What a segment that was made of a template would select with some of its parameters changed.
    public func review(
        _ reference: String, changing parameters: JSONValue, sample: Int
    ) async throws(AudienceError) -> Review {
        try await snapshot().review(reference, changing: parameters, sample: sample)
    }

    /// Saves an ordinary segment made of a template.
    public func save(
        name: String, description: String? = nil, prebuilt template: String, parameters: JSONValue?,
        automation: Bool = false
    ) async throws(AudienceError) -> SegmentSnapshot {
        let time = time
        return try await projection.save(
            name, description: description, .template(template, parameters: parameters), automation: automation
        ) { time.frontierTarget() }
    }

    /// The integrations whose events are in the log, as of the frontier.
    public func integrations() async -> IntegrationList { await snapshot().integrations() }

    /// The definitions in the log, with the segments of the templates as these are now.
    static func book(
        in log: EventLog, provisions: AudienceProvisions, at now: Instant
    ) throws(AudienceError) -> DefinitionBook {
        do {
            var book = try DefinitionBook(records: try log.definitions())
            for template in provisions.templates {
                // One that makes no sense with this audience's field types is left out, and what there is of it stays: a
                // template must not keep the audience from opening.
                guard let stored = try? book.revision(installing: template) else { continue }
                let record = DefinitionRecord.segment(stored, at: max(now, book.lastChangeAt))
                try log.define(record.json)
                try book.apply(record)
            }
            return book
        } catch {
            throw AudienceError(wrapping: error)
        }
    }
}
