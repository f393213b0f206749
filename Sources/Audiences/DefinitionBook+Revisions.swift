internal import Admission
internal import SegmentModel

// Revisions: looking them up, and what a change makes of a segment.
extension DefinitionBook {
    /// The revision of that number, or an error that says which there are.
    func revision(_ number: Int, of saved: Saved) throws(AudienceError) -> SegmentHistory.Entry {
        if let entry = histories[saved.stored.id]?[number] { return entry }
        throw AudienceError(
            .revisionNotFound,
            "“\(saved.stored.name)” has no revision \(number): it has \(saved.stored.revision == 1 ? "revision 1" : "revisions 1 to \(saved.stored.revision)")."
        )
    }

    /// The condition of a revision as it reads today, other segments by id.
    func condition(of entry: SegmentHistory.Entry) throws(AudienceError) -> Condition {
        let condition: Condition
        do {
            condition = try Condition(
                parsing: try JSONDocument.parse(Array(entry.definition.utf8)), types: settings.fieldTypes)
        } catch let error as DefinitionError {
            throw AudienceError(
                .init(rawValue: error.code.rawValue),
                "With today's field types revision \(entry.revision) has no meaning: \(error.message)")
        } catch {
            throw AudienceError(.dataDamaged, "Revision \(entry.revision) cannot be read: \(error)")
        }
        if let missing = condition.segmentReferences.first(where: { segments[$0] == nil }) {
            throw AudienceError(
                .unknownSegment,
                "Revision \(entry.revision) refers to the segment \(missing), which has been deleted.")
        }
        return condition
    }

    /// Reads a change of a segment: its condition, or the revision that it brings back.
    ///
    /// - Parameter types: declared and inferred types of custom fields.
    func read(
        _ change: SegmentChange, of saved: Saved, types: [String: FieldType]
    ) throws(AudienceError) -> ReadChange {
        guard let number = change.restoring else {
            let condition =
                if let definition = change.definition {
                    try condition(definition, types: types)
                } else { Condition?.none }
            return ReadChange(change: change, condition: condition)
        }
        let entry = try revision(number, of: saved)
        var restoring = change
        restoring.name = entry.name
        restoring.description = entry.description ?? ""
        restoring.automation = entry.automation
        return ReadChange(change: restoring, condition: try condition(of: entry))
    }

    /// What the segment would be stored as after the change; nothing is left open but to store it.
    ///
    /// - Returns: the segment as it is, what it would be stored as, and the condition of that.
    func revise(
        _ id: String, _ read: ReadChange
    ) throws(AudienceError) -> (existing: Saved, stored: StoredSegment, condition: Condition) {
        let existing = try segment(id)
        if let seen = read.change.revision, seen != existing.stored.revision {
            throw AudienceError(
                .revisionConflict,
                "“\(existing.stored.name)” is at revision \(existing.stored.revision), and this change was made for revision \(seen): somebody edited it in between. Look at what it is now, and make the change again.",
                pointer: "/revision")
        }
        let draft = read.draft(for: existing)
        return (existing, try revision(of: existing, as: draft), draft.condition)
    }
}
