internal import Glibc
internal import LMDB
public import SegmentModel

/// What was saved of a damaged log, and what was not.
public struct SalvagedLog: Sendable {
    /// Events that were saved.
    public var eventCount: UInt64 = 0
    /// Sequences in the damaged log whose events are lost; those at its end only as far as the index knows of them.
    public var lostSequences: [ClosedRange<UInt64>] = []
    /// Which events those were, as far as the index still knows, by sequence; at most `LogSalvage.lostEventsMax`.
    public var lostEvents: [LostEvent] = []
    /// Definition records that were saved, in order, each with its number in the damaged log.
    public var definitions: [(number: UInt64, record: JSONValue)] = []
    /// Numbers of definitions that are lost.
    public var lostDefinitions: [UInt64] = []
    /// What was found to be wrong with the file; empty if only records were damaged.
    public var damages: [String] = []

    /// The last sequence in the damaged log of an event that was saved.
    var lastFound: UInt64 = 0

    public init() {}

    public var lostCount: UInt64 { lostSequences.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) + 1 } }
    /// Whether events that were saved have other sequences than in the damaged log: events before them are lost.
    public var isRenumbered: Bool { (lostSequences.first?.lowerBound).map { $0 <= eventCount } ?? false }

    /// An event that is lost.
    public struct LostEvent: Equatable, Sendable {
        public var sequence: UInt64
        public var source: String
        public var id: String
    }
}

/// Saves what is sound of a damaged log.
///
/// Every record has a checksum over itself and its key, so it is known of each whether it is what was written. Records are
/// looked for where the trees lead, and in leaves that nothing leads to any more. The damaged log is only read.
public enum LogSalvage {
    /// Lost events that are named one by one.
    public static let lostEventsMax = 10_000

    /// Writes the sound events of the log in the audience's directory `damaged` into a new log in `directory`, which must
    /// exist and be empty; definitions are handed back to be looked at. Events keep their instants and are numbered
    /// 1, 2, 3 … anew.
    ///
    /// Takes as much disk again in `directory` while it runs.
    public static func run(from damaged: String, to directory: String, mapSizeBytes: Int) throws(LogError)
        -> SalvagedLog
    {
        do {
            var found = SalvagedLog()
            let pile = directory + "/salvage"
            try gather(from: damaged, in: pile, mapSizeBytes: mapSizeBytes, &found)
            try rebuild(from: pile, to: directory, mapSizeBytes: mapSizeBytes, &found)
            for name in ["data.mdb", "lock.mdb"] { unlink(pile + "/" + name) }
            rmdir(pile)
            nameLost(by: damaged, &found)
            return found
        } catch {
            throw LogError.wrapping(error)
        }
    }

    // MARK: Gathering

