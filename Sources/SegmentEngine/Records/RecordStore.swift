internal import CPlatform

/// The records of all contacts by ordinal: those the view holds, and newer ones in memory.
///
/// One owner changes it; snapshots may be read by any thread meanwhile. Invariant: what a snapshot shows never changes.
struct RecordStore {
    private var references: [[RecordReference]] = []
    /// Ordinals given out, to contacts that are gone too.
    private(set) var count = 0
    private var arena = RecordArena()
    /// What keeps records of older generations alive: the view's map, or memory being written to the next view.
    private var older: [any Sendable] = []
    /// Memory of a generation that waits to be in a view, in bytes; 0 if there is none.
    private var unwrittenBytes = 0
    /// Replaced records, until it is known that no reader looks at them.
    private var replaced: [UnsafeRawPointer] = []
    private var readers = ReaderToken()
    /// Whether changes are noted in `journal`.
    var keepsJournal = false
    /// The changes since this was emptied, in order; a contact may stand more than once.
    private(set) var journal: [RecordEdit] = []
    private var snapshotNumber: UInt32 = 0
    /// By ordinal the number of the first snapshot with the present record, as `references`; 0 if all have it. A part
    /// in which nothing changed since the first snapshot is empty.
    private var changes: [[UInt32]] = []

    private static let chunkSize = 4_096

    /// Memory of records newer than the view, in bytes.
    var byteCount: Int { arena.byteCount + unwrittenBytes }

    /// The record of a contact; empty if it is not there.
    func record(_ ordinal: Ordinal) -> RecordReference {
        references[Int(ordinal) / Self.chunkSize][Int(ordinal) % Self.chunkSize]
    }

    /// Has a record brought into the cache; of a long one the beginning and the end.
    func prefetch(_ ordinal: Ordinal) {
        let bytes = record(ordinal).bytes
        guard let start = bytes.baseAddress else { return }
        platform_prefetch(start)
        platform_prefetch(start + bytes.count)
    }

    /// Gives a new contact its ordinal.
    mutating func add(_ record: UnsafeRawBufferPointer) -> Ordinal {
        let ordinal = addReference(.none)
        put(record, for: ordinal)
        return ordinal
    }

    private mutating func addReference(_ reference: RecordReference) -> Ordinal {
        if count % Self.chunkSize == 0 {
            references.append(Array(repeating: .none, count: Self.chunkSize))
            changes.append([])
        }
        defer { count += 1 }
        references[count / Self.chunkSize][count % Self.chunkSize] = reference
        return Ordinal(count)
    }

    /// Puts a new version in place.
    private mutating func set(_ reference: RecordReference, for ordinal: Ordinal, _ extent: RecordEdit.Extent) {
        if keepsJournal { journal.append(RecordEdit(ordinal: ordinal, before: record(ordinal), extent: extent)) }
        move(ordinal, to: reference)
        if snapshotNumber > 0 { noteChange(of: Int(ordinal)) }
    }

    private mutating func noteChange(of ordinal: Int) {
        let part = ordinal / Self.chunkSize
        if changes[part].isEmpty { changes[part] = Array(repeating: 0, count: Self.chunkSize) }
        changes[part][ordinal % Self.chunkSize] = snapshotNumber + 1
    }

    mutating func clearJournal() {
        journal.removeAll(keepingCapacity: true)
    }

    /// Says where the present version lies.
    private mutating func move(_ ordinal: Ordinal, to reference: RecordReference) {
        references[Int(ordinal) / Self.chunkSize][Int(ordinal) % Self.chunkSize] = reference
    }

    /// Replaces a contact's record.
    mutating func put(
        _ record: UnsafeRawBufferPointer, for ordinal: Ordinal, _ extent: RecordEdit.Extent = .anything
    ) {
        retire(self.record(ordinal))
        let block = arena.allocate(record.count)
        block.copyMemory(from: record.baseAddress ?? UnsafeRawPointer(block), byteCount: record.count)
        let bytes = UnsafeRawBufferPointer(start: block, count: record.count)
        set(RecordReference(bytes, isMapped: false), for: ordinal, extent)
    }

    /// Adds bytes at the end of a contact's record; in place where there is room.
    mutating func append(_ item: UnsafeRawBufferPointer, to ordinal: Ordinal) {
        guard let source = item.baseAddress else { return }
        let old = record(ordinal)
        guard let start = old.start else { preconditionFailure("a contact without a record has no items") }
        let length = Int(old.length) + item.count
        if !old.isMapped, arena.canGrow(start, to: length) {
            UnsafeMutableRawPointer(mutating: start + Int(old.length)).copyMemory(from: source, byteCount: item.count)
            let reference = RecordReference(UnsafeRawBufferPointer(start: start, count: length), isMapped: false)
            set(reference, for: ordinal, .end)
            return
        }
        retire(old)
        let block = arena.allocate(length)
        block.copyMemory(from: start, byteCount: Int(old.length))
        (block + Int(old.length)).copyMemory(from: source, byteCount: item.count)
        let reference = RecordReference(UnsafeRawBufferPointer(start: block, count: length), isMapped: false)
        set(reference, for: ordinal, .end)
    }

