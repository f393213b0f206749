public import SegmentModel

// What the saved segments share and what their conditions cost. Nothing here looks at a contact.
extension EngineSnapshot {
    /// How much the saved segments share. Costs a step per chunk of each column.
    public var sharing: SharingFigures {
        let figures = catalog.figures
        return SharingFigures(
            segmentCount: figures.segmentCount, leafReferenceCount: figures.leafReferenceCount,
            leafCount: figures.leafCount, gateReferenceCount: figures.gateReferenceCount,
            gateCount: figures.gateCount, edgeCount: figures.edgeCount, columnByteCount: columns.byteCount)
    }

    /// The leaves that most segments use, the most used first, then those true for most contacts.
    public func mostUsedLeaves(limit: Int) -> [LeafCost] {
        (0..<catalog.leafIDLimit).lazy
            .map { LeafID(rawValue: UInt32($0)) }
            .filter { catalog.leaf($0) != nil }
            .map { (id: $0, segments: catalog.leaves.segmentCount($0), contacts: columns[$0].count) }
            .sorted { ($1.segments, $1.contacts, $0.id) < ($0.segments, $0.contacts, $1.id) }
            .prefix(max(limit, 0))
            .compactMap { entry in
                catalog.leaf(entry.id).map { cost(of: LeafUse(leaf: $0, id: entry.id, segmentCount: entry.segments)) }
            }
    }

    /// The leaves of a condition, saved or not, each once, in order of appearance; not those of segments it refers to.
    public func leaves(of condition: Condition) -> [LeafCost] {
        catalog.leafUses(of: condition).map(cost)
    }

    private func cost(of use: LeafUse) -> LeafCost {
        LeafCost(
            condition: use.leaf.statement, segmentCount: use.segmentCount,
            column: use.id.map { id in
                let column = columns[id]
                return LeafCost.Column(contactCount: column.count, byteCount: column.byteCount)
            })
    }

    /// The gates that a saved segment needs, and how many of them no other needs; nil if there is no such segment.
    ///
    /// Gates of segments it refers to are among them. Costs a step per gate of the catalog, some milliseconds for
    /// 10,000 segments.
    public func gates(of id: String) -> GateShare? {
        guard let number = catalog.number(of: id) else { return nil }
        let others = (0..<catalog.segmentNumberLimit)
            .map { SegmentNumber(rawValue: UInt32($0)) }
            .filter { $0 != number }
        let needed = catalog.isNeeded(by: [catalog.root(of: number)])
        let shared = catalog.isNeeded(by: others.map(catalog.root))
        let counts = zip(needed, shared).reduce(into: GateShare(count: 0, ownCount: 0)) { counts, gate in
            guard gate.0 else { return }
            counts.count += 1
            if !gate.1 { counts.ownCount += 1 }
        }
        return counts
    }

    /// What is odd about a definition that need not be saved: all of it certain, none of it a reason to refuse it. What
    /// is said about the definition as a whole comes first.
    ///
    /// - Parameters:
    ///   - condition: with other segments by id.
    ///   - spoken: the same condition with other segments by the names that sentences shall use.
    ///   - saved: the segments to compare with: not the one that is being edited.
    ///   - fieldTypes: custom fields that may have a value.
    /// Cost: quadratic in the conditions of one `all` or `any`, up to a bound, and a look-up per saved segment.
    public func lints(
        of condition: Condition, spoken: Condition, saved: [(id: String, name: String)],
        fieldTypes: [Identifier: FieldType]
    ) -> [DefinitionLint] {
        let edges = saved.map { (name: $0.name, edge: catalog.root(ofReference: $0.id)) }
        let among = catalog.lints(of: condition, saved: edges, fieldTypes: fieldTypes)
            .filter { $0.code == .duplicateSegment || $0.code == .complementOfSegment }
        let within = catalog.lints(of: spoken, saved: [], fieldTypes: fieldTypes)
        return (among + within).map {
            DefinitionLint(code: $0.code.rawValue, message: $0.message, paths: $0.paths)
        }
    }
}

/// How much the saved segments share, and what that takes.
public struct SharingFigures: Equatable, Sendable {
    public var segmentCount: Int
    /// Leaves of each segment, added up, and how many distinct ones they are.
    public var leafReferenceCount: Int
    public var leafCount: Int
    /// `all` and `any` of each definition, added up, and how many distinct gates they are.
    public var gateReferenceCount: Int
    public var gateCount: Int
    /// Children of the distinct gates.
    public var edgeCount: Int
    /// Memory of all columns.
    public var columnByteCount: Int
}

/// A leaf, who uses it and what it takes.
public struct LeafCost: Equatable, Sendable {
    /// What the leaf says; in canonical form, so it may be spelt otherwise than in the definitions that use it.
    public var condition: Condition
    /// Saved segments that use it in their own condition.
    public var segmentCount: Int
    /// Nil if no saved segment uses it.
    public var column: Column?

    /// The bit per contact that is kept for a leaf.
    public struct Column: Equatable, Sendable {
        /// Contacts for whom the leaf is true.
        public var contactCount: Int
        public var byteCount: Int
    }
}

/// How many gates a segment needs.
public struct GateShare: Equatable, Sendable {
    public var count: Int
    /// Those that no other segment needs.
    public var ownCount: Int
}

/// Something in a definition that its author may not have meant.
public struct DefinitionLint: Equatable, Sendable {
    /// Stable, for programs.
    public var code: String
    /// A sentence that names the conditions.
    public var message: String
    /// JSON pointers to the nodes concerned, in the condition.
    public var paths: [String]
}

extension Leaf {
    /// The condition that is true where the leaf is.
    var statement: Condition {
        isInverted ? .not(condition) : condition
    }
}

extension Catalog {
    /// For each gate by number, whether these roots need it. No recursion: segments may refer to one another in long
    /// chains.
    fileprivate func isNeeded(by roots: [Edge]) -> [Bool] {
        var isNeeded = [Bool](repeating: false, count: gates.limit)
        var stack = roots.compactMap(\.gate)
        while let gate = stack.popLast() {
            guard !isNeeded[Int(gate)] else { continue }
            isNeeded[Int(gate)] = true
            stack += gates.children(of: gate).compactMap(\.gate)
        }
        return isNeeded
    }
}
