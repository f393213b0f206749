import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct LogRecordTests {
    private let recordedAt = Instant(microseconds: 1_800_000_000_000_000)
    private let event = Event(
        source: "shop", id: "1", time: nil,
        fact: .contactChanged(ContactChange(contact: "ada", tags: .set(["vip"]))))

    private func record(sequence: UInt64) -> [UInt8] {
        var encoded: [UInt8] = []
        event.encode(into: &encoded)
        var record: [UInt8] = []
        LogRecord.encode(
            event: encoded, sequence: sequence, recordedAt: recordedAt, visibleAt: recordedAt, into: &record)
        return record
    }

    @Test func `a record reads back as what was written`() throws {
        let read = try record(sequence: 9).withUnsafeBytes { try LogRecord.decode($0, sequence: 9) }
        #expect(read == LoggedEvent(sequence: 9, recordedAt: recordedAt, visibleAt: recordedAt, event: event))
    }

    @Test func `every flipped bit is noticed`() {
        let good = record(sequence: 9)
        for bit in 0..<(good.count * 8) {
            var bad = good
            bad[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: LogError.self) { try bad.withUnsafeBytes { try LogRecord.decode($0, sequence: 9) } }
        }
    }

    @Test func `every truncation is noticed`() {
        let good = record(sequence: 9)
        for count in 0..<good.count {
            #expect(throws: LogError.self) {
                try good[..<count].withUnsafeBytes { try LogRecord.decode($0, sequence: 9) }
            }
        }
    }

    @Test func `a record under another sequence is damage`() {
        let bytes = record(sequence: 9)
        #expect(throws: LogError.self) { try bytes.withUnsafeBytes { try LogRecord.decode($0, sequence: 10) } }
    }

    @Test func `the checksum is CRC-32C with its published check value`() {
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { CRC32C.checksum($0) } == 0xE306_9283)
    }
}
