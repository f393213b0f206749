internal import SegmentModel

// What a review of an unsaved definition asks for; none of it changes the catalog.
extension Catalog {
    /// The leaves that defining the condition would add, each once, in order of appearance.
    func unknownLeaves(of condition: Condition) -> [Leaf] {
        distinctLeaves(of: condition).filter { leaves.id(of: $0) == nil }
    }

    /// The leaves of the condition itself, not those of segments it refers to, in order of appearance, with by how
    /// many saved segments each is used.
    func leafUses(of condition: Condition) -> [LeafUse] {
        distinctLeaves(of: condition).map { leaf in
            let id = leaves.id(of: leaf)
            return LeafUse(leaf: leaf, id: id, segmentCount: id.map(leaves.segmentCount) ?? 0)
        }
    }

    /// The program of one unsaved condition, with its root as the only segment.
    ///
    /// `leafID` numbers the leaves that the catalog does not know, from `leafIDLimit` on; one without a number is
    /// false. Cost: microseconds, and one word per gate of the catalog.
    func program(of condition: Condition, leafID: (Leaf) -> LeafID? = { _ in nil }) -> Plan {
        withoutActuallyEscaping(leafID) { leafID in
            var graph = ReviewGraph(catalog: self, leafID: leafID)
            let root = graph.edge(of: condition)
            return Plan(
                roots: [root], leafIDLimit: max(leafIDLimit, graph.leafIDLimit), gateLimit: graph.gateLimit,
                children: graph.children)
        }
    }

    /// The edge that the condition would have, if all its gates and leaves are in the catalog already.
    func existingEdge(of condition: Condition) -> Edge? {
        var lookup = CatalogLookup(catalog: self)
        let edge = lookup.edge(of: condition)
        return lookup.isMissingSomething ? nil : edge
    }

    /// The program of all segments: `roots` stands by segment number. Cost: every live gate, about 4 ms for
    /// 10,000 segments.
    var plan: Plan {
        let roots = (0..<segmentNumberLimit).map { root(of: SegmentNumber(rawValue: UInt32($0))) }
        return Plan(roots: roots, leafIDLimit: leafIDLimit, gateLimit: gates.limit, children: gates.children)
    }

    func distinctLeaves(of condition: Condition) -> [Leaf] {
        var seen: Set<Leaf> = []
        var distinct: [Leaf] = []
        condition.forEachElementary {
            if case .test(let leaf, _) = forms.literal(of: $0), seen.insert(leaf).inserted { distinct.append(leaf) }
        }
        return distinct
    }
}

/// A leaf of a definition and how widely it is used.
struct LeafUse: Sendable {
    var leaf: Leaf
    /// Its number, if a saved segment uses it.
    var id: LeafID?
    /// Saved segments that use it in their own condition.
    var segmentCount: Int
}

/// How much the segments of a catalog share.
struct CatalogFigures: Equatable, Sendable {
    var segmentCount: Int
    /// Leaves of each segment, added up, and how many distinct ones they are.
    var leafReferenceCount: Int
    var leafCount: Int
    /// `all` and `any` of each definition, added up, and how many distinct gates they are.
    var gateReferenceCount: Int
    var gateCount: Int
    /// Children of the distinct gates.
    var edgeCount: Int
}

/// A graph beside the catalog: gates that the catalog has keep their numbers, others come after them.
private struct ReviewGraph: GateMaking {
    let catalog: Catalog
    let leafID: (Leaf) -> LeafID?
    private var own: [[Edge]] = []
    private var numbers: [[Edge]: UInt32] = [:]
    private(set) var leafIDLimit = 0

    init(catalog: Catalog, leafID: @escaping (Leaf) -> LeafID?) {
        self.catalog = catalog
        self.leafID = leafID
    }

    var forms: CanonicalForms { catalog.forms }
    var gateLimit: Int { catalog.gates.limit + own.count }

    mutating func edge(to leaf: Leaf) -> Edge {
        guard let id = catalog.leafID(of: leaf) ?? leafID(leaf) else { return .false }
        leafIDLimit = max(leafIDLimit, Int(id.rawValue) + 1)
        return Edge(id)
    }

    mutating func gate(over children: [Edge]) -> Edge {
        if let gate = catalog.gates.gate(over: children) ?? numbers[children] { return Edge(gate: gate) }
        let gate = UInt32(gateLimit)
        own.append(children)
        numbers[children] = gate
        return Edge(gate: gate)
    }

    func children(ofGate gate: UInt32) -> [Edge] {
        let limit = catalog.gates.limit
        return Int(gate) < limit ? catalog.gates.children(of: gate) : own[Int(gate) - limit]
    }

    func root(ofReference reference: String) -> Edge {
        catalog.root(ofReference: reference)
    }
}

/// Finds edges and makes none.
private struct CatalogLookup: GateMaking {
    let catalog: Catalog
    private(set) var isMissingSomething = false

    init(catalog: Catalog) {
        self.catalog = catalog
    }

    var forms: CanonicalForms { catalog.forms }

    mutating func edge(to leaf: Leaf) -> Edge {
        found(catalog.leafID(of: leaf).map { Edge($0) })
    }

    mutating func gate(over children: [Edge]) -> Edge {
        found(catalog.gates.gate(over: children).map { Edge(gate: $0) })
    }

    func children(ofGate gate: UInt32) -> [Edge] {
        catalog.children(ofGate: gate)
    }

    func root(ofReference reference: String) -> Edge {
        catalog.root(ofReference: reference)
    }

    private mutating func found(_ edge: Edge?) -> Edge {
        if edge == nil { isMissingSomething = true }
        return edge ?? .false
    }
}

extension Condition {
    /// Calls the body for every `.field`, `.tag` and `.activity` below, in order of appearance.
    func forEachElementary(_ body: (Condition) -> Void) {
        switch self {
        case .field, .tag, .activity: body(self)
        case .segment: break
        case .all, .any, .not: for child in children { child.forEachElementary(body) }
        }
    }

    /// How many `all` and `any` there are.
    var gateCount: Int {
        switch self {
        case .all(let children), .any(let children): children.reduce(1) { $0 + $1.gateCount }
        case .not(let child): child.gateCount
        case .field, .tag, .activity, .segment: 0
        }
    }
}
