/// The gates of all segments, each once: an AND over at least two sorted children.
///
/// Gates are counted by who refers to them (gates above, roots of segments). One that nobody refers to stays until
/// `sweep`, so that what is taken away and asked for again within one change keeps its number.
struct GateTable: Sendable {
    private var childrenByGate: [[Edge]] = []
    private var referenceCounts: [UInt32] = []
    private var numbers: [[Edge]: UInt32] = [:]
    private var free: [UInt32] = []
    private var unreferenced: [UInt32] = []
    /// Children of all gates together.
    private(set) var edgeCount = 0

    /// Distinct gates.
    var count: Int { numbers.count }
    /// Every gate's number is below.
    var limit: Int { childrenByGate.count }

    func children(of gate: UInt32) -> [Edge] {
        childrenByGate[Int(gate)]
    }

    /// The gate over exactly these children, if there is one.
    func gate(over children: [Edge]) -> UInt32? {
        numbers[children]
    }

    /// Adds a gate that is not there yet; the caller has referred to its children.
    mutating func insert(_ children: [Edge]) -> UInt32 {
        let gate: UInt32
        if let number = free.popLast() {
            gate = number
            childrenByGate[Int(gate)] = children
        } else {
            gate = UInt32(childrenByGate.count)
            childrenByGate.append(children)
            referenceCounts.append(0)
        }
        numbers[children] = gate
        edgeCount += children.count
        unreferenced.append(gate)
        return gate
    }

    mutating func retain(_ gate: UInt32) {
        referenceCounts[Int(gate)] += 1
    }

    mutating func release(_ gate: UInt32) {
        referenceCounts[Int(gate)] -= 1
        if referenceCounts[Int(gate)] == 0 { unreferenced.append(gate) }
    }

    /// Takes away the gates that nobody refers to and returns the children they referred to, gates among them being
    /// released already. Cost: what is taken away.
    mutating func sweep() -> [LeafID] {
        var leaves: [LeafID] = []
        while let gate = unreferenced.popLast() {
            let children = childrenByGate[Int(gate)]
            guard referenceCounts[Int(gate)] == 0, !children.isEmpty else { continue }
            numbers[children] = nil
            childrenByGate[Int(gate)] = []
            edgeCount -= children.count
            free.append(gate)
            for child in children {
                if let below = child.gate { release(below) } else if let leaf = child.leaf { leaves.append(leaf) }
            }
        }
        return leaves
    }
}
