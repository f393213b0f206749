import Admission
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct EventBlockTests {
    private static let start = LogTail(
        sequence: 8, recordedAt: Instant(microseconds: 1_800_000_000_000_000),
        visibleAt: Instant(microseconds: 1_800_007_200_000_000))

    /// Events with the ends of the log they make: instants stand still, rise, and rise by different amounts.
    private static func events(_ count: Int) -> [(bytes: [UInt8], tail: LogTail)] {
        var random = RandomEvents(seed: 1)
        var tail = start
        return (0..<count).map { number in
            tail.sequence += 1
            tail.recordedAt.microseconds += [0, 0, 1, 5_000_000][number % 4]
            tail.visibleAt.microseconds += [0, 0, 1, 0, 9_000_000][number % 5]
            return (random.next().encoded, tail)
        }
    }

    private static func record(_ form: EventBlock.Form, count: Int = 20) throws -> [UInt8] {
        var body: [UInt8] = []
        var end = start
        for (bytes, tail) in events(count) {
            bytes.withUnsafeBytes { BlockBody.append($0, at: tail, after: end, to: &body) }
            end = tail
        }
        return try body.withUnsafeBytes {
            try EventBlock.encode($0, form == .frame ? BlockCompressor() : nil, count: count, start: start)
        }
    }

    private static func visit(_ record: [UInt8], firstSequence: UInt64 = 9) throws -> [LoggedEvent] {
        let block = try record.withUnsafeBytes { try EventBlock($0, firstSequence: firstSequence) }
        var found: [LoggedEvent] = []
        _ = try block.forEach { event in
            found.append(try event.logged())
            return true
        }
        return found
    }

    @Test(arguments: [EventBlock.Form.plain, .frame])
    func `a block reads back as the events it was made of`(form: EventBlock.Form) throws {
        let expected = try Self.events(20).map { bytes, tail in
            LoggedEvent(
                sequence: tail.sequence, recordedAt: tail.recordedAt, visibleAt: tail.visibleAt,
                event: try Event(decoding: bytes))
        }
        #expect(try Self.visit(Self.record(form)) == expected)
    }

    @Test(arguments: [EventBlock.Form.plain, .frame])
    func `every flipped bit of a block is noticed and named by its first event`(form: EventBlock.Form) throws {
        let good = try Self.record(form, count: 3)
        for bit in 0..<(good.count * 8) {
            var bad = good
            bad[bit / 8] ^= 1 << (bit % 8)
            let error = #expect(throws: LogError.self) { try Self.visit(bad) }
            #expect(error?.kind == (bit < 8 ? .unsupportedFormat : .damaged(sequence: 9)))
        }
    }

    @Test(arguments: [EventBlock.Form.plain, .frame])
    func `every truncation of a block is noticed`(form: EventBlock.Form) throws {
        let good = try Self.record(form, count: 3)
        for count in 0..<good.count {
            let error = #expect(throws: LogError.self) { try Self.visit(Array(good[..<count])) }
            #expect(error?.kind == .damaged(sequence: 9))
        }
    }

    @Test func `a block under another sequence is damage`() throws {
        let record = try Self.record(.frame)
        #expect(throws: LogError.self) { try Self.visit(record, firstSequence: 10) }
    }

    @Test(arguments: [EventBlock.Form.plain, .frame])
    func `a block that is sealed but says something untrue of itself is damage`(form: EventBlock.Form) throws {
        let good = try Self.record(form)
        // Form, number of events, size of the body.
        for (offset, value) in [(5, UInt8(2)), (6, 0), (6, 19), (6, 21), (10, good[10] ^ 1), (13, 0xFF)] {
            var bad = good
            bad[offset] = value
            RecordSeal.close(&bad, number: 9)
            let error = #expect(throws: LogError.self) { try Self.visit(bad) }
            #expect(error?.kind == .damaged(sequence: 9))
        }
    }

    @Test func `a sealed body of any bytes is read or refused, never trapped on`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let size = Int.random(in: 0..<40, using: &random)
            let body = (0..<size).map { _ in
                random.pick([0, 1, 2, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)])
            }
            let block = EventBlock(start: Self.start, count: Int.random(in: 0..<5, using: &random), body: body)
            do {
                var visited = 0
                let isWhole = try block.forEach { event in
                    visited += 1 + event.bytes.count
                    return true
                }
                #expect(isWhole && visited <= size)
            } catch {
                #expect((error as? LogError)?.kind == .damaged(sequence: 9))
            }
        }
    }

    @Test func `a visit starts where it is told to and ends when it is told to`() throws {
        let block = try Self.record(.frame).withUnsafeBytes { try EventBlock($0, firstSequence: 9) }
        var visited: [UInt64] = []
        let isWhole = try block.forEach(from: 12) { event in
            visited.append(event.sequence)
            return event.sequence < 14
        }
        #expect(visited == [12, 13, 14])
        #expect(!isWhole)
        #expect(try block.end() == Self.events(20).last?.tail)
    }

    @Test func `the example of the format's page is stored as the page says`() async throws {
        let directory = try TemporaryDirectory()
        let log = try EventLog(directory: directory.path, mapSizeBytes: 1 << 20)
        let event = Event(
            source: "web", id: "7", time: Instant(microseconds: 1),
            fact: .orderCancelled(OrderKey(store: "s", order: "o")))
        let nine = Instant(microseconds: 1_769_850_000_000_000)
        _ = try await log.append(
            AppendRequest(
                events: AdmittedEvents([AdmittedEvent(line: 1, event: event)]), recording: .at(nine),
                delayMicroseconds: 7_200_000_000))
        let stored = try log.storage.environment.withReadTransaction { try log.storage.events.first(in: $0) }
        #expect(stored?.key == 1)
        let expected =
            "0226D9CBAD00010000001C0000000040D400014023FF0040D400014023FF0E8088E8FDA4B5C27180A0BAD235"
            + "010105037765620137020173016F"
        let digits = (stored?.value ?? []).flatMap { [$0 >> 4, $0 & 15] }
        #expect(digits.map { String($0, radix: 16, uppercase: true) }.joined() == expected)
        try log.close()
    }

    @Test func `the checksum is CRC-32C with its published check value`() {
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { CRC32C.checksum($0) } == 0xE306_9283)
    }
}
