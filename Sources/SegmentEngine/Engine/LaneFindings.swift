/// What a walker lays down for a batch.
struct LaneFindings: Sendable {
    /// The leaves of all lists.
    var truths: [UInt32] = []
    private var lists: [TruthList] = []
    var lanes: [Lane] = []
    /// Leaves that differ between a contact's first and last list.
    var flips = LeafFlips()
    /// Contacts that came into being or are gone.
    var existing: [Ordinal] = []
    /// The next edge of each contact walked.
    var wakes: [(ordinal: Ordinal, instant: Int64)] = []

    /// Forgets the batch and keeps the memory.
    mutating func removeAll() {
        truths.removeAll(keepingCapacity: true)
        lists.removeAll(keepingCapacity: true)
        lanes.removeAll(keepingCapacity: true)
        flips.removeAll()
        existing.removeAll(keepingCapacity: true)
        wakes.removeAll(keepingCapacity: true)
    }

    /// Hands over the flips.
    mutating func takeFlips() -> LeafFlips {
        defer { flips = LeafFlips() }
        return flips
    }

    /// Keeps a list, and numbers it.
    mutating func append(_ list: TruthList) -> UInt32 {
        lists.append(list)
        return UInt32(lists.count - 1)
    }

    /// A list by its number; without leaves for a contact that does not exist.
    func list(_ number: UInt32?) -> TruthList { number.map { lists[Int($0)] } ?? TruthList() }

    /// Two lists without the parts that are one and the same in both.
    func differing(_ old: UInt32?, _ new: UInt32?) -> (old: TruthList, new: TruthList) {
        var (old, new) = (list(old), list(new))
        for part in ContactPart.allCases where old[part] == new[part] {
            old[part] = 0..<0
            new[part] = 0..<0
        }
        return (old, new)
    }
}

/// Where the leaves that hold for a contact at one moment stand in `LaneFindings.truths`, part by part.
struct TruthList {
    private var places: InlineArray<3, Range<Int>>

    init(head: Range<Int> = 0..<0) {
        places = [head, 0..<0, 0..<0]
    }

    subscript(part: ContactPart) -> Range<Int> {
        get { places[part.rawValue] }
        set { places[part.rawValue] = newValue }
    }

    /// Calls the body for each place.
    func forEach(_ body: (Int) -> Void) {
        for part in 0..<3 { for place in places[part] { body(place) } }
    }
}
