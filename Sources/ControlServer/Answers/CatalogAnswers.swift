import Audiences
import ControlAPI
import SegmentModel

extension CatalogAnswer {
    init(_ catalog: AudienceCatalog) {
        self.init(
            frontier: catalog.frontier.description, contacts: catalog.contacts, segments: catalog.segments,
            leafReferences: catalog.leafReferences, leaves: catalog.leaves, gateReferences: catalog.gateReferences,
            gates: catalog.gates, edges: catalog.edges, columnBytes: catalog.columnBytes,
            mostUsed: catalog.mostUsed.map { CatalogLeafAnswer($0) })
    }
}

extension CatalogLeafAnswer {
    /// A leaf of a saved segment.
    init(_ leaf: CatalogLeaf) {
        self.init(
            sentence: leaf.sentence, segments: leaf.segments, contacts: leaf.contacts ?? 0, bytes: leaf.bytes ?? 0)
    }
}

extension SegmentCatalogAnswer {
    init(_ catalog: SegmentCatalog) {
        // A segment that others refer to cannot be deleted, so nothing would be freed.
        let freed = catalog.referrers.isEmpty ? catalog.ownLeaves : []
        self.init(
            frontier: catalog.frontier.description, segment: SegmentName(catalog.segment),
            leaves: catalog.leaves.map { CatalogLeafAnswer($0) }, gates: catalog.gates, ownGates: catalog.ownGates,
            freedLeaves: freed.count, freedBytes: freed.reduce(0) { $0 + ($1.bytes ?? 0) },
            referrers: catalog.referrers)
    }
}
