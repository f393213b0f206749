internal import LMDB
internal import SegmentModel
internal import Synchronization

/// `index/`: which (source, id) stands at which sequence, the types of custom fields, the events of integrations, the
/// erasures that are to be worked off, and the filters of blocks.
///
/// Derived from the log, written without a sync, and caught up from the log's tail. After a power loss an unsynced file
/// may be anything, so the index is believed only if it was closed cleanly or the machine has not been restarted since.
final class EventIndex: Sendable {
    let environment: Environment
    let ids: Table<BytesKey, SequenceValue>
    private let sources: Table<BytesKey, SequenceValue>
    private let fields: Table<StringKey, StringValue>
    private let state: Table<StringKey, UInt64Value>
    /// The events of integrations by sequence, each as `LoggedRow` writes it.
    let integrations: Table<UInt64Key, BytesValue>
    /// The erasures that are to be worked off, likewise.
    let erasures: Table<UInt64Key, BytesValue>
    private let marker: TrustMarker
    private let isDistrusted = Atomic<Bool>(false)
    /// Which blocks of the log may be about whom.
    let filters: BlockFilters
    /// Why what was there could not be believed; nil if it was, or if nothing was there.
    let repair: String?
    /// The sum of the rows that were there, for an index of a version that wrote none.
    private let firstRowSum: UInt64

    static let digestKey = "digest"
    static let filterDigestKey = "filterDigest"
    static let definitionsKey = "definitions"

