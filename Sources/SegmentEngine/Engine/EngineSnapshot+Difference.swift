public import SegmentModel

/// Who is in one of two sets of contacts, in the other, in both.
public struct MembershipDifference: Sendable {
    /// Only in the later one, only in the earlier one.
    public let entering: MemberSet
    public let leaving: MemberSet
    public let staying: MemberSet

    /// Compares two sets of one snapshot. Cost: a pass over the bits of both.
    public init(from before: MemberSet, to after: MemberSet) {
        entering = after.subtracting(before)
        leaving = before.subtracting(after)
        staying = before.subtracting(leaving)
    }

    /// Whether both are the same.
    public var isEmpty: Bool { entering.count == 0 && leaving.count == 0 }
}

extension MemberSet {
    fileprivate func subtracting(_ other: MemberSet) -> MemberSet {
        MemberSet(bitmap: bitmap.subtracting(other.bitmap))
    }
}

extension EngineSnapshot {
    /// What a definition would change if it were saved: in the segment itself and in those that refer to it, directly
    /// or not.
    ///
    /// Equal to what `MembershipEngine.define` changes at the same frontier. Cost: a copy of the catalog's tables, a look
    /// at leaves that no segment has, and algebra over columns for each segment concerned.
    ///
    /// - Returns: the segment's own difference, and those of the others whose members change, by their ids.
    public func difference(
        of id: String, becoming condition: Condition
    ) -> (own: MembershipDifference, others: [String: MembershipDifference]) {
        let unknown = catalog.unknownLeaves(of: condition)
        let found = foundColumns(of: unknown)
        var (catalog, columns) = (catalog, columns)
        let change = catalog.define(id, as: condition)
        for leaf in change.removed { columns.remove(leaf) }
        for (number, leaf) in change.added {
            columns.add(unknown.firstIndex(of: leaf).map { found[$0] } ?? Bitmap(), for: number)
        }
        func later(_ id: String) -> MemberSet {
            let condition = catalog.number(of: id).flatMap { catalog.condition(of: $0) }
            let program = condition.map { catalog.program(of: $0) }
            let members = program.map { Bitmap(members: $0, of: columns, existing: columns.exists) }
            return MemberSet(bitmap: members ?? Bitmap())
        }
        func difference(_ id: String) -> MembershipDifference {
            MembershipDifference(from: members(of: id) ?? MemberSet(bitmap: Bitmap()), to: later(id))
        }
        var others: [String: MembershipDifference] = [:]
        for other in change.changedSegments.compactMap(catalog.id) where other != id {
            let found = difference(other)
            if !found.isEmpty { others[other] = found }
        }
        return (difference(id), others)
    }

    /// The columns that leaves would have which no segment has.
    func foundColumns(of leaves: [Leaf]) -> [Bitmap] {
        guard !leaves.isEmpty else { return [] }
        let scan = ValueScan(
            leaves: leaves, context: context, vocabulary: vocabulary, records: records, instant: frontier,
            cache: values)
        return scan.columns(on: pool)
    }
}
