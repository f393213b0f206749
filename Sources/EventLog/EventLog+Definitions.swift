internal import Admission
internal import LMDB
public import SegmentModel
internal import Synchronization

extension EventLog {
    /// Appends a definition record, durably.
    ///
    /// - Returns: the record's number, 1, 2, 3 …
    @discardableResult
    public func define(_ definition: JSONValue) throws(LogError) -> UInt64 {
        try define([definition])
    }

    /// Appends definition records, durably, all or none.
    ///
    /// Definitions are rare, so they are written on the caller's thread; LMDB's lock keeps this writer and the events'
    /// apart. Waits for at most one commit of events.
    ///
    /// - Returns: the number of the last of them, 1, 2, 3 …
    @discardableResult
    public func define(_ definitions: [JSONValue]) throws(LogError) -> UInt64 {
        do {
            return try defining.withLock { _ in try store(definitions, in: storage) }
        } catch {
            throw LogError.wrapping(error)
        }
    }

    private func store(_ definitions: [JSONValue], in storage: LogStorage) throws -> UInt64 {
        return try storage.environment.withWriteTransaction { transaction in
            var number = try storage.definitions.last(in: transaction)?.key ?? 0
            for definition in definitions {
                number += 1
                let record = DefinitionRecord.encode(definition, number: number)
                try record.withUnsafeBytes {
                    try storage.definitions.appendBytes($0, forKey: number, in: transaction)
                }
            }
            return number
        }
    }

    /// All definition records in order, each checked.
    public func definitions() throws(LogError) -> [JSONValue] {
        do {
            let storage = storage
            return try storage.environment.withReadTransaction { transaction in
                var found: [JSONValue] = []
                try storage.definitions.forEach(from: nil, in: transaction) { number, bytes in
                    guard number == UInt64(found.count + 1) else {
                        throw LogError(.damaged(sequence: number), "Definition \(found.count + 1) is missing.")
                    }
                    found.append(try DefinitionRecord.decode(bytes, number: number))
                    return .next
                }
                return found
            }
        } catch {
            throw LogError.wrapping(error)
        }
    }
}

/// The bytes of a definition: a seal of version 1, then JSON text.
private enum DefinitionRecord {
    private static let version: UInt8 = 1

    static func encode(_ definition: JSONValue, number: UInt64) -> [UInt8] {
        var record: [UInt8] = [version, 0, 0, 0, 0]
        record.append(contentsOf: definition.text.utf8)
        RecordSeal.close(&record, number: number)
        return record
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, number: UInt64) throws -> JSONValue {
        guard bytes.count >= RecordSeal.size, bytes[0] == version else {
            throw LogError(.unsupportedFormat, "Definition \(number) is of a version this segmentd does not read.")
        }
        guard RecordSeal.isIntact(bytes, number: number) else {
            throw LogError(
                .damaged(sequence: number),
                "Definition \(number) is damaged: its checksum does not match. Restore the log from a backup.")
        }
        do {
            return try JSONDocument.parse(Array(bytes[RecordSeal.size...]))
        } catch {
            throw LogError(.damaged(sequence: number), "Definition \(number) is not JSON: \(error)")
        }
    }
}
