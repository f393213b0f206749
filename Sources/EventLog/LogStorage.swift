internal import LMDB
internal import SegmentModel
internal import Synchronization

/// The log's two environments and their tables.
final class LogStorage: Sendable {
    let environment: Environment
    /// Blocks of events by the sequence of their first.
    let events: Table<UInt64Key, BytesValue>
    let definitions: Table<UInt64Key, BytesValue>
    let index: EventIndex
    /// How often the log has been rewritten in its life.
    let generation: UInt64
    /// What events of erased contacts are recognised by; nil: they are not.
    let digestKey: DigestKey?
    private let published = Mutex(
        (
            tail: LogTail.empty, types: [Identifier: FieldType](), integrations: [LoggedEvent](),
            erasures: [LoggedEvent]()
        ))

    /// - Parameter scratch: where an index is built, of its own; then nothing is written to the log or its directory. Nil:
    ///   log and index are those of the directory.
    init(
        directory: String, mapSizeBytes: Int, steps: DurableSteps, digestKey: DigestKey?, scratch: String? = nil
    ) throws {
        self.digestKey = digestKey
        let tables = try Self.checkFile(in: directory)
        environment = try Environment(
            directory: directory + "/log",
            options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, isReadOnly: scratch != nil, steps: steps))
        events = try environment.openTable(Self.eventsName, key: UInt64Key.self, value: BytesValue.self)
        definitions = try environment.openTable(Self.definitionsName, key: UInt64Key.self, value: BytesValue.self)
        generation = tables.contains(Self.rewritesName) ? try Self.generation(in: environment) : 0
        // A log of another version is refused before the index is touched.
        try environment.withReadTransaction { [events] transaction in
            guard let first = try events.first(in: transaction) else { return }
            try first.value.withUnsafeBytes { try EventBlock.checkVersion($0, firstSequence: first.key) }
        }
        index = try EventIndex(
            directory: (scratch ?? directory) + "/index", mapSizeBytes: mapSizeBytes, steps: steps)
    }

    /// The end of the log as of the last commit.
    var tail: LogTail { published.withLock { $0.tail } }

    /// The types of custom fields as of the last commit.
    var fieldTypes: [Identifier: FieldType] { published.withLock { $0.types } }

    /// The events of integrations as of the last commit, in log order.
    var integrations: [LoggedEvent] { published.withLock { $0.integrations } }

    /// The erasures that are to be worked off as of the last commit, in log order.
    var erasures: [LoggedEvent] { published.withLock { $0.erasures } }

    func publish(_ tail: LogTail, _ names: IndexNames) {
        published.withLock { $0 = (tail, names.fieldTypes.inferred, names.integrations, names.erasures) }
    }

    /// Brings the index up to the log's end; a missing or disbelieved one is built anew.
    ///
    /// - Parameter step: called before each transaction; what it throws ends the work, and the next goes on from there.
    /// - Returns: the index's sources and types of custom fields as of the log's end.
    func catchUpIndex(to end: UInt64, _ step: () throws -> Void = {}) throws -> IndexNames {
        var (standing, names) = try index.environment.withReadTransaction { transaction in
            (try index.sequence(in: transaction), try index.storedNames(in: transaction))
        }
        guard standing <= end else {
            throw LogError(
                .damaged(sequence: standing),
                "The index knows event \(standing), which the log does not hold: events at the log's end were lost.")
        }
        try checkDefinitions()
        try catchUpIntegrations(to: standing, &names)
        try catchUpErasures(to: standing, &names)
        while standing < end {
            try step()
            standing = try index.environment.withWriteTransaction { transaction in
                var ids = try transaction.cursor(over: index.ids)
                let next = try forEachStored(from: standing + 1, countMax: LogWriter.transactionEventsMax) { event in
                    try note(event, &names, &ids, in: transaction)
                    return true
                }
                try index.setSequence(next - 1, names, in: transaction)
                return next - 1
            }
        }
        return names
    }

    /// Refuses a log that lost definitions: their number is in the index too.
    private func checkDefinitions() throws {
        let known = try index.environment.withReadTransaction { try index.definitionCount(in: $0) }
        let stored = try environment.withReadTransaction { try definitions.last(in: $0)?.key ?? 0 }
        guard known <= stored else {
            throw LogError(
                .damaged(sequence: nil),
                "The index knows definition \(known), which the log does not hold: definitions at its end were lost.")
        }
        if known < stored { try index.note(definitions: stored) }
    }

    private func note(
        _ event: StoredEvent, _ names: inout IndexNames, _ ids: inout EventIndex.IDCursor,
        in transaction: borrowing WriteTransaction
    ) throws {
        guard let head = EventHead(event.bytes) else { throw EventBlock.malformed(event.sequence) }
        _ = try index.insert(head, at: event.sequence, &names, &ids, in: transaction)
        if head.isIntegration { try index.note(integration: event, &names, in: transaction) }
        if head.isErasure { try index.note(erasure: event, &names, in: transaction) }
        guard head.isContactChange else { return }
        try index.learn(from: try event.logged().event, &names, in: transaction)
    }
}
