internal import SegmentModel

/// A segment's number: where its count and its root stand. Dense, given to another once the segment is gone.
struct SegmentNumber: Hashable, Comparable, Sendable {
    var rawValue: UInt32

    static func < (left: SegmentNumber, right: SegmentNumber) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What a definition or its removal changed in the catalog.
struct CatalogChange: Sendable {
    /// Leaves that have a number now and had none before.
    var added: [(LeafID, Leaf)] = []
    /// Numbers of leaves that nobody refers to any more, ascending; they may be given to others from the next change on.
    var removed: [LeafID] = []
    /// Segments whose root is another now, a new segment among them, ascending.
    var changedSegments: [SegmentNumber] = []
}

/// All saved segments as one graph: equal conditions are one leaf, equal combinations one gate, whoever uses them.
///
/// In: definitions by id. Out: numbers for leaves and segments, and the `Plan` that evaluates all of them. Invariant:
/// leaves, gates and counts are those of the current definitions alone, whatever was defined and removed before.
struct Catalog: Sendable {
    let forms: CanonicalForms
    let countedStatuses: Set<OrderStatus>
    var leaves = LeafTable()
    var gates = GateTable()
    private var segments: [Segment?] = []
    private var numbers: [String: SegmentNumber] = [:]
    private var free: [SegmentNumber] = []
    /// The segments that name a reference, known or not.
    private var dependents: [String: Set<SegmentNumber>] = [:]
    private var leafReferenceCount = 0
    private var gateReferenceCount = 0

    /// A saved segment.
    private struct Segment {
        var id: String
        var condition: Condition
        var root: Edge
        /// The leaves of its own condition, each once, sorted.
        var leaves: [LeafID] = []
        var gateCount = 0
    }

    /// An empty catalog; segments in the context are ignored.
    init(context: EvaluationContext) {
        countedStatuses = context.countedStatuses
        forms = CanonicalForms(context: context)
    }

    /// Saves a segment or gives it another definition. Cost: its conditions, and those of all that refer to it if its
    /// root becomes another.
    mutating func define(_ id: String, as condition: Condition) -> CatalogChange {
        var changed: Set<SegmentNumber> = []
        let number: SegmentNumber
        if let known = numbers[id] {
            number = known
            forgetUses(of: number)
        } else {
            number = free.popLast() ?? SegmentNumber(rawValue: UInt32(segments.count))
            if Int(number.rawValue) == segments.count { segments.append(nil) }
            segments[Int(number.rawValue)] = Segment(id: id, condition: condition, root: .false)
            numbers[id] = number
            changed.insert(number)
        }
        segments[Int(number.rawValue)]?.condition = condition
        for reference in condition.segmentReferences { dependents[reference, default: []].insert(number) }
        if reintern(number) { changed.insert(number) }
        rememberUses(of: number)
        if changed.contains(number) { reinternDependents(of: id, changed: &changed) }
        return finish(changed)
    }

    /// Takes a segment away; those that refer to it find it false. Nothing changes if there is none.
    mutating func remove(_ id: String) -> CatalogChange {
        guard let number = numbers.removeValue(forKey: id), let segment = segments[Int(number.rawValue)] else {
            return CatalogChange()
        }
        var changed: Set<SegmentNumber> = []
        forgetUses(of: number)
        release(segment.root)
        segments[Int(number.rawValue)] = nil
        free.append(number)
        if segment.root != .false { reinternDependents(of: id, changed: &changed) }
        return finish(changed)
    }

    /// Builds the root anew; true if it is another.
    private mutating func reintern(_ number: SegmentNumber) -> Bool {
        guard let segment = segments[Int(number.rawValue)] else { return false }
        let root = edge(of: segment.condition)
        guard root != segment.root else { return false }
        retain(root)
        release(segment.root)
        segments[Int(number.rawValue)]?.root = root
        return true
    }

    /// Follows a changed root to the segments that refer to it, each after all it refers to itself.
    private mutating func reinternDependents(of id: String, changed: inout Set<SegmentNumber>) {
        var moved: Set<String> = [id]
        for number in dependentsInOrder(of: id) {
            guard let segment = segments[Int(number.rawValue)], segment.id != id,
                segment.condition.segmentReferences.contains(where: moved.contains), reintern(number)
            else { continue }
            changed.insert(number)
            moved.insert(segment.id)
        }
    }

