internal import LMDB
internal import SegmentModel

// The table of integrations. Who asks which integrations an audience has need not go through the log for it.
extension EventIndex {
    /// Stores an event of an integration, and adds it to those in memory.
    func note(
        integration event: StoredEvent, _ names: inout IndexNames, in transaction: borrowing WriteTransaction
    ) throws {
        names.integrations.append(try event.logged())
        let row = LoggedRow.encode(event)
        try integrations.put(row, forKey: event.sequence, in: transaction)
        names.noteRow(.integrations, event.sequence, row)
    }

    /// The events of one of the tables of events, in log order.
    func storedEvents(
        _ table: Table<UInt64Key, BytesValue>, in transaction: borrowing some Transaction & ~Copyable
    ) throws -> [LoggedEvent] {
        var events: [LoggedEvent] = []
        try table.forEach(in: transaction) { sequence, bytes in
            events.append(try LoggedRow.decode(bytes, sequence: sequence))
            return .next
        }
        return events
    }
}

extension LogStorage {
    /// Makes up for events that a version without the table put into the index: they are looked for in the log, once.
    func catchUpIntegrations(to standing: UInt64, _ names: inout IndexNames) throws {
        let known = try index.environment.withReadTransaction { try index.integrationSequence(in: $0) }
        guard known < standing else { return }
        try index.environment.withWriteTransaction { transaction in
            _ = try forEachStored(from: known + 1, countMax: .max) { event in
                guard event.sequence <= standing else { return false }
                guard let head = EventHead(event.bytes) else { throw EventBlock.malformed(event.sequence) }
                if head.isIntegration { try index.note(integration: event, &names, in: transaction) }
                return true
            }
            try index.setIntegrationSequence(standing, in: transaction)
            try index.putDigest(names, in: transaction)
        }
    }
}

/// A row of the tables of integrations and erasures: recordedAt and visibleAt, 8 bytes each, little-endian, then the event's binary form.
enum LoggedRow {
    private static let prefixSize = 16

    static func encode(_ event: StoredEvent) -> [UInt8] {
        var row: [UInt8] = []
        row.reserveCapacity(prefixSize + event.bytes.count)
        for instant in [event.recordedAt, event.visibleAt] {
            withUnsafeBytes(of: instant.microseconds.littleEndian) { row.append(contentsOf: $0) }
        }
        row.append(contentsOf: event.bytes)
        return row
    }

    static func decode(_ row: UnsafeRawBufferPointer, sequence: UInt64) throws -> LoggedEvent {
        guard row.count > prefixSize else {
            throw LogError(.damaged(sequence: sequence), "The index has event \(sequence) cut short.")
        }
        func instant(at offset: Int) -> Instant {
            Instant(microseconds: Int64(littleEndian: row.loadUnaligned(fromByteOffset: offset, as: Int64.self)))
        }
        return try StoredEvent(
            sequence: sequence, recordedAt: instant(at: 0), visibleAt: instant(at: 8),
            bytes: UnsafeRawBufferPointer(rebasing: row[prefixSize...])
        ).logged()
    }
}
