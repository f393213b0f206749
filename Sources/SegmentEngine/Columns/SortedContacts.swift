internal import Synchronization

/// The contacts in the order of their ids' bytes, sorted when somebody asks and shared by all readers.
///
/// Ordinals are dense, so the number of contacts says which are in the order. New ones are merged into it; removed ones
/// stay, and readers skip them by the bitmap of those that exist. Readers that come while it sorts wait for it.
final class SortedContacts: Sendable {
    private let order = Mutex<[Ordinal]>([])

    init() {}

    /// The contacts 0 ..< count in the order of their ids, perhaps with later ones among them.
    ///
    /// Later contacts are there if another reader knew more of them: skip them like those removed, by the `exists` that
    /// came with `count`. `id` is asked for contacts below `count` alone. Costs a reference if nobody is new, the
    /// copying of the order if some are, less than a second for the first million.
    func order(count: Int, id: IDOrder.Accessor) -> [Ordinal] {
        order.withLock { order in
            guard order.count < count else { return order }
            var added = Array(Ordinal(order.count)..<Ordinal(count))
            IDOrder.sort(&added, id: id)
            order = order.isEmpty ? added : Self.merge(added, into: order, id: id)
            return order
        }
    }

    private static func merge(_ added: [Ordinal], into order: [Ordinal], id: IDOrder.Accessor) -> [Ordinal] {
        var merged: [Ordinal] = []
        merged.reserveCapacity(order.count + added.count)
        var lower = 0
        for ordinal in added {
            let upper = IDOrder.position(after: id(ordinal), in: order, from: lower, id: id)
            merged.append(contentsOf: order[lower..<upper])
            merged.append(ordinal)
            lower = upper
        }
        merged.append(contentsOf: order[lower...])
        return merged
    }
}