    /// All segments that refer to this one, directly or not; ends even if they went round in a circle.
    private func dependentsInOrder(of id: String) -> [SegmentNumber] {
        var finished: [SegmentNumber] = []
        var seen: Set<SegmentNumber> = []
        var stack: [(number: SegmentNumber?, rest: [SegmentNumber])] = [(nil, dependents[id].map(Array.init) ?? [])]
        while let top = stack.indices.last {
            guard let next = stack[top].rest.popLast() else {
                if let number = stack[top].number { finished.append(number) }
                stack.removeLast()
                continue
            }
            guard seen.insert(next).inserted, let segment = segments[Int(next.rawValue)] else { continue }
            stack.append((next, dependents[segment.id].map(Array.init) ?? []))
        }
        return finished.reversed()
    }

    private mutating func finish(_ changed: Set<SegmentNumber>) -> CatalogChange {
        for leaf in gates.sweep() { leaves.release(leaf) }
        let (added, removed) = leaves.sweep()
        return CatalogChange(added: added, removed: removed, changedSegments: changed.sorted())
    }
}

// Who uses what, for the figures.
extension Catalog {
    private mutating func rememberUses(of number: SegmentNumber) {
        guard let condition = segments[Int(number.rawValue)]?.condition else { return }
        let ids = Set(distinctLeaves(of: condition).compactMap(leaves.id)).sorted()
        let gateCount = condition.gateCount
        // Its own reference keeps a leaf that cancels out, as in "x and not x": the counts speak of definitions.
        for id in ids {
            leaves.retain(id)
            leaves.countSegment(id, by: 1)
        }
        segments[Int(number.rawValue)]?.leaves = ids
        segments[Int(number.rawValue)]?.gateCount = gateCount
        leafReferenceCount += ids.count
        gateReferenceCount += gateCount
    }

    private mutating func forgetUses(of number: SegmentNumber) {
        guard let segment = segments[Int(number.rawValue)] else { return }
        for reference in segment.condition.segmentReferences {
            dependents[reference]?.remove(number)
            if dependents[reference]?.isEmpty ?? false { dependents[reference] = nil }
        }
        for id in segment.leaves {
            leaves.release(id)
            leaves.countSegment(id, by: -1)
        }
        leafReferenceCount -= segment.leaves.count
        gateReferenceCount -= segment.gateCount
    }

    /// How much the segments share.
    var figures: CatalogFigures {
        CatalogFigures(
            segmentCount: numbers.count, leafReferenceCount: leafReferenceCount, leafCount: leaves.count,
            gateReferenceCount: gateReferenceCount, gateCount: gates.count, edgeCount: gates.edgeCount)
    }
}

// Making and following edges.
extension Catalog: GateMaking {
    mutating func edge(to leaf: Leaf) -> Edge {
        Edge(leaves.intern(leaf))
    }

    mutating func gate(over children: [Edge]) -> Edge {
        if let gate = gates.gate(over: children) { return Edge(gate: gate) }
        for child in children { retain(child) }
        return Edge(gate: gates.insert(children))
    }

    func children(ofGate gate: UInt32) -> [Edge] {
        gates.children(of: gate)
    }

    func root(ofReference reference: String) -> Edge {
        numbers[reference].map(root) ?? .false
    }

    private mutating func retain(_ edge: Edge) {
        if let gate = edge.gate { gates.retain(gate) } else if let leaf = edge.leaf { leaves.retain(leaf) }
    }

    private mutating func release(_ edge: Edge) {
        if let gate = edge.gate { gates.release(gate) } else if let leaf = edge.leaf { leaves.release(leaf) }
    }
}

// Looking things up.
extension Catalog {
    /// The number of a saved segment.
    func number(of id: String) -> SegmentNumber? {
        numbers[id]
    }

    /// The id of the segment of that number.
    func id(of number: SegmentNumber) -> String? {
        segment(number)?.id
    }

    /// The edge that is true of a segment's members; false if there is no segment of that number.
    func root(of number: SegmentNumber) -> Edge {
        segment(number)?.root ?? .false
    }

    /// The definition of the segment of that number.
    func condition(of number: SegmentNumber) -> Condition? {
        segment(number)?.condition
    }

    /// The leaf of that number.
    func leaf(_ id: LeafID) -> Leaf? {
        leaves.leaf(id)
    }

    /// The number of a leaf that some segment uses.
    func leafID(of leaf: Leaf) -> LeafID? {
        leaves.id(of: leaf)
    }

    /// Every leaf's number is below.
    var leafIDLimit: Int { leaves.limit }

    /// Every segment's number is below.
    var segmentNumberLimit: Int { segments.count }

    private func segment(_ number: SegmentNumber) -> Segment? {
        Int(number.rawValue) < segments.count ? segments[Int(number.rawValue)] : nil
    }
}
