/// A leaf's number: where its truths stand in every column store and tile.
///
/// Numbers are dense and given to another leaf once nobody refers to the first any more.
struct LeafID: Hashable, Comparable, Sendable {
    var rawValue: UInt32

    static func < (left: LeafID, right: LeafID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A contact's number in an audience: dense, in order of first sight in the log, never used again.
typealias Ordinal = UInt32
