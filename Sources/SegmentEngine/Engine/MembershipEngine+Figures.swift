// What the engine holds, for whoever watches it.
extension MembershipEngine {
    /// How much the engine holds.
    public struct Figures: Equatable, Sendable {
        public var contacts = 0
        public var segments = 0
        /// Distinct elementary conditions, and distinct combinations of them.
        public var leaves = 0
        public var gates = 0
        /// Contacts that are looked at again at some instant though nothing happens.
        public var wakes = 0
        /// Memory of records that are newer than the view, in bytes.
        public var newRecordBytes = 0

        public init() {}
    }

    /// How much the engine holds now. Costs nothing worth mentioning.
    public var figures: Figures {
        let catalog = catalog.figures
        var figures = Figures()
        figures.contacts = fold.contactCount
        figures.segments = catalog.segmentCount
        figures.leaves = catalog.leafCount
        figures.gates = catalog.gateCount
        figures.wakes = wakes.scheduledCount
        figures.newRecordBytes = newRecordBytes
        return figures
    }

    /// Memory of the columns, in bytes. Costs a step per chunk of each column: not for every tick.
    public var columnBytes: Int { columns.byteCount }
}
