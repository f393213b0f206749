/// The leaves of all segments, each once, counted by the edges that lead to them.
struct LeafTable: Sendable {
    private var leaves: [Leaf?] = []
    private var referenceCounts: [UInt32] = []
    /// By how many segments' own conditions each is used.
    private var segmentCounts: [UInt32] = []
    private var ids: [Leaf: LeafID] = [:]
    private var free: [LeafID] = []
    private var unreferenced: [LeafID] = []
    private var added: [LeafID] = []

    /// Distinct leaves.
    var count: Int { ids.count }
    /// Every leaf's number is below.
    var limit: Int { leaves.count }

    func leaf(_ id: LeafID) -> Leaf? {
        Int(id.rawValue) < leaves.count ? leaves[Int(id.rawValue)] : nil
    }

    func id(of leaf: Leaf) -> LeafID? {
        ids[leaf]
    }

    func segmentCount(_ id: LeafID) -> Int {
        Int(segmentCounts[Int(id.rawValue)])
    }

    /// The leaf's number; a new leaf gets one.
    mutating func intern(_ leaf: Leaf) -> LeafID {
        if let id = ids[leaf] { return id }
        let id: LeafID
        if let last = free.popLast() {
            id = last
            leaves[Int(id.rawValue)] = leaf
        } else {
            id = LeafID(rawValue: UInt32(leaves.count))
            leaves.append(leaf)
            referenceCounts.append(0)
            segmentCounts.append(0)
        }
        ids[leaf] = id
        added.append(id)
        unreferenced.append(id)
        return id
    }

    mutating func retain(_ id: LeafID) {
        referenceCounts[Int(id.rawValue)] += 1
    }

    mutating func release(_ id: LeafID) {
        referenceCounts[Int(id.rawValue)] -= 1
        if referenceCounts[Int(id.rawValue)] == 0 { unreferenced.append(id) }
    }

    mutating func countSegment(_ id: LeafID, by step: Int) {
        segmentCounts[Int(id.rawValue)] = UInt32(Int(segmentCounts[Int(id.rawValue)]) + step)
    }

    /// Takes away the leaves nobody refers to; returns them and the leaves that came since the last sweep and stay.
    mutating func sweep() -> (added: [(LeafID, Leaf)], removed: [LeafID]) {
        let isNew = Set(added)
        var removed: [LeafID] = []
        for id in unreferenced where referenceCounts[Int(id.rawValue)] == 0 {
            guard let leaf = leaves[Int(id.rawValue)] else { continue }
            ids[leaf] = nil
            leaves[Int(id.rawValue)] = nil
            free.append(id)
            if !isNew.contains(id) { removed.append(id) }
        }
        let kept = added.compactMap { id in leaf(id).map { (id, $0) } }
        unreferenced.removeAll(keepingCapacity: true)
        added.removeAll(keepingCapacity: true)
        return (kept, removed.sorted())
    }
}
