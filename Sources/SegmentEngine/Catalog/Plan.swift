/// The gates of some segments as one flat program: what evaluators run. Immutable, and independent of the catalog.
///
/// Gate i is an AND; its children that are leaves are `edges[offsets[2i]..<offsets[2i + 1]]`, those that are gates follow
/// up to `offsets[2i + 2]`. Children are `index << 1 | negated`, the index a leaf's number or that of an earlier gate.
struct Plan: Sendable {
    let gateCount: Int
    let offsets: [UInt32]
    let edges: [UInt32]
    /// What is true of each segment's members, by segment number; gates numbered as in this program.
    let roots: [Edge]
    /// Every leaf's number is below.
    let leafIDLimit: Int

    /// The gates that these roots need, each after its children. Cost: linear in them, and a word per number below
    /// `gateLimit`.
    init(roots: [Edge], leafIDLimit: Int, gateLimit: Int, children: (UInt32) -> [Edge]) {
        var builder = PlanBuilder(gateLimit: gateLimit)
        let placed = roots.map { builder.place($0, children) }
        let numbers = builder.sortByShape()
        self.roots = placed.map { root in
            root.gate.map { Edge(gate: numbers[Int($0)]).negated(if: root.isNegated) } ?? root
        }
        self.leafIDLimit = leafIDLimit
        gateCount = builder.offsets.count / 2
        offsets = builder.offsets
        edges = builder.edges
    }

    /// The program of one segment, as its only root. Cost: its gates, and a word per gate of this program.
    func program(of segment: SegmentNumber) -> Plan {
        let index = Int(segment.rawValue)
        return Plan(
            roots: [roots.indices.contains(index) ? roots[index] : .false], leafIDLimit: leafIDLimit,
            gateLimit: gateCount, children: children)
    }

    private func children(ofGate gate: UInt32) -> [Edge] {
        let first = Int(gate) * 2
        let leaves = edges[Int(offsets[first])..<Int(offsets[first + 1])].map { raw in
            Edge(LeafID(rawValue: raw >> 1)).negated(if: raw & 1 != 0)
        }
        let gates = edges[Int(offsets[first + 1])..<Int(offsets[first + 2])].map { raw in
            Edge(gate: raw >> 1).negated(if: raw & 1 != 0)
        }
        return leaves + gates
    }
}

/// Lays gates out in an order in which each stands after its children.
private struct PlanBuilder {
    private(set) var offsets: [UInt32] = [0]
    private(set) var edges: [UInt32] = []
    /// How many gates stand one above the other, by place.
    private var heights: [UInt32] = []
    /// The gate's place plus one; 0: not there yet.
    private var placed: [UInt32]
    /// Gates still to be placed, the next on top; no recursion, as segments may refer to one another in long chains.
    private var stack: [UInt32] = []

    init(gateLimit: Int) {
        placed = [UInt32](repeating: 0, count: gateLimit)
    }

    /// The edge in terms of the program.
    mutating func place(_ edge: Edge, _ children: (UInt32) -> [Edge]) -> Edge {
        guard let gate = edge.gate else { return edge }
        if placed[Int(gate)] == 0 { stack.append(gate) }
        while let top = stack.last { step(top, children(top)) }
        return Edge(gate: placed[Int(gate)] - 1).negated(if: edge.isNegated)
    }

    /// Places the gate on top if all its children are, else puts these above it. It may be there twice.
    private mutating func step(_ gate: UInt32, _ children: [Edge]) {
        let depth = stack.count
        for child in children.reversed() {
            guard let below = child.gate else { break }
            if placed[Int(below)] == 0 { stack.append(below) }
        }
        guard stack.count == depth else { return }
        stack.removeLast()
        if placed[Int(gate)] == 0 { emit(gate, children) }
    }

    private mutating func emit(_ gate: UInt32, _ children: [Edge]) {
        for child in children {
            if let leaf = child.leaf { edges.append(leaf.rawValue << 1 | (child.isNegated ? 1 : 0)) }
        }
        offsets.append(UInt32(edges.count))
        var height: UInt32 = 0
        for child in children {
            guard let below = child.gate else { continue }
            let place = placed[Int(below)] - 1
            height = max(height, heights[Int(place)] + 1)
            edges.append(place << 1 | (child.isNegated ? 1 : 0))
        }
        heights.append(height)
        offsets.append(UInt32(edges.count))
        placed[Int(gate)] = UInt32(offsets.count / 2)
    }

    /// Moves gates with equally many children side by side, so that the loop over these ends where the processor
    /// expects it: gates are small, and a wrong guess costs more than one of them. Returns the new number of each.
    mutating func sortByShape() -> [UInt32] {
        let gateCount = heights.count
        // Height, leaves and gates below, then the place, from the highest bits down.
        let order = (0..<gateCount).map { place -> UInt64 in
            let leafCount = min(offsets[2 * place + 1] - offsets[2 * place], PlanBuilder.childCountMax)
            let gateCount = min(offsets[2 * place + 2] - offsets[2 * place + 1], PlanBuilder.childCountMax)
            let shape = UInt64(heights[place]) << 12 | UInt64(leafCount) << 6 | UInt64(gateCount)
            return shape << 32 | UInt64(place)
        }.sorted().map { Int($0 & 0xFFFF_FFFF) }
        var numbers = [UInt32](repeating: 0, count: gateCount)
        for (number, place) in order.enumerated() { numbers[place] = UInt32(number) }
        var (sortedOffsets, sortedEdges): ([UInt32], [UInt32]) = ([0], [])
        sortedOffsets.reserveCapacity(offsets.count)
        sortedEdges.reserveCapacity(edges.count)
        for place in order {
            sortedEdges += edges[Int(offsets[2 * place])..<Int(offsets[2 * place + 1])]
            sortedOffsets.append(UInt32(sortedEdges.count))
            for edge in edges[Int(offsets[2 * place + 1])..<Int(offsets[2 * place + 2])] {
                sortedEdges.append(numbers[Int(edge >> 1)] << 1 | edge & 1)
            }
            sortedOffsets.append(UInt32(sortedEdges.count))
        }
        (offsets, edges) = (sortedOffsets, sortedEdges)
        return numbers
    }

    /// More children than this are one shape.
    private static let childCountMax: UInt32 = 63
}
