public import Admission
internal import LMDB
public import SegmentModel

/// What appends would do, found out without storing anything.
///
/// Batches are taken as if each had been appended before the next: events known from earlier ones are known, and fields
/// have the types that they gave. The log itself may go on meanwhile; a batch is compared with it as it then is.
public struct LogRehearsal: Sendable {
    private let storage: LogStorage
    private var sources: SourceNumbers
    private var fieldTypes: FieldTypes
    private let identities: ErasedIdentities
    /// The events that would have been appended: a fingerprint of the content of each, by its key in the index.
    private var earlier: [[UInt8]: Int] = [:]

    init(storage: LogStorage) throws {
        self.storage = storage
        let names = try storage.index.environment.withReadTransaction { try storage.index.storedNames(in: $0) }
        sources = names.sources
        fieldTypes = names.fieldTypes
        identities = names.identities
    }

    /// What would become of the batch.
    public mutating func append(
        _ events: AdmittedEvents, declaredTypes: [Identifier: FieldType]
    ) throws(LogError) -> RehearsalReceipt {
        do {
            return try events.bytes.withUnsafeBytes { try receipt(for: events, $0, declaredTypes) }
        } catch {
            throw LogError.wrapping(error)
        }
    }

    private mutating func receipt(
        for events: AdmittedEvents, _ bytes: UnsafeRawBufferPointer, _ declaredTypes: [Identifier: FieldType]
    ) throws -> RehearsalReceipt {
        let (heads, keys) = try headsAndKeys(of: events, bytes)
        var sequences = try storage.index.sequences(of: keys)
        try recognise(events, bytes, &sequences)
        var fieldChanges = events.eventsWithFields[...]
        var receipt = RehearsalReceipt()
        var known: [KnownEvent] = []
        var problems: [(position: Int, problem: Rejection)] = []
        for (position, key) in keys.enumerated() {
            let fieldChange = fieldChanges.first?.position == position ? fieldChanges.removeFirst().event : nil
            if let sequence = sequences[position] {
                known.append(KnownEvent(sequence: sequence, position: position))
            } else if let content = earlier[key] {
                guard content != Self.fingerprint(bytes[events.range(at: position)]) else {
                    receipt.duplicates += 1
                    continue
                }
                receipt.conflicts += 1
                problems.append((position, try Rejection(conflict: events[position], place: "stands further up")))
            } else if let event = try fieldChange?.event, let problem = mismatch(event, events[position], declaredTypes)
            {
                problems.append((position, problem))
            } else {
                earlier[key] = Self.fingerprint(bytes[events.range(at: position)])
                receipt.appended += 1
                if let type = heads[position] { receipt.types[type, default: 0] += 1 }
            }
        }
        let conflicts = try KnownEvent.conflicts(among: known, in: events, bytes) { [storage] sequence in
            try storage.environment.withReadTransaction { try storage.block(holding: sequence, in: $0) }
        }
        receipt.conflicts += conflicts.count
        receipt.duplicates += known.count - conflicts.count
        problems += try conflicts.map { ($0.position, try $0.rejection(in: events)) }
        receipt.problems = problems.sorted { $0.position < $1.position }.map(\.problem)
        return receipt
    }

    /// Finds the events of erased contacts, which the index knows by other keys.
    private func recognise(
        _ events: AdmittedEvents, _ bytes: UnsafeRawBufferPointer, _ sequences: inout [UInt64?]
    ) throws {
        guard !identities.isEmpty else { return }
        try storage.index.environment.withReadTransaction { transaction in
            for position in events.indices where sequences[position] == nil {
                guard let head = EventHead(UnsafeRawBufferPointer(rebasing: bytes[events.range(at: position)])) else {
                    continue
                }
                sequences[position] = try storage.sequence(ofErased: head, identities, in: transaction)
            }
        }
    }

    /// The type and the key in the index of each event.
    private mutating func headsAndKeys(
        of events: AdmittedEvents, _ bytes: UnsafeRawBufferPointer
    ) throws -> (types: [String?], keys: [[UInt8]]) {
        var types: [String?] = []
        var keys: [[UInt8]] = []
        for position in events.indices {
            guard let head = EventHead(UnsafeRawBufferPointer(rebasing: bytes[events.range(at: position)])) else {
                throw LogError(.storage, "An event was encoded in a form that cannot be read.")
            }
            var key: [UInt8] = []
            IndexKey.append(source: head.source, number: sources.number(of: head.source), to: &key)
            IndexKey.append(id: head.id, to: &key)
            types.append(head.code?.type.description)
            keys.append(key)
        }
        return (types, keys)
    }

    /// Refuses an event whose fields have other types; learns from it otherwise.
    private mutating func mismatch(
        _ event: Event, _ admitted: AdmittedEvent, _ declaredTypes: [Identifier: FieldType]
    ) -> Rejection? {
        if let problem = fieldTypes.mismatch(in: event, line: admitted.line, declared: declaredTypes) { return problem }
        _ = fieldTypes.learn(from: event)
        return nil
    }

    private static func fingerprint(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes))
        return hasher.finalize()
    }
}

/// What would become of a batch.
public struct RehearsalReceipt: Equatable, Sendable {
    /// Events that would be appended, and how many of them there are of each type.
    public var appended = 0
    public var types: [String: Int] = [:]
    public var duplicates = 0
    public var conflicts = 0
    /// Conflicts and values of another type than their field's, in the order of the batch.
    public var problems: [Rejection] = []
}

extension EventLog {
    /// Begins a rehearsal of appends.
    public func rehearsal() throws(LogError) -> LogRehearsal {
        do {
            return try LogRehearsal(storage: storage)
        } catch {
            throw LogError.wrapping(error)
        }
    }
}
