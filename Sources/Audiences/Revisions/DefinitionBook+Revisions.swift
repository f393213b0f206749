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

    /// The condition of a revision as it reads today, other segments by id; of fitted values those of today.
    ///
    /// - Parameters:
    ///   - saved: the segment whose revision it is.
    ///   - values: those found for the revision; nil if it has none, or the same fit as the present one.
    func condition(
        of entry: SegmentHistory.Entry, in saved: Saved, fit values: [String: Number]? = nil
    ) throws(AudienceError) -> Condition {
        let definition = try entry.json
        let values = values ?? fits[saved.stored.id]?.values ?? [:]
        guard let filled = entry.fit == nil ? definition : definition.filled(withFit: values) else { return .nobody }
        do {
            return try Condition(parsing: filled, types: settings.fieldTypes)
        } catch {
            throw AudienceError(
                .init(rawValue: error.code.rawValue),
                "With today's field types revision \(entry.revision) has no meaning: \(error.message)")
        }
    }

    /// The same, if all segments that it refers to are still there.
    func wholeCondition(
        of entry: SegmentHistory.Entry, in saved: Saved, fit values: [String: Number]? = nil
    ) throws(AudienceError) -> Condition {
        let condition = try condition(of: entry, in: saved, fit: values)
        if let missing = condition.segmentReferences.first(where: { segments[$0] == nil }) {
            throw AudienceError(
                .unknownSegment,
                "Revision \(entry.revision) refers to the segment \(missing), which has been deleted.")
        }
        return condition
    }

    /// The template that a change makes the segment of: with other parameters, or as a revision that it brings back was
    /// made; nil if its condition is written out.
    func template(
        of change: SegmentChange, for saved: Saved, among templates: [SegmentTemplate]
    ) throws(AudienceError) -> FilledTemplate? {
        if let parameters = change.parameters {
            if change.name != nil || change.description != nil || change.automation != nil {
                try saved.checkIsEditable()
            }
            return try filled(saved, changing: parameters, among: templates)
        }
        guard let number = change.restoring else { return nil }
        return try revision(number, of: saved).template
    }

    /// Reads a change of a segment: its condition, or the revision that it brings back.
    ///
    /// - Parameters:
    ///   - types: declared and inferred types of custom fields.
    ///   - template: what `template(of:for:among:)` says of the change.
    ///   - values: those that its fit has found.
    func read(
        _ change: SegmentChange, of saved: Saved, types: [Identifier: FieldType], template: FilledTemplate?,
        fit values: [String: Number]
    ) throws(AudienceError) -> ReadChange {
        var read = ReadChange(change: change, template: template)
        if let definition = change.definition { read.condition = try condition(definition, types: types) }
        if let number = change.restoring {
            let entry = try revision(number, of: saved)
            read.change.name = entry.name
            read.change.description = entry.description ?? ""
            read.change.automation = entry.automation
            if template == nil { read.condition = try wholeCondition(of: entry, in: saved) }
        }
        if let template { read.condition = try condition(template, fit: values, types: types) }
        return read
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
