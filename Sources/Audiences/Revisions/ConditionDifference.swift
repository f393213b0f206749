internal import SegmentModel

/// What an edit did to a condition, in words.
public struct ConditionDifference: Equatable, Sendable {
    /// Parts that only the later one has, and those that only the earlier one has.
    public var came: [Part] = []
    public var went: [Part] = []
    /// How the parts are combined, if that changed.
    public var combination: Combination?

    /// An elementary condition, or a combination of some.
    public struct Part: Equatable, Sendable {
        public var sentence: String
        /// Where it stands in its own definition: `/where/all/1`.
        public var pointer: String
    }

    /// `all of` became `any of`, or the other way round.
    public struct Combination: Equatable, Sendable {
        public var before: String
        public var after: String
    }

    /// Compares two conditions. Cost: quadratic in the parts of one `all` or `any`.
    init(from before: Condition, to after: Condition, segmentName: (String) -> String) {
        if let was = before.combination, let `is` = after.combination, was != `is` {
            combination = Combination(before: was, after: `is`)
        }
        compare(before, "/where", after, "/where", segmentName)
    }

    private mutating func compare(
        _ before: Condition, _ placeBefore: String, _ after: Condition, _ placeAfter: String,
        _ segmentName: (String) -> String
    ) {
        var gone = before.parts(at: placeBefore)
        var new = after.parts(at: placeAfter)
        gone.removeAll { part in
            guard let same = new.firstIndex(where: { $0.condition == part.condition }) else { return false }
            new.remove(at: same)
            return true
        }
        // One combination that changed inside is looked into, so that only what changed in it is named.
        if let was = gone.first, let `is` = new.first, gone.count == 1, new.count == 1,
            let combination = was.condition.combination, combination == `is`.condition.combination
        {
            return compare(was.condition, was.pointer, `is`.condition, `is`.pointer, segmentName)
        }
        went += gone.map { Part(sentence: $0.condition.sentence(segmentName: segmentName), pointer: $0.pointer) }
        came += new.map { Part(sentence: $0.condition.sentence(segmentName: segmentName), pointer: $0.pointer) }
    }
}

extension Condition {
    /// How the parts are combined; nil if there is only one.
    fileprivate var combination: String? {
        switch self {
        case .all(let parts) where parts.count > 1: "all of"
        case .any(let parts) where parts.count > 1: "any of"
        default: nil
        }
    }

    /// What is combined, each with its place; a condition that combines nothing is its only part.
    fileprivate func parts(at pointer: String) -> [(condition: Condition, pointer: String)] {
        switch self {
        case .all(let parts): parts.enumerated().map { ($1, "\(pointer)/all/\($0)") }
        case .any(let parts): parts.enumerated().map { ($1, "\(pointer)/any/\($0)") }
        default: [(self, pointer)]
        }
    }
}
