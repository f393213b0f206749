/// What an edit of a segment would do. Nothing is saved.
public struct DifferenceAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    public var segment: SegmentName
    /// The present revision; hand it back with the edit, so that it is refused if another came in between.
    public var revision: Int
    /// Contacts of the audience.
    public var contacts: Int
    /// The condition after the edit in canonical form, and as a sentence.
    public var `where`: JSONTree
    public var sentence: String
    /// What the definition would say differently.
    public var changes: DefinitionChangesAnswer
    /// Who would enter, leave and stay.
    public var entering: MemberSampleAnswer
    public var leaving: MemberSampleAnswer
    public var staying: MemberSampleAnswer
    /// Segments that refer to this one, directly or not, and whose members would change, in the order of names.
    public var referrers: [ReferrerDifferenceAnswer]
    /// Elementary conditions, levels of nesting.
    public var conditions: Int
    public var depth: Int
    /// What the condition's author may not have meant.
    public var lints: [LintAnswer]
    /// What saving it would take.
    public var cost: CostAnswer

    public init(
        frontier: String, segment: SegmentName, revision: Int, contacts: Int, where condition: JSONTree,
        sentence: String, changes: DefinitionChangesAnswer, entering: MemberSampleAnswer,
        leaving: MemberSampleAnswer, staying: MemberSampleAnswer, referrers: [ReferrerDifferenceAnswer],
        conditions: Int, depth: Int, lints: [LintAnswer], cost: CostAnswer
    ) {
        self.frontier = frontier
        self.segment = segment
        self.revision = revision
        self.contacts = contacts
        self.where = condition
        self.sentence = sentence
        self.changes = changes
        self.entering = entering
        self.leaving = leaving
        self.staying = staying
        self.referrers = referrers
        self.conditions = conditions
        self.depth = depth
        self.lints = lints
        self.cost = cost
    }

    /// Whether members would change, here or in a segment that refers to it.
    public var changesMembers: Bool {
        entering.count > 0 || leaving.count > 0 || !referrers.isEmpty
    }
}

/// How many contacts, and the first ten of them in byte order of their ids.
public struct MemberSampleAnswer: Codable, Equatable, Sendable {
    public var count: Int
    public var sample: [ContactLine]

    public init(count: Int, sample: [ContactLine]) {
        self.count = count
        self.sample = sample
    }
}

/// What an edit of one segment does to another that refers to it.
public struct ReferrerDifferenceAnswer: Codable, Equatable, Sendable {
    public var segment: SegmentName
    public var entering: Int
    public var leaving: Int
    public var staying: Int

    public init(segment: SegmentName, entering: Int, leaving: Int, staying: Int) {
        self.segment = segment
        self.entering = entering
        self.leaving = leaving
        self.staying = staying
    }
}

/// What two definitions of one segment say differently; absent is what both say.
public struct DefinitionChangesAnswer: Codable, Equatable, Sendable {
    public var name: TextChangeAnswer?
    public var description: TextChangeAnswer?
    /// Whether automations use the later one.
    public var automation: Bool?
    /// Conditions that only the later one has.
    public var came: [ConditionPartAnswer]
    /// Conditions that only the earlier one has.
    public var went: [ConditionPartAnswer]
    /// `all of` became `any of`, or the other way round.
    public var combination: TextChangeAnswer?

    public init(
        name: TextChangeAnswer? = nil, description: TextChangeAnswer? = nil, automation: Bool? = nil,
        came: [ConditionPartAnswer] = [], went: [ConditionPartAnswer] = [], combination: TextChangeAnswer? = nil
    ) {
        self.name = name
        self.description = description
        self.automation = automation
        self.came = came
        self.went = went
        self.combination = combination
    }
}

/// A text before and after; absent where there was none.
public struct TextChangeAnswer: Codable, Equatable, Sendable {
    public var before: String?
    public var after: String?

    public init(before: String? = nil, after: String? = nil) {
        self.before = before
        self.after = after
    }
}

/// A part of a condition, and where it stands in its own definition: `/where/all/1`.
public struct ConditionPartAnswer: Codable, Equatable, Sendable {
    public var sentence: String
    public var pointer: String

    public init(sentence: String, pointer: String) {
        self.sentence = sentence
        self.pointer = pointer
    }
}
