internal import SegmentModel

/// What turns conditions into edges: the catalog itself, a look-up in it, or a graph of its own for a review.
protocol GateMaking {
    var forms: CanonicalForms { get }
    /// The edge to a leaf.
    mutating func edge(to leaf: Leaf) -> Edge
    /// The edge to the gate over these children: at least two, sorted, each once, none the negation of another.
    mutating func gate(over children: [Edge]) -> Edge
    /// The children of a gate.
    func children(ofGate gate: UInt32) -> [Edge]
    /// The root of a saved segment; false if there is none.
    func root(ofReference reference: String) -> Edge
}

extension GateMaking {
    /// The edge of a condition. `any` is the negation of an AND of negations; an AND within an AND is merged into it,
    /// the root of a segment referred to is not. Recursion ends at the depth that definitions are allowed.
    mutating func edge(of condition: Condition) -> Edge {
        switch condition {
        case .not(let child): return edge(of: child).negated
        case .segment(let reference): return root(ofReference: reference)
        case .all:
            var children: [Edge] = []
            collect(condition, isNegated: false, into: &children)
            return conjunction(&children)
        case .any:
            var children: [Edge] = []
            collect(condition, isNegated: true, into: &children)
            return conjunction(&children).negated
        case .field, .tag, .activity:
            switch forms.literal(of: condition) {
            case .constant(let value): return Edge.false.negated(if: value)
            case .test(let leaf, let isNegated): return edge(to: leaf).negated(if: isNegated)
            }
        }
    }

    /// The children that the condition, or its negation, adds to an AND.
    private mutating func collect(_ condition: Condition, isNegated: Bool, into children: inout [Edge]) {
        switch (condition, isNegated) {
        case (.all(let parts), false), (.any(let parts), true):
            for part in parts { collect(part, isNegated: isNegated, into: &children) }
        case (.not(let part), _): collect(part, isNegated: !isNegated, into: &children)
        case (.segment, _): children.append(edge(of: condition).negated(if: isNegated))
        default:
            let edge = edge(of: condition).negated(if: isNegated)
            // An `any` whose parts turned out to be one and the same may be an AND after all.
            if let gate = edge.gate, !edge.isNegated {
                children += self.children(ofGate: gate)
            } else {
                children.append(edge)
            }
        }
    }

    private mutating func conjunction(_ children: inout [Edge]) -> Edge {
        children.sort()
        var distinct: [Edge] = []
        distinct.reserveCapacity(children.count)
        for child in children where child != .true && child != distinct.last {
            if child == .false || child.negated == distinct.last { return .false }
            distinct.append(child)
        }
        guard let first = distinct.first else { return .true }
        return distinct.count == 1 ? first : gate(over: distinct)
    }
}
