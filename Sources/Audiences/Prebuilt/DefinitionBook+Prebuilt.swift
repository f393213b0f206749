internal import SegmentModel

// Segments that are made of templates.
extension DefinitionBook {
    /// The next revision of a template's own segment; nil if it is as the template says.
    ///
    /// Parameters that somebody has set stay as far as the template still takes them. A segment of that name that
    /// somebody saved is left alone, and the audience goes without the prebuilt one.
    func revision(installing template: SegmentTemplate) throws(AudienceError) -> StoredSegment? {
        let existing = segments.values.first { $0.stored.isPrebuilt && $0.stored.origin?.template == template.name }
        guard existing != nil || find(template.name) == nil else { return nil }
        let values = template.stillValid(existing?.stored.origin?.parameters ?? [:])
        let filled = template.filled(values, isPrebuilt: true)
        let condition = try condition(filled, types: settings.fieldTypes)
        let draft = RevisionDraft(
            name: template.name, description: filled.description, condition: condition, template: filled)
        let stored = try revision(of: existing, as: draft)
        guard var before = existing?.stored else { return stored }
        (before.revision, before.restored) = (stored.revision, nil)
        return before == stored ? nil : stored
    }

    /// What a filled template selects: nobody where values are yet to be fitted.
    func condition(
        _ filled: FilledTemplate, fit values: [String: Number] = [:], types: [Identifier: FieldType]
    ) throws(AudienceError) -> Condition {
        guard filled.fit != nil else { return try condition(filled.definition, types: types) }
        guard let definition = filled.definition.filled(withFit: values) else { return .nobody }
        return try condition(definition, types: types)
    }

    /// A saved segment's template with some of its parameters changed.
    ///
    /// - Parameter changes: the `parameters` of a request; what it does not name stays.
    func filled(
        _ saved: Saved, changing changes: JSONValue, among templates: [SegmentTemplate]
    ) throws(AudienceError) -> FilledTemplate {
        guard let origin = saved.stored.origin else {
            throw AudienceError(
                .unknownParameter,
                "“\(saved.stored.name)” has no parameters: it was not made of a prebuilt segment.",
                pointer: "/parameters")
        }
        guard let template = templates.first(where: { $0.name == origin.template }) else {
            throw AudienceError(
                .unknownPrebuilt,
                "The prebuilt segment “\(origin.template)” that “\(saved.stored.name)” was made of is no longer there.",
                pointer: "/parameters")
        }
        let changed = try template.values(changes)
        let values = template.stillValid(origin.parameters).merging(changed) { _, changed in changed }
        return template.filled(values, isPrebuilt: origin.isPrebuilt)
    }
}

extension [SegmentTemplate] {
    /// The template of that name, or an error that lists near names.
    func template(_ name: String, pointer: String? = "/prebuilt") throws(AudienceError) -> SegmentTemplate {
        if let found = first(where: { $0.name == name }) { return found }
        let near = NameSuggestion.nearest(to: name, among: map(\.name))
        let hint =
            near.map { "Did you mean “\($0)”?" }
            ?? (isEmpty ? "This daemon has none." : "There are \(map(\.name).joined(separator: ", ")).")
        throw AudienceError(
            pointer == nil ? .prebuiltNotFound : .unknownPrebuilt, "There is no prebuilt segment “\(name)”. \(hint)",
            pointer: pointer, related: near.map { [$0] } ?? [])
    }
}

extension DefinitionBook.Saved {
    /// Refuses to edit what belongs to a template.
    func checkIsEditable() throws(AudienceError) {
        guard stored.isPrebuilt else { return }
        throw AudienceError(
            .prebuiltSegment,
            """
            “\(stored.name)” is a prebuilt segment: of it only parameters can be changed. For a condition of your own save \
            a segment under another name.
            """)
    }

    /// Refuses to delete the segment of a template that is there: the next start would make it again.
    func checkIsDeletable(_ templates: [SegmentTemplate]) throws(AudienceError) {
        guard stored.isPrebuilt, templates.contains(where: { $0.name == stored.origin?.template }) else { return }
        throw AudienceError(
            .prebuiltSegment, "“\(stored.name)” is a prebuilt segment, which every audience has; it cannot be deleted.")
    }
}

extension StoredSegment {
    /// Whether it is a template's own segment.
    var isPrebuilt: Bool { origin?.isPrebuilt == true }

    /// The same made of a template; without one, what it was made of stays as long as the condition does.
    func made(of template: FilledTemplate?, condition: Condition, existing: DefinitionBook.Saved?) -> StoredSegment {
        var made = self
        if let template {
            made.origin = template.origin
            made.fit = template.fit
            if template.fit != nil { made.definition = template.definition }
        } else if let existing, existing.condition == condition {
            made.definition = existing.stored.definition
            made.origin = existing.stored.origin
            made.fit = existing.stored.fit
        }
        return made
    }
}
