internal import LMDB
public import SegmentModel

/// What a log holds, read from front to back.
public struct LogContents: Equatable, Sendable {
    /// Of the last event; 0 if there is none.
    public var lastSequence: UInt64 = 0
    /// When the last event was recorded and becomes visible.
    public var recordedAt = Instant.earliest
    public var visibleAt = Instant.earliest
    /// CRC-32C over all events with their sequences and instants: equal for equal logs, however they are stored.
    public var digest: UInt32 = 0
    /// All definition records, in order.
    public var definitions: [JSONValue] = []
}

/// The file of a log that nobody has open.
public enum LogFile {
    /// Reads all of the log in an audience's directory and checks everything that can be checked of it: pages, records,
    /// sequences, instants, the form of events. Nothing is written, and the log is not opened.
    ///
    /// Cost: reading the file once, and some microseconds for each event.
    ///
    /// - Parameter visit: called for each event, in order.
    public static func read(
        directory: String, visit: (StoredEvent) throws -> Void = { _ in }
    ) throws(LogError) -> LogContents {
        do {
            var chain = LogChain()
            var contents = LogContents()
            let summary = try EnvironmentFile.check(directory: directory + "/log", readsValues: true) {
                table, key, value in
                guard let value, let number = UInt64Key.decode(key) else { return }
                switch table {
                case LogStorage.eventsName: try chain.take(EventBlock(value, firstSequence: number), visit)
                case LogStorage.definitionsName:
                    try contents.definitions.append(
                        DefinitionRecord.decode(value, number: number, in: contents.definitions))
                default: break
                }
            }
            try LogStorage.check(summary)
            contents.lastSequence = chain.end.sequence
            contents.recordedAt = chain.end.recordedAt
            contents.visibleAt = chain.end.visibleAt
            contents.digest = chain.digest
            return contents
        } catch {
            throw LogError.wrapping(error)
        }
    }
}

extension DefinitionRecord {
    /// The record of that number, which must be the one after those that came before.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, number: UInt64, in found: [JSONValue]
    ) throws -> JSONValue {
        guard number == UInt64(found.count + 1) else {
            throw LogError(.damaged(sequence: nil), "Definition \(found.count + 1) is missing.")
        }
        return try decode(bytes, number: number)
    }
}

extension LogStorage {
    static let eventsName = "events"
    static let definitionsName = "definitions"

    /// Looks at the file before LMDB does, which believes whatever a page says of itself.
    ///
    /// - Returns: the names of the tables there are.
    static func checkFile(in directory: String) throws -> Set<String> {
        let summary = try EnvironmentFile.check(directory: directory + "/log")
        try check(summary)
        return Set(summary?.tables.keys.map { $0 } ?? [])
    }

    /// A table whose name was damaged would look like an empty log.
    static func check(_ summary: FileSummary?) throws(LogError) {
        guard summary?.lacks(oneOf: [eventsName, definitionsName]) == true else { return }
        throw LogError(.damaged(sequence: nil), "The log lacks one of its tables, and has another that nobody knows.")
    }
}

extension LogError {
    /// Damage that was found in the log's file, with the events or definitions that it hits.
    init(_ damage: FileDamage) {
        func number(_ key: [UInt8]?) -> UInt64? { key.flatMap { $0.withUnsafeBytes { UInt64Key.decode($0) } } }
        let (first, end) = (number(damage.lowerKey), number(damage.upperKey))
        let isEvents = damage.table == LogStorage.eventsName
        let subject = isEvents ? "Events" : "Definitions"
        let lost =
            switch (damage.table, first, end) {
            case (LogStorage.eventsName, _, _), (LogStorage.definitionsName, _, _):
                " \(subject) from \(first ?? 1)\(end.map { " to \($0 - min($0, 1))" } ?? " on") cannot be read."
            default: ""
            }
        self.init(
            .damaged(sequence: isEvents ? first ?? 1 : nil),
            "The log's file is damaged: \(damage).\(lost) \(Self.remedy)")
    }

    /// What to do about a damaged log.
    static let remedy = """
        Keep the directory as it is, and restore a backup, or save what is sound with segment-replay salvage.
        """
}
