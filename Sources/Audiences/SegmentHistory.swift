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
                automation: stored.automation, restored: stored.restored, at: instant))
    }

    /// The revision of that number. Revisions rise without gaps.
    subscript(revision: Int) -> Entry? {
        let index = revision - (entries.first?.revision ?? 1)
        return entries.indices.contains(index) ? entries[index] : nil
    }
}
