internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// What the saved segments share, what a definition would add to that, and what is odd about it.
extension AudienceSnapshot {
    func catalog(limit: Int) -> AudienceCatalog {
        let sharing = engine.sharing
        return AudienceCatalog(
            frontier: frontier, contacts: engine.contactCount, segments: sharing.segmentCount,
            leafReferences: sharing.leafReferenceCount, leaves: sharing.leafCount,
            gateReferences: sharing.gateReferenceCount, gates: sharing.gateCount, edges: sharing.edgeCount,
            columnBytes: sharing.columnByteCount, mostUsed: engine.mostUsedLeaves(limit: limit).map(CatalogLeaf.init))
    }

    func catalog(of reference: String) throws(AudienceError) -> SegmentCatalog {
        let saved = try book.segment(reference)
        let leaves = engine.leaves(of: saved.condition).map(CatalogLeaf.init)
        let gates = engine.gates(of: saved.stored.id)
        return SegmentCatalog(
            frontier: frontier, segment: saved.label, leaves: leaves, gates: gates?.count ?? 0,
            ownGates: gates?.ownCount ?? 0, referrers: book.referrers(of: saved.stored.id))
    }

    /// What saving the condition would take.
    func cost(of condition: Condition) -> DefinitionCost {
        let leaves = engine.leaves(of: condition)
        let isAllKnown = leaves.allSatisfy { $0.column != nil }
        return DefinitionCost(
            conditions: leaves.map(CatalogLeaf.init), recordsToLookAt: isAllKnown ? 0 : engine.contactCount)
    }

    /// What is odd about a definition; pointers lead into the request, as those of errors do.
    ///
    /// - Parameter edited: the id of the segment whose definition it is to become; never a duplicate of itself.
    func lints(of condition: Condition, editing edited: String?) -> [DefinitionWarning] {
        let others = book.segments.values.filter { $0.stored.id != edited }
            .map { (id: $0.stored.id, name: $0.stored.name) }
            .sorted { $0.name < $1.name }
        let found = engine.lints(
            of: condition, spoken: condition.mappingSegments { book.name(of: $0) }, saved: others,
            fieldTypes: knownTypes)
        return found.prefix(Review.lintsMax).map { lint in
            DefinitionWarning(code: lint.code, message: lint.message, pointers: lint.paths.map { "/where" + $0 })
        }
    }
}

extension CatalogLeaf {
    fileprivate init(_ leaf: LeafCost) {
        self.init(
            sentence: leaf.condition.sentence(), segments: leaf.segmentCount, contacts: leaf.column?.contactCount,
            bytes: leaf.column?.byteCount)
    }
}