    /// Opens the index in `directory`, empty if what is there cannot be believed.
    init(directory: String, mapSizeBytes: Int, steps: DurableSteps) throws {
        marker = TrustMarker(directory: directory, steps: steps)
        if !marker.isTrustworthy() { marker.removeIndex() }
        let inspection = IndexInspection(directory: directory)
        if inspection.fault != nil { marker.removeIndex() }
        repair = inspection.fault
        firstRowSum = inspection.fault == nil ? inspection.rowSum : 0
        environment = try Self.open(
            directory,
            options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, durability: .unsynced, steps: steps),
            marker: marker)
        ids = try environment.openTable("ids", key: BytesKey.self, value: SequenceValue.self)
        sources = try environment.openTable("sources", key: BytesKey.self, value: SequenceValue.self)
        fields = try environment.openTable("fields", key: StringKey.self, value: StringValue.self)
        state = try environment.openTable("state", key: StringKey.self, value: UInt64Value.self)
        integrations = try environment.openTable("integrations", key: UInt64Key.self, value: BytesValue.self)
        erasures = try environment.openTable("erasures", key: UInt64Key.self, value: BytesValue.self)
        filters = try BlockFilters(in: environment)
        try marker.noteUse()
    }

    /// Opens the environment; a damaged file is thrown away, since the log has everything it held.
    private static func open(
        _ directory: String, options: EnvironmentOptions, marker: TrustMarker
    ) throws -> Environment {
        do {
            return try Environment(directory: directory, options: options)
        } catch {
            guard error.isFatal else { throw error }
            marker.removeIndex()
            return try Environment(directory: directory, options: options)
        }
    }

    /// Up to which sequence of the log the index stands.
    func sequence(in transaction: borrowing some Transaction & ~Copyable) throws -> UInt64 {
        try state.value(forKey: "sequence", in: transaction) ?? 0
    }

    func setSequence(_ sequence: UInt64, _ names: IndexNames, in transaction: borrowing WriteTransaction) throws {
        try state.put(sequence, forKey: "sequence", in: transaction)
        try setIntegrationSequence(sequence, in: transaction)
        try setErasureSequence(sequence, in: transaction)
        try putDigest(names, in: transaction)
    }

    /// Stores the sum over the rows and the sequences as they are in the transaction.
    func putDigest(_ names: IndexNames, in transaction: borrowing WriteTransaction) throws {
        let digest = names.rowSum &+ (try standingTerm(in: transaction))
        try state.put(digest, forKey: Self.digestKey, in: transaction)
    }

    private func standingTerm(in transaction: borrowing some Transaction & ~Copyable) throws -> UInt64 {
        IndexDigest.term(
            sequence: try sequence(in: transaction), integrations: try integrationSequence(in: transaction),
            erasures: try erasureSequence(in: transaction))
    }

    /// How many definitions the log had when it last said so.
    func definitionCount(in transaction: borrowing some Transaction & ~Copyable) throws -> UInt64 {
        try state.value(forKey: Self.definitionsKey, in: transaction).flatMap { SealedCount.open($0) } ?? 0
    }

    /// Notes that the log has so many definitions.
    func note(definitions count: UInt64) throws {
        try environment.withWriteTransaction { transaction in
            try state.put(SealedCount.seal(count), forKey: Self.definitionsKey, in: transaction)
        }
    }

    /// Up to which sequence the table of integrations stands: behind the rest where a version that did not know the
    /// table wrote the index.
    func integrationSequence(in transaction: borrowing some Transaction & ~Copyable) throws -> UInt64 {
        try state.value(forKey: "integrations", in: transaction) ?? 0
    }

    /// The same of the table of erasures.
    func erasureSequence(in transaction: borrowing some Transaction & ~Copyable) throws -> UInt64 {
        try state.value(forKey: "erasures", in: transaction) ?? 0
    }

    func setErasureSequence(_ sequence: UInt64, in transaction: borrowing WriteTransaction) throws {
        try state.put(sequence, forKey: "erasures", in: transaction)
    }

    func setIntegrationSequence(_ sequence: UInt64, in transaction: borrowing WriteTransaction) throws {
        try state.put(sequence, forKey: "integrations", in: transaction)
    }

    /// Notes that the event stands at that sequence, unless it is known: then returns where it stands.
    ///
    /// - Parameters:
    ///   - names: what is known of sources, and scratch space for the key.
    ///   - cursor: moves to the event's row; that of the event before is near it, as a rule.
    func insert(
        _ event: EventHead, at sequence: UInt64, _ names: inout IndexNames, _ cursor: inout IDCursor,
        in transaction: borrowing WriteTransaction
    ) throws -> UInt64? {
        names.key.removeAll(keepingCapacity: true)
        if event.isErased {
            names.identities.note(event.id)
            IndexKey.append(erased: event.id, to: &names.key)
        } else {
            let number = try number(of: event.source, &names, in: transaction)
            IndexKey.append(source: event.source, number: number, to: &names.key)
            IndexKey.append(id: event.id, to: &names.key)
        }
        let known = try cursor.insertOrRead(sequence, forKey: names.key, in: transaction)
        if known == nil {
            names.lastTerm = IndexDigest.term(.ids, names.key, sequence: sequence)
            names.rowSum &+= names.lastTerm
        }
        return known
    }

    /// Where the events of these keys stand; nil for one that is not known.
    func sequences(of keys: [[UInt8]]) throws -> [UInt64?] {
        try environment.withReadTransaction { [ids] transaction in
            try keys.map { try ids.value(forKey: $0, in: transaction) }
        }
    }

    /// A row of the ids.
    typealias IDCursor = Cursor<BytesKey, SequenceValue>

    /// Takes back the last insertion.
    func removeLast(_ names: inout IndexNames, in transaction: borrowing WriteTransaction) throws {
        _ = try ids.delete(forKey: names.key, in: transaction)
        names.rowSum &-= names.lastTerm
    }

    private func number(
        of source: UnsafeRawBufferPointer, _ names: inout IndexNames, in transaction: borrowing WriteTransaction
    ) throws -> UInt16? {
        if let number = names.sources.number(of: source) { return number }
        guard let number = names.sources.next() else { return nil }
        let text = [UInt8](source)
        try sources.put(UInt64(number), forKey: text, in: transaction)
        names.rowSum &+= IndexDigest.term(.sources, text, sequence: UInt64(number))
        names.sources.set(number, for: text)
        return number
    }

    /// Takes over the types of fields that the event is the first to give a value to.
    func learn(
        from event: Event, _ names: inout IndexNames, in transaction: borrowing WriteTransaction
    ) throws {
        for (name, type) in names.fieldTypes.learn(from: event) {
            try fields.put(type.rawValue, forKey: name, in: transaction)
            names.rowSum &+= IndexDigest.term(.fields, Array(name.utf8), Array(type.rawValue.utf8))
        }
    }

    /// The sources and field types as they are stored.
    func storedNames(in transaction: borrowing some Transaction & ~Copyable) throws -> IndexNames {
        var names = IndexNames()
        try sources.forEach(in: transaction) { source, value in
            if let number = SequenceValue.decode(value) {
                names.sources.set(UInt16(truncatingIfNeeded: number), for: source)
            }
            return .next
        }
        try fields.forEach(in: transaction) { name, value in
            if let type = FieldType(rawValue: String(decoding: value, as: UTF8.self)) {
                names.fieldTypes.set(type, for: name)
            }
            return .next
        }
        names.integrations = try storedEvents(integrations, in: transaction)
        names.erasures = try storedEvents(erasures, in: transaction)
        names.identities = try storedIdentities(in: transaction)
        let digest = try state.value(forKey: Self.digestKey, in: transaction)
        names.rowSum = try digest.map { $0 &- (try standingTerm(in: transaction)) } ?? firstRowSum
        return names
    }

    /// The numbers of sources as they are stored.
    func storedSources(in transaction: borrowing some Transaction & ~Copyable) throws -> [[UInt8]: UInt16] {
        var numbers: [[UInt8]: UInt16] = [:]
        try sources.forEach(in: transaction) { source, value in
            numbers[source] = SequenceValue.decode(value).map { UInt16(truncatingIfNeeded: $0) }
            return .next
        }
        return numbers
    }

    /// Lets the next start build the index anew.
    func distrust() {
        isDistrusted.store(true, ordering: .relaxed)
        marker.remove()
    }

    /// Syncs and marks the index as believable after a restart of the machine.
    func close() throws {
        try environment.sync()
        environment.close()
        if !isDistrusted.load(ordering: .relaxed) { try marker.noteClose() }
    }
}

/// What the index keeps in memory of its small tables.
struct IndexNames {
    var sources = SourceNumbers()
    var fieldTypes = FieldTypes()
    /// The events of integrations, in log order. A shop sends few: when it is connected, and when it changes.
    var integrations: [LoggedEvent] = []
    /// The erasures that are to be worked off, in log order.
    var erasures: [LoggedEvent] = []
    /// By what the events of erased contacts are recognised.
    var identities = ErasedIdentities()
    /// The key of the last event, kept for its space.
    fileprivate(set) var key: [UInt8] = []
    /// The sum over the rows of the index, and what the last id added to it.
    var rowSum: UInt64 = 0
    fileprivate(set) var lastTerm: UInt64 = 0

    /// Adds a row of a table of events to the sum.
    mutating func noteRow(_ place: IndexDigest.Place, _ sequence: UInt64, _ row: [UInt8]) {
        rowSum &+= UInt64Key.withBytes(of: sequence) { key in
            row.withUnsafeBytes { IndexDigest.term(place, key, $0) }
        }
    }
}
