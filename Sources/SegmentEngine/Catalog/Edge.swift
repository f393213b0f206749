/// A leaf, a gate or a constant, possibly negated: what gates have as children and segments as roots.
///
/// The lowest bit is the negation, the rest the node: 0 is false, then the leaves; gates have the highest bit set. Sorted
/// by raw value, leaves stand before gates and an edge beside its own negation.
struct Edge: Hashable, Comparable, Sendable {
    var rawValue: UInt32

    private static let gateBit: UInt32 = 0x8000_0000
    /// Leaves and gates alike are fewer than this.
    static let nodeCountMax = 1 << 30

    static let `false` = Edge(rawValue: 0)
    static let `true` = Edge(rawValue: 1)

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// To a leaf.
    init(_ leaf: LeafID) {
        precondition(leaf.rawValue < Edge.nodeCountMax - 1, "more leaves than edges can tell apart")
        rawValue = (leaf.rawValue + 1) << 1
    }

    /// To a gate by its number.
    init(gate: UInt32) {
        precondition(gate < Edge.nodeCountMax, "more gates than edges can tell apart")
        rawValue = Edge.gateBit | gate << 1
    }

    var isNegated: Bool { rawValue & 1 != 0 }
    var isConstant: Bool { rawValue < 2 }
    var isGate: Bool { rawValue & Edge.gateBit != 0 }

    /// The gate's number, if this leads to one.
    var gate: UInt32? { isGate ? (rawValue & ~Edge.gateBit) >> 1 : nil }

    /// The leaf, if this leads to one.
    var leaf: LeafID? { isGate || isConstant ? nil : LeafID(rawValue: rawValue >> 1 - 1) }

    /// The opposite.
    var negated: Edge { Edge(rawValue: rawValue ^ 1) }

    /// The opposite if asked for.
    func negated(if isNegated: Bool) -> Edge {
        isNegated ? negated : self
    }

    static func < (left: Edge, right: Edge) -> Bool {
        left.rawValue < right.rawValue
    }
}
