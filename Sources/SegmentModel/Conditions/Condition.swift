/// A segment's definition in typed, validated form: what `where` of a saved segment says.
///
/// Made once from JSON by `init(parsing:types:)`, evaluated by `ReferenceEvaluator` and by the engine, written back by
/// `json`. Invariant of a parsed condition: nesting at most `ConditionLimits.depthMax`, every operand already fits its
/// operator, so that evaluation cannot fail.
public indirect enum Condition: Hashable, Sendable {
    /// All of them hold; never empty when parsed.
    case all([Condition])
    /// At least one of them holds; never empty when parsed.
    case any([Condition])
    /// It does not hold. Plain Boolean negation.
    case not(Condition)
    /// One of the contact's fields compares so.
    case field(FieldCondition)
    /// The contact has the tag, whatever its case.
    case tag(TextOperand)
    /// The contact is in the saved segment of that reference.
    case segment(String)
    /// A measure over the contact's activities compares so.
    case activity(ActivityCondition)
}

extension Condition {
    /// The nodes directly below this one.
    public var children: [Condition] {
        switch self {
        case .all(let children), .any(let children): children
        case .not(let child): [child]
        case .field, .tag, .segment, .activity: []
        }
    }

    /// True of the elementary conditions: everything but `all`, `any` and `not`.
    public var isLeaf: Bool {
        switch self {
        case .all, .any, .not: false
        case .field, .tag, .segment, .activity: true
        }
    }

    /// How many elementary conditions there are, what plans call "conditions".
    public var conditionCount: Int {
        isLeaf ? 1 : children.reduce(0) { $0 + $1.conditionCount }
    }

    /// The nodes on the longest way down: 1 for an elementary condition, 2 for a flat `all` or `any`.
    public var depth: Int {
        1 + (children.map(\.depth).max() ?? 0)
    }

    /// True if this is one elementary condition or one `all` or `any` of such, each possibly under a `not`.
    public var isFlat: Bool {
        switch self {
        case .all(let children), .any(let children): children.allSatisfy(\.isLeafOrNegatedLeaf)
        default: isLeafOrNegatedLeaf
        }
    }

    /// The saved segments this condition names directly, each once, in order of appearance.
    public var segmentReferences: [String] {
        var seen: Set<String> = []
        return allSegmentReferences.filter { seen.insert($0).inserted }
    }

    private var isLeafOrNegatedLeaf: Bool {
        if case .not(let child) = self { return child.isLeaf }
        return isLeaf
    }

    private var allSegmentReferences: [String] {
        if case .segment(let reference) = self { return [reference] }
        return children.flatMap(\.allSegmentReferences)
    }
}