    /// Removes a contact's record; its ordinal is not used again.
    mutating func remove(_ ordinal: Ordinal) {
        retire(record(ordinal))
        set(.none, for: ordinal, .anything)
    }

    private mutating func retire(_ reference: RecordReference) {
        // A block of an older generation is not given back: its slab goes as a whole, and may go first.
        guard let start = reference.start, !reference.isMapped, arena.isOfThisGeneration(start) else { return }
        replaced.append(start)
    }

    /// Lets memory of replaced records be used again if nobody can look at it; called when no reference is held.
    mutating func reclaim() {
        guard !replaced.isEmpty, isKnownUniquelyReferenced(&readers) else { return }
        for record in replaced { arena.recycle(record) }
        replaced.removeAll(keepingCapacity: true)
    }

    /// The records as they are now, for readers on other threads. Costs a few microseconds.
    mutating func snapshot() -> RecordSnapshot {
        snapshotNumber += 1
        return RecordSnapshot(
            number: snapshotNumber, references: references, changes: changes, count: count, chunkSize: Self.chunkSize,
            holders: older + [arena.holders, readers])
    }

    // MARK: The view

    /// Ends a generation: what is there now is about to be written to the view and is not touched again.
    ///
    /// One generation at most waits to be written: as long as there is one, what came since stays in memory that is used
    /// again, however often a view is tried.
    mutating func beginGeneration() -> RecordSnapshot {
        let snapshot = snapshot()
        guard unwrittenBytes == 0 else { return snapshot }
        unwrittenBytes += arena.byteCount
        replaced.removeAll()
        older.append(arena.beginGeneration())
        return snapshot
    }

    /// Puts the view's records in the place of those it was written from, and lets go of their memory.
    ///
    /// - Parameters:
    ///   - mapped: the view's records by ordinal.
    ///   - written: what they were written from; records replaced since stay as they are.
    ///   - map: what keeps the view's map open.
    mutating func adopt(_ mapped: [RecordReference], writtenFrom written: RecordSnapshot, map: any Sendable) {
        for ordinal in mapped.indices where record(Ordinal(ordinal)) == written.reference(ordinal) {
            retire(record(Ordinal(ordinal)))
            move(Ordinal(ordinal), to: mapped[ordinal])
        }
        older = [map]
        unwrittenBytes = 0
    }

    /// A store that holds a view's records.
    init(_ mapped: [RecordReference], map: any Sendable) {
        for reference in mapped { _ = addReference(reference) }
        older = [map]
    }

    init() {}
}

/// One change of a contact's record.
struct RecordEdit {
    var ordinal: Ordinal
    /// What the record was.
    var before: RecordReference
    var extent: Extent

    /// What of the record may have changed.
    enum Extent {
        /// Items were added at the end.
        case end
        /// The head; the items are what they were.
        case head
        case anything
    }
}

/// Counts the snapshots that are looked at.
private final class ReaderToken: Sendable {}

/// The records at one moment.
struct RecordSnapshot: Sendable {
    /// Later snapshots of a store have higher numbers.
    let number: UInt32
    fileprivate let references: [[RecordReference]]
    private let changes: [[UInt32]]
    let count: Int
    fileprivate let chunkSize: Int
    /// What keeps the bytes where they are.
    private let holders: [any Sendable]

    fileprivate init(
        number: UInt32, references: [[RecordReference]], changes: [[UInt32]], count: Int, chunkSize: Int,
        holders: [any Sendable]
    ) {
        self.number = number
        self.references = references
        self.changes = changes
        self.count = count
        self.chunkSize = chunkSize
        self.holders = holders
    }

    /// Lends the record of a contact; empty if it is not there.
    func withRecord<Result>(_ ordinal: Ordinal, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withExtendedLifetime(holders) {
            body(references[Int(ordinal) / chunkSize][Int(ordinal) % chunkSize].bytes)
        }
    }

    /// Bytes of all records.
    var byteCount: Int { references.joined().reduce(0) { $0 + Int($1.length) } }

    /// Has the beginning of a record brought into the cache.
    func prefetch(_ ordinal: Ordinal) {
        withRecord(ordinal) { if let start = $0.baseAddress { platform_prefetch(start) } }
    }

    /// Calls the body with those of the ordinals whose record is not what it was in an earlier snapshot, in order.
    func forEachChange(since snapshot: UInt32, in ordinals: Range<Int>, _ body: (Int) -> Void) {
        var first = ordinals.lowerBound
        while first < ordinals.upperBound {
            let part = first / chunkSize
            let end = min((part + 1) * chunkSize, ordinals.upperBound)
            if !changes[part].isEmpty {
                for ordinal in first..<end where changes[part][ordinal % chunkSize] > snapshot { body(ordinal) }
            }
            first = end
        }
    }

    fileprivate func reference(_ ordinal: Int) -> RecordReference {
        references[ordinal / chunkSize][ordinal % chunkSize]
    }
}
