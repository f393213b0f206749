internal import Admission
internal import SegmentModel

/// Every revision of one saved segment, oldest first.
///
/// Definitions are kept as JSON text and read when somebody asks: there may be hundreds of thousands of them. A text that
/// an edit left as it was is shared.
struct SegmentHistory: Sendable {
    /// One revision as it was saved.
    struct Entry: Equatable, Sendable {
        var revision: Int
        var name: String
        var description: String?
        /// Canonical JSON; other segments by id.
        var definition: String
        var automation: Bool
        /// The revision that this one brought back.
        var restored: Int?
        /// The template it was made of, and how its fitted values are found.
        var origin: SegmentOrigin?
        var fit: FitModel?
        /// From when it counted.
        var at: Instant
    }

    private(set) var entries: [Entry] = []

    /// Takes the revision that follows the others.
    mutating func append(_ stored: StoredSegment, at instant: Instant) {
        var text = stored.definition.text
        if let last = entries.last, last.definition == text { text = last.definition }
        entries.append(
            Entry(
                revision: stored.revision, name: stored.name, description: stored.description, definition: text,
                automation: stored.automation, restored: stored.restored, origin: stored.origin,
                fit: stored.fit, at: instant))
    }

    /// The revision of that number. Revisions rise without gaps.
    subscript(revision: Int) -> Entry? {
        let index = revision - (entries.first?.revision ?? 1)
        return entries.indices.contains(index) ? entries[index] : nil
    }
}

extension SegmentHistory.Entry {
    /// The definition, read.
    var json: JSONValue {
        get throws(AudienceError) {
            do {
                return try JSONDocument.parse(Array(definition.utf8))
            } catch {
                throw AudienceError(.dataDamaged, "Revision \(revision) cannot be read: \(error)")
            }
        }
    }

    /// What it was made of, if that was a template.
    var template: FilledTemplate? {
        get throws(AudienceError) {
            guard let origin else { return nil }
            return FilledTemplate(origin: origin, description: description ?? "", definition: try json, fit: fit)
        }
    }
}
