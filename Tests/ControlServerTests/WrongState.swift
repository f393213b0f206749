import SegmentModel

@testable import Audiences
@testable import SegmentEngine

extension Projection {
    /// Makes the column of the first leaf say the opposite of a contact; nothing else of the live state follows.
    func turnLeaf(of contact: Identifier) {
        guard let ordinal = engine.snapshot().ordinal(of: contact) else { return }
        let leaf = LeafID(rawValue: 0)
        var column = engine.columns[leaf]
        _ = column.flip(ordinal)
        engine.columns.add(column, for: leaf)
        publish()
    }
}
