/// What a condition would select, without saving it.
public struct ReviewAnswer: Codable, Equatable, Sendable {
    /// The condition as a sentence.
    public var sentence: String
    /// The condition in canonical form.
    public var `where`: JSONTree
    public var count: Int
    /// Contacts of the audience.
    public var contacts: Int
    /// `count / contacts`, between 0 and 1; 0 for an empty audience.
    public var share: Double
    /// Ids of some of the contacts it selects.
    public var sample: [String]
    public var frontier: String
    /// Elementary conditions in it.
    public var conditions: Int
    /// Levels of nesting.
    public var depth: Int
    /// What its author may not have meant, the first 100. Of it `missing_capability` alone keeps it from being saved.
    public var lints: [LintAnswer]
    /// What saving it would take.
    public var cost: CostAnswer

    public init(
        sentence: String, where condition: JSONTree, count: Int, contacts: Int, share: Double, sample: [String],
        frontier: String, conditions: Int, depth: Int, lints: [LintAnswer], cost: CostAnswer
    ) {
        self.sentence = sentence
        self.where = condition
        self.count = count
        self.contacts = contacts
        self.share = share
        self.sample = sample
        self.frontier = frontier
        self.conditions = conditions
        self.depth = depth
        self.lints = lints
        self.cost = cost
    }
}

/// Something odd about a condition, and certain.
public struct LintAnswer: Codable, Equatable, Sendable {
    /// Stable, and an open set: `contradiction`, `tautology`, `redundant_condition`, `duplicate_segment`,
    /// `complement_of_segment`, `unknown_field`, `missing_capability` (saving it is refused).
    public var code: String
    public var message: String
    /// RFC 6901 pointers to the nodes concerned, in the request's body.
    public var pointers: [String]

    /// The one lint that saving is refused for: no connected integration offers what the condition needs.
    public static let missingCapability = "missing_capability"

    public init(code: String, message: String, pointers: [String]) {
        self.code = code
        self.message = message
        self.pointers = pointers
    }
}

/// What saving a condition would take.
public struct CostAnswer: Codable, Equatable, Sendable {
    /// Its distinct elementary conditions, in order of appearance.
    public var conditions: [ConditionCostAnswer]
    /// Those of them that no saved segment has.
    public var newConditions: Int
    /// Contacts whose records are looked at once for the new ones; 0 if nothing is to be looked at.
    public var recordsToLookAt: Int

    public init(conditions: [ConditionCostAnswer], newConditions: Int, recordsToLookAt: Int) {
        self.conditions = conditions
        self.newConditions = newConditions
        self.recordsToLookAt = recordsToLookAt
    }
}

/// One elementary condition of a definition, and what the saved segments have of it.
public struct ConditionCostAnswer: Codable, Equatable, Sendable {
    /// What is kept of it; a condition and its opposite share one, so this may be the opposite of what was written.
    public var sentence: String
    /// Whether a saved segment has it.
    public var isKnown: Bool
    /// Saved segments that have it in their own definition.
    public var segments: Int
    /// Contacts for which it is true; absent if it is not known.
    public var contacts: Int?

    public init(sentence: String, isKnown: Bool, segments: Int, contacts: Int? = nil) {
        self.sentence = sentence
        self.isKnown = isKnown
        self.segments = segments
        self.contacts = contacts
    }
}
