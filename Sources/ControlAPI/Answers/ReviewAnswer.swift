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

    public init(
        sentence: String, where condition: JSONTree, count: Int, contacts: Int, share: Double, sample: [String],
        frontier: String, conditions: Int, depth: Int
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
    }
}
