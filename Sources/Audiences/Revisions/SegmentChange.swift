public import SegmentModel

/// What an edit changes in a segment; what is nil stays.
public struct SegmentChange: Equatable, Sendable {
    public var name: String?
    /// An empty text clears it.
    public var description: String?
    public var definition: JSONValue?
    /// Parameters of the template it was made of, an object of numbers; those not named stay.
    public var parameters: JSONValue?
    /// Whether automations use the segment.
    public var automation: Bool?
    /// The number of a revision whose name, description, condition and mark come back; the others are nil then.
    public var restoring: Int?
    /// The revision its author saw; the edit is refused if the segment has another by now.
    public var revision: Int?

    public init(
        name: String? = nil, description: String? = nil, where definition: JSONValue? = nil,
        parameters: JSONValue? = nil, automation: Bool? = nil, revision: Int? = nil
    ) {
        self.name = name
        self.description = description
        self.definition = definition
        self.parameters = parameters
        self.automation = automation
        self.revision = revision
    }

    /// Brings a revision back.
    public init(restoring restored: Int, revision: Int? = nil) {
        restoring = restored
        self.revision = revision
    }
}

/// A change whose condition has been read: names have become ids, the revision to restore has been looked up.
struct ReadChange {
    var change: SegmentChange
    /// Nil if it stays.
    var condition: Condition?
    /// What it is made of, if that is a template.
    var template: FilledTemplate?

    /// What the segment is to become, as it stands now.
    func draft(for existing: DefinitionBook.Saved) -> RevisionDraft {
        let kept = template.flatMap { $0.origin.isPrebuilt ? $0.description : nil } ?? existing.stored.description
        let description = change.description ?? kept
        return RevisionDraft(
            name: change.name ?? existing.stored.name,
            description: description?.isEmpty == true ? nil : description,
            condition: condition ?? existing.condition, automation: change.automation ?? existing.stored.automation,
            restored: change.restoring, template: template)
    }
}

/// What a segment is to become.
struct RevisionDraft {
    var name: String
    var description: String?
    /// Other segments by id.
    var condition: Condition
    var automation = false
    /// The revision that it brings back.
    var restored: Int?
    /// What it is made of, if that is a template.
    var template: FilledTemplate?
}
