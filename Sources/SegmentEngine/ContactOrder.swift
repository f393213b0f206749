internal import SegmentModel

/// The contacts in the order of their ids' bytes, sorted when asked for.
struct ContactOrder: Sendable {
    struct Entry: Sendable {
        var id: Identifier
        var ordinal: ContactOrdinal
    }

    private var entries: [Entry] = []
    private var added: [ContactOrdinal: Identifier] = [:]
    private var known: Set<ContactOrdinal> = []

    var count: Int { known.count }

    mutating func insert(_ ordinal: ContactOrdinal, _ id: Identifier) {
        if known.insert(ordinal).inserted { added[ordinal] = id }
    }

    mutating func remove(_ ordinal: ContactOrdinal) {
        guard known.remove(ordinal) != nil else { return }
        if added.removeValue(forKey: ordinal) == nil { entries.removeAll { $0.ordinal == ordinal } }
    }

    /// All contacts in order; sorts what came since the last call into what was sorted before.
    var sorted: [Entry] {
        mutating get {
            guard !added.isEmpty else { return entries }
            entries += added.map { Entry(id: $0.value, ordinal: $0.key) }
            entries.sort { $0.id < $1.id }
            added.removeAll(keepingCapacity: true)
            return entries
        }
    }
}
