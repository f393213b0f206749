public import SegmentModel

/// An elementary condition, and what its column says about a contact.
public struct LeafTruth: Sendable {
    /// In canonical form, so it may be spelt otherwise than in the definitions that use it.
    public let condition: Condition
    public let isTrue: Bool
}

// What the live state says about single contacts, for whoever derives the same anew.
extension EngineSnapshot {
    /// Distinct elementary conditions of all segments.
    public var leafCount: Int { catalog.leaves.count }

    /// Every leaf with what its column says about the contact; nothing for a contact that does not exist.
    public func leafTruths(of id: Identifier) -> [LeafTruth] {
        guard let ordinal = ordinal(of: id) else { return [] }
        return (0..<catalog.leafIDLimit).compactMap { number in
            let leaf = LeafID(rawValue: UInt32(number))
            return catalog.leaf(leaf).map {
                LeafTruth(condition: $0.statement, isTrue: columns[leaf].contains(ordinal))
            }
        }
    }

    /// Whether the columns know the contact: it has a record, and takes part in memberships.
    public func exists(_ id: Identifier) -> Bool {
        ordinal(of: id).map { columns.exists.contains($0) } ?? false
    }

    /// One of the contacts, each as likely as any other; nil if there is none, or too many are gone to find one.
    public func anyContact(using random: inout some RandomNumberGenerator) -> Identifier? {
        guard records.count > 0 else { return nil }
        for _ in 0..<Self.triesMax {
            let id = records.id(of: Ordinal.random(in: 0..<Ordinal(records.count), using: &random))
            if !id.isEmpty { return Identifier(String(decoding: id, as: UTF8.self)) }
        }
        return nil
    }

    /// Contacts that are gone leave their places empty.
    private static let triesMax = 64
}
