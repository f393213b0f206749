import Admission
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

/// Rows of the log changed behind its back: found, named, never served.
@Suite struct BlockDamageTests {
    private let directory: TemporaryDirectory

    /// A log of two full blocks and three plain rows.
    init() async throws {
        directory = try TemporaryDirectory()
        let log = try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
        var number = 0
        for size in [2_400, 5, 6, 7] {
            let events = (number..<number + size).map { number in
                let text = Identifier("\(number)-" + String(repeating: "x", count: 50))
                return AdmittedEvent(
                    line: 1, event: Event(source: "shop", id: text, time: nil, fact: .contactErased(contact: "ada")))
            }
            number += size
            _ = try await log.append(
                AppendRequest(
                    events: AdmittedEvents(events), recording: .at(Instant(microseconds: 5)), delayMicroseconds: 9))
        }
        try log.close()
    }

    private func withRows<Result>(
        _ body: (Table<UInt64Key, BytesValue>, borrowing WriteTransaction) throws -> Result
    ) throws -> Result {
        let environment = try Environment(
            directory: directory.path + "/log", options: EnvironmentOptions(mapSizeBytes: 64 << 20))
        defer { environment.close() }
        let table = try environment.openTable("events", key: UInt64Key.self, value: BytesValue.self)
        return try environment.withWriteTransaction { try body(table, $0) }
    }

    private func rows() throws -> [(key: UInt64, record: [UInt8])] {
        try withRows { table, transaction in
            var rows: [(UInt64, [UInt8])] = []
            try table.forEach(in: transaction) { key, bytes in
                rows.append((key, [UInt8](bytes)))
                return .next
            }
            return rows
        }
    }

    /// Opens and reads all of the log.
    private func readAll() throws {
        let log = try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
        defer { try? log.close() }
        #expect(try log.read(from: 1, countMax: .max).count == 2_418)
    }

    @Test func `the undamaged log reads`() throws {
        let rows = try rows()
        #expect(rows.filter { $0.record[5] == 1 }.count == 2)
        #expect(rows.filter { $0.record[5] == 0 }.count >= 3)
        try readAll()
    }

    @Test(arguments: 0..<5) func `a changed byte anywhere is found and its block named`(row: Int) throws {
        let (key, record) = try rows()[row]
        for offset in [1, 5, 6, 13, 14, 29, 30, 31, record.count / 2, record.count - 1] {
            try withRows { table, transaction in
                var bad = record
                bad[offset] ^= 0x10
                try table.put(bad, forKey: key, in: transaction)
            }
            let error = #expect(throws: LogError.self) { try readAll() }
            #expect(error?.kind == .damaged(sequence: key))
            #expect(error?.message.contains("event \(key)") == true)
        }
        try withRows { table, transaction in try table.put(record, forKey: key, in: transaction) }
        try readAll()
    }

    @Test(arguments: 0..<4) func `a missing row is found, and the first event of it named`(row: Int) throws {
        let key = try rows()[row].key
        try withRows { table, transaction in _ = try table.delete(forKey: key, in: transaction) }
        let error = #expect(throws: LogError.self) { try readAll() }
        #expect(error?.kind == .damaged(sequence: key))
    }

    @Test func `a lost end is found by the index`() throws {
        let key = try #require(try rows().last).key
        try withRows { table, transaction in _ = try table.delete(forKey: key, in: transaction) }
        let error = #expect(throws: LogError.self) { try readAll() }
        #expect(error?.kind == .damaged(sequence: 2_418))
    }

    @Test func `a log of an older version is refused by name, and its index left alone`() throws {
        try withRows { table, transaction in
            try table.put([1] + [UInt8](repeating: 0, count: 60), forKey: 1, in: transaction)
        }
        try directory.write("clean\n", to: "index/TRUST")
        let error = #expect(throws: LogError.self) {
            _ = try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
        }
        #expect(error?.kind == .unsupportedFormat)
        #expect(error?.message.contains("version 1") == true)
        #expect(FileText.read(directory.path("index/TRUST")) == "clean\n")
    }
}
