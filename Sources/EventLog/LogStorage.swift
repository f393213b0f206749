internal import LMDB
internal import SegmentModel
internal import Synchronization

/// The log's two environments and their tables.
final class LogStorage: Sendable {
    let environment: Environment
    let events: Table<UInt64Key, BytesValue>
    let definitions: Table<UInt64Key, BytesValue>
    let index: EventIndex
    private let published = Mutex((tail: LogTail.empty, types: FieldTypes()))

    init(directory: String, mapSizeBytes: Int) throws {
        environment = try Environment(
            directory: directory + "/log", options: EnvironmentOptions(mapSizeBytes: mapSizeBytes))
        events = try environment.openTable("events", key: UInt64Key.self, value: BytesValue.self)
        definitions = try environment.openTable("definitions", key: UInt64Key.self, value: BytesValue.self)
        index = try EventIndex(directory: directory + "/index", mapSizeBytes: mapSizeBytes)
    }

    /// The end of the log as of the last commit.
    var tail: LogTail { published.withLock { $0.tail } }

    /// The types of custom fields as of the last commit.
    var fieldTypes: [String: FieldType] { published.withLock { $0.types.inferred } }

    func publish(_ tail: LogTail, _ types: FieldTypes) {
        published.withLock { $0 = (tail, types) }
    }

    /// Reads the end of the log from disk.
    func storedTail() throws -> LogTail {
        try environment.withReadTransaction { transaction in
            guard let last = try events.last(in: transaction) else { return LogTail.empty }
            let event = try last.value.withUnsafeBytes { try LogRecord.decode($0, sequence: last.key) }
            return LogTail(sequence: last.key, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
        }
    }

    /// Brings the index up to the log's end; a missing or disbelieved one is built anew.
    ///
    /// - Returns: the types of the custom fields as of the log's end.
    func catchUpIndex() throws -> FieldTypes {
        var types = try storedFieldTypes()
        let standing = try index.environment.withReadTransaction { try index.sequence(in: $0) }
        guard try standing <= storedTail().sequence else {
            throw LogError(
                .damaged(sequence: standing),
                "The index knows event \(standing), which the log does not hold: events at the log's end were lost.")
        }
        var next = standing + 1
        while true {
            let events = try read(from: next, countMax: LogWriter.transactionEventsMax, bytesMax: Self.readBytesMax)
            guard let last = events.last else { return types }
            try index.environment.withWriteTransaction { transaction in
                var key: [UInt8] = []
                for logged in events {
                    EventIndex.key(of: logged.event, into: &key)
                    try index.ids.put(logged.sequence, forKey: key, in: transaction)
                    for (name, type) in types.learn(from: logged.event) {
                        try index.fields.put(type.rawValue, forKey: name, in: transaction)
                    }
                }
                try index.setSequence(last.sequence, in: transaction)
            }
            next = last.sequence + 1
        }
    }

    private func storedFieldTypes() throws -> FieldTypes {
        var types = FieldTypes()
        try index.environment.withReadTransaction { transaction in
            try index.fields.forEach(from: nil, in: transaction) { name, value in
                if let type = FieldType(rawValue: String(decoding: value, as: UTF8.self)) { types.set(type, for: name) }
                return .next
            }
        }
        return types
    }

    /// Bytes of records taken in one read transaction, so that none grows old.
    static let readBytesMax = 16 << 20

    /// Events from `first` on, in order, each checked, as many as the bounds allow; empty at the log's end.
    func read(from first: UInt64, countMax: Int, bytesMax: Int) throws -> [LoggedEvent] {
        try environment.withReadTransaction { transaction in
            var found: [LoggedEvent] = []
            var bytesRead = 0
            var expected = first
            try events.forEach(from: first, in: transaction) { sequence, bytes in
                guard sequence == expected else {
                    throw LogError(.damaged(sequence: expected), "Event \(expected) is missing from the log.")
                }
                found.append(try LogRecord.decode(bytes, sequence: sequence))
                expected += 1
                bytesRead += bytes.count
                return found.count < countMax && bytesRead < bytesMax ? .next : .stop
            }
            return found
        }
    }
}
