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
        let last = try storage.environment.withWriteTransaction { transaction in
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
        // Were it not written, the index would only know of fewer than there are.
        try? storage.index.note(definitions: last)
        return last
    }

    /// All definition records in order, each checked.
    public func definitions() throws(LogError) -> [JSONValue] {
        do {
            let storage = storage
            return try storage.environment.withReadTransaction { transaction in
                var found: [JSONValue] = []
                try storage.definitions.forEach(from: nil, in: transaction) { number, bytes in
                    found.append(try DefinitionRecord.decode(bytes, number: number, in: found))
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
enum DefinitionRecord {
    private static let version: UInt8 = 1

    static func encode(_ definition: JSONValue, number: UInt64) -> [UInt8] {
        var record: [UInt8] = [version, 0, 0, 0, 0]
        record.append(contentsOf: definition.text.utf8)
        RecordSeal.close(&record, number: number)
        return record
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, number: UInt64) throws -> JSONValue {
        guard let stored = bytes.first, bytes.count >= RecordSeal.size else {
            throw LogError(.damaged(sequence: nil), "Definition \(number) is cut off. \(LogError.remedy)")
        }
        guard stored == version else {
            throw LogError(
                .unsupportedFormat,
                """
                Definition \(number) is stored in version \(stored) of its format; this version of segmentd reads version \
                \(version).
                """)
        }
        guard RecordSeal.isIntact(bytes, number: number) else {
            throw LogError(
                .damaged(sequence: number),
                "Definition \(number) is damaged: its checksum does not match. \(LogError.remedy)")
        }
        do {
            return try JSONDocument.parse(Array(bytes[RecordSeal.size...]))
        } catch {
            throw LogError(.damaged(sequence: number), "Definition \(number) is not JSON: \(error)")
        }
    }
}