    /// Puts every record whose checksum is right into an environment of its own, in the order of their numbers.
    private static func gather(
        from damaged: String, in pile: String, mapSizeBytes: Int, _ found: inout SalvagedLog
    ) throws {
        let environment = try Environment(
            directory: pile, options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, durability: .unsynced))
        defer { environment.close() }
        let events = try environment.openTable("events", key: UInt64Key.self, value: BytesValue.self)
        var definitions: [UInt64: JSONValue] = [:]
        var waiting: [(first: UInt64, record: [UInt8])] = []
        var waitingBytes = 0
        func store() throws {
            // The first of a number wins: what the tree leads to comes before what nothing leads to.
            try environment.withWriteTransaction { transaction in
                for (first, record) in waiting { _ = try events.insert(record, forKey: first, in: transaction) }
            }
            (waiting, waitingBytes) = ([], 0)
        }
        let damages = try EnvironmentFile.salvage(directory: LogExchange.log(in: damaged)) { _, key, value in
            guard let number = UInt64Key.decode(key), let value, value.count > RecordSeal.size,
                RecordSeal.isIntact(value, number: number)
            else { return }
            if let record = intactBlock(value, number) {
                waiting.append((number, record))
                waitingBytes += record.count
                if waitingBytes >= waitingBytesMax { try store() }
            } else if definitions[number] == nil, let record = try? DefinitionRecord.decode(value, number: number) {
                definitions[number] = record
            }
        }
        try store()
        found.damages = damages.map { "\($0)" }
        found.definitions = definitions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let last = found.definitions.last?.number ?? 0
        found.lostDefinitions = (1..<last + 1).filter { definitions[$0] == nil }
    }

    private static let waitingBytesMax = 16 << 20

    /// The record if it is a block that reads from front to back. The version is not under the checksum: where only that was
    /// changed, the block is sound.
    private static func intactBlock(_ value: UnsafeRawBufferPointer, _ first: UInt64) -> [UInt8]? {
        var record = [UInt8](value)
        guard record.count >= EventBlock.headerSize, first > 0 else { return nil }
        record[0] = EventBlock.version
        let isSound = record.withUnsafeBytes { bytes in
            guard let block = try? EventBlock(bytes, firstSequence: first) else { return false }
            return
                (try? block.forEach { event in
                    _ = try event.logged()
                    return true
                }) == true
        }
        return isSound ? record : nil
    }

    // MARK: Building

    private static func rebuild(
        from pile: String, to directory: String, mapSizeBytes: Int, _ found: inout SalvagedLog
    ) throws {
        let source = try Environment(
            directory: pile, options: EnvironmentOptions(mapSizeBytes: mapSizeBytes, durability: .unsynced))
        defer { source.close() }
        let blocks = try source.openTable("events", key: UInt64Key.self, value: BytesValue.self)
        let target = try Environment(
            directory: directory + "/log", options: EnvironmentOptions(mapSizeBytes: mapSizeBytes))
        defer { target.close() }
        let events = try target.openTable(LogStorage.eventsName, key: UInt64Key.self, value: BytesValue.self)
        _ = try target.openTable(LogStorage.definitionsName, key: UInt64Key.self, value: BytesValue.self)
        let compressor = BlockCompressor()
        var open = OpenBlock(after: .empty)
        var isAtEnd = false
        while !isAtEnd {
            try target.withWriteTransaction { transaction in
                isAtEnd = true
                var room = LogWriter.transactionEventsMax
                try source.withReadTransaction { reading in
                    try blocks.forEach(from: found.lastFound + 1, in: reading) { first, record in
                        guard room > 0 else {
                            isAtEnd = false
                            return .stop
                        }
                        let block = try EventBlock(record, firstSequence: first)
                        room -= block.count
                        found.note(block)
                        _ = try block.forEach(from: found.lastFound + 1) { event in
                            open.append(event.bytes, at: open.end.next(event))
                            try open.closeIfFull(events, with: compressor, in: transaction)
                            return true
                        }
                        found.lastFound = max(found.lastFound, block.lastSequence)
                        return .next
                    }
                }
                try open.storeRest(events, in: transaction)
            }
        }
        found.eventCount = open.end.sequence
    }

    // MARK: Naming

    /// Asks the index what the lost events were, and how far the log went.
    private static func nameLost(by damaged: String, _ found: inout SalvagedLog) {
        var sources: [UInt64: String] = [:]
        var standing: UInt64 = 0
        // Whatever can be read of it: these are hints, and no part of what is saved.
        _ = try? EnvironmentFile.salvage(directory: damaged + "/index") { table, key, value in
            guard let value else { return }
            if table == "sources", let number = SequenceValue.decode(value) {
                sources[number] = String(decoding: key, as: UTF8.self)
            } else if table == "state", String(decoding: key, as: UTF8.self) == "sequence" {
                standing = UInt64Value.decode(value) ?? 0
            }
        }
        if standing > found.lastFound { found.lostSequences.append(found.lastFound + 1...standing) }
        guard !found.lostSequences.isEmpty else { return }
        var events: [SalvagedLog.LostEvent] = []
        let lost = found.lostSequences
        _ = try? EnvironmentFile.salvage(directory: damaged + "/index") { table, key, value in
            guard table == "ids", events.count < lostEventsMax, let value, let sequence = SequenceValue.decode(value),
                lost.contains(where: { $0.contains(sequence) }), let (source, id) = IndexKey.texts(of: key, sources)
            else { return }
            events.append(SalvagedLog.LostEvent(sequence: sequence, source: source, id: id))
        }
        found.lostEvents = events.sorted { $0.sequence < $1.sequence }
    }
}

extension SalvagedLog {
    /// Notes what lies between the last event found and the block.
    fileprivate mutating func note(_ block: EventBlock) {
        guard block.firstSequence > lastFound + 1 else { return }
        lostSequences.append(lastFound + 1...(block.firstSequence - 1))
    }
}

extension LogTail {
    /// The end of the log after an event that keeps its instants.
    fileprivate func next(_ event: StoredEvent) -> LogTail {
        LogTail(
            sequence: sequence + 1, recordedAt: max(event.recordedAt, recordedAt),
            visibleAt: max(event.visibleAt, visibleAt))
    }
}
