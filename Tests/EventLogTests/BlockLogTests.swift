import Admission
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

/// The log as its blocks fill: over many commits, reopenings, repeated events, failures and damage.
@Suite struct BlockLogTests {
    private let directory: TemporaryDirectory
    private let noon = Instant(microseconds: 1_800_000_000_000_000)

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open(mapSizeBytes: Int = 256 << 20) throws -> EventLog {
        try EventLog(directory: directory.path, mapSizeBytes: mapSizeBytes)
    }

    private func request(_ events: [Event], at instant: Instant) -> AppendRequest {
        let admitted = events.enumerated().map { AdmittedEvent(line: $0.offset + 1, event: $0.element) }
        return AppendRequest(
            events: AdmittedEvents(admitted), recording: .at(instant), delayMicroseconds: 7_200_000_000)
    }

    /// An event of about 130 bytes: some 500 make a block full.
    private func opened(_ number: Int, url: String = "https://shop.test/spring") -> Event {
        let filler = String(repeating: "p", count: 60)
        return Event(
            source: "mail", id: Identifier(String(number)), time: noon,
            fact: .campaignActivity(
                CampaignActivity(
                    kind: .opened, contact: Identifier("contact-\(number % 97)"), campaign: "spring",
                    url: "\(url)/\(filler)/\(number % 13)")))
    }

    private func opened(_ numbers: Range<Int>) -> [Event] { numbers.map { opened($0) } }

    /// Calls the body with the rows of the closed log.
    private func withRows(
        _ body: (Table<UInt64Key, BytesValue>, borrowing WriteTransaction) throws -> Void
    ) throws {
        let environment = try Environment(
            directory: directory.path + "/log", options: EnvironmentOptions(mapSizeBytes: 256 << 20))
        defer { environment.close() }
        let table = try environment.openTable("events", key: UInt64Key.self, value: BytesValue.self)
        try environment.withWriteTransaction { try body(table, $0) }
    }

    private func rows() throws -> [(key: UInt64, form: UInt8)] {
        var rows: [(UInt64, UInt8)] = []
        try withRows { table, transaction in
            try table.forEach(in: transaction) { key, bytes in
                rows.append((key, bytes[5]))
                return .next
            }
        }
        return rows
    }

    @Test(arguments: 0..<4) func `commits of any sizes store each event once, as sent`(seed: UInt64) async throws {
        var sizes = SeededGenerator(seed: seed)
        var source = RandomEvents(seed: seed)
        var stored: [Event] = []
        var known: [String: [UInt8]] = [:]
        var log = try open()
        for commit in 0..<40 {
            let events = (0..<sizes.pick([1, 1, 2, 10, 100, 700])).map { _ in source.next() }
            var expected = AppendReceipt()
            for event in events {
                let name = event.source.text + " " + event.id.text
                switch known[name] {
                case nil:
                    known[name] = event.encoded
                    stored.append(event)
                    expected.appended += 1
                case event.encoded: expected.duplicates += 1
                default: expected.conflicts += 1
                }
            }
            let receipt = try await log.append(request(events, at: noon.advanced(byMicroseconds: Int64(commit))))
            #expect(receipt.appended == expected.appended)
            #expect(receipt.duplicates == expected.duplicates)
            #expect(receipt.conflicts == expected.conflicts)
            #expect(receipt.problems.map(\.line) == receipt.problems.map(\.line).sorted())
            guard sizes.chance(0.2) else { continue }
            try log.close()
            log = try open()
            #expect(log.tail.sequence == UInt64(stored.count))
        }
        let read = try log.read(from: 1, countMax: .max)
        #expect(read.map(\.event) == stored.map(\.canonical))
        #expect(read.map(\.sequence) == Array(1...UInt64(stored.count)))
        #expect(zip(read, read.dropFirst()).allSatisfy { $0.recordedAt <= $1.recordedAt })
        #expect(read.allSatisfy { $0.visibleAt.microseconds - $0.recordedAt.microseconds == 7_200_000_000 })
        try log.close()
    }

    @Test func `full blocks are compressed, and less than one block is left plain behind them`() async throws {
        let log = try open()
        for number in 0..<60 { _ = try await log.append(request(opened(number * 30..<number * 30 + 30), at: noon)) }
        try log.close()
        let rows = try rows()
        let fullCount = rows.prefix { $0.form == 1 }.count
        #expect(fullCount >= 3)
        #expect(rows.dropFirst(fullCount).allSatisfy { $0.form == 0 })
        #expect(rows.count < 30)
    }

    @Test func `a log reopened at every size goes on where it stood`() async throws {
        var number = 0
        for size in [1, 1, 2, 3, 200, 300, 1, 500, 1, 1_000, 2] {
            let log = try open()
            #expect(log.tail.sequence == UInt64(number))
            let receipt = try await log.append(
                request(opened(number..<number + size), at: noon.advanced(byMicroseconds: Int64(number))))
            #expect(receipt.firstSequence == UInt64(number + 1))
            number += size
            try log.close()
        }
        let log = try open()
        #expect(try log.read(from: 1, countMax: .max).map(\.event) == opened(0..<number))
        try log.close()
    }

    @Test func `reading starts at any event and stops where it is told to`() async throws {
        let log = try open()
        for number in 0..<8 { _ = try await log.append(request(opened(number * 200..<number * 200 + 200), at: noon)) }
        for first in [1, 2, 199, 500, 777, 1_201, 1_600] as [UInt64] {
            var seen: [UInt64] = []
            let next = try log.forEachStored(from: first, countMax: 350) { event in
                seen.append(event.sequence)
                return event.sequence != 1_300
            }
            let last = min(1_600, first + 349, first > 1_300 ? .max : 1_300)
            #expect(seen == Array(first...last))
            #expect(next == last + 1)
        }
        #expect(try log.forEachStored(from: 1_601, countMax: 10) { _ in true } == 1_601)
        #expect(try log.forEachStored(from: 5, countMax: 0) { _ in true } == 5)
        try log.close()
    }

    @Test func `going on block by block visits every event once`() async throws {
        let log = try open()
        for number in 0..<8 { _ = try await log.append(request(opened(number * 200..<number * 200 + 200), at: noon)) }
        var seen: [UInt64] = []
        var ends: [UInt64] = [1]
        while let next = ends.last {
            let after = try log.forEachStored(inBlockOf: next) { event in
                seen.append(event.sequence)
                return true
            }
            if after == next { break }
            ends.append(after)
        }
        #expect(seen == Array(1...1_600))
        #expect(ends.count > 3)
        // In the middle of the first block, until the body says no; then to the block's end.
        #expect(try log.forEachStored(inBlockOf: 17) { $0.sequence < 30 } == 31)
        #expect(try log.forEachStored(inBlockOf: 17) { _ in true } == ends[1])
        try log.close()
    }

    @Test func `stored events are handed out in their binary form`() async throws {
        let log = try open()
        _ = try await log.append(request(opened(0..<700), at: noon))
        var expected = opened(0..<700).map(\.encoded)[...]
        _ = try log.forEachStored(from: 1, countMax: .max) { event in
            #expect(event.bytes.elementsEqual(expected.removeFirst()))
            return true
        }
        #expect(expected.isEmpty)
        try log.close()
    }

    @Test func `what the visitor throws comes out and leaves the log as it was`() async throws {
        let log = try open()
        _ = try await log.append(request(opened(0..<3), at: noon))
        let refusal = LogError(.storage, "not now")
        let error = #expect(throws: LogError.self) {
            _ = try log.forEachStored(from: 1, countMax: 3) { _ in throw refusal }
        }
        #expect(error?.message == "not now")
        #expect(try log.read(from: 1, countMax: 9).count == 3)
        try log.close()
    }

    @Test func `duplicates and conflicts with old blocks, new ones and the batch itself are told apart`() async throws {
        let log = try open()
        _ = try await log.append(request(opened(0..<2_000), at: noon))
        var numbers = SeededGenerator(seed: 5)
        var batch: [Event] = []
        var conflicts: [Int] = []
        for line in 1...1_500 {
            // New events among them fill a block while the batch is appended, so that some known ones are in it.
            let number = Int.random(in: 0..<2_800, using: &numbers)
            let isOther = number < 2_000 && numbers.chance(0.1)
            if isOther { conflicts.append(line) }
            batch.append(opened(number, url: isOther ? "https://shop.test/other" : "https://shop.test/spring"))
        }
        let fresh = Set(batch.map(\.id)).count { Int($0.text) ?? 0 >= 2_000 }
        let receipt = try await log.append(request(batch, at: noon))
        #expect(receipt.appended == fresh)
        #expect(receipt.conflicts == conflicts.count)
        #expect(receipt.duplicates == batch.count - fresh - conflicts.count)
        #expect(receipt.problems.map(\.line) == conflicts)
        #expect(Set(receipt.problems.map(\.code)) == ["conflict"])
        try log.close()
    }

    @Test func `conflicts and wrong types are reported in the order of the batch`() async throws {
        func plan(_ id: Identifier, _ value: AttributeValue) -> Event {
            let change = ContactChange(
                contact: "ada", attributes: [AttributeChange(key: .custom("plan"), value: value)])
            return Event(source: "shop", id: id, time: nil, fact: .contactChanged(change))
        }
        let log = try open()
        _ = try await log.append(request([plan("1", .text("gold")), plan("2", .text("gold"))], at: noon))
        let five = AttributeValue.number(Number(5))
        let receipt = try await log.append(
            request([plan("3", five), plan("2", five), plan("4", five), plan("1", five), plan("5", five)], at: noon))
        #expect(receipt.problems.map(\.line) == [1, 2, 3, 4, 5])
        #expect(
            receipt.problems.map(\.code) == ["field_type", "conflict", "field_type", "conflict", "field_type"])
        #expect(log.tail.sequence == 2)
        try log.close()
    }

    @Test func `an index that is gone is built anew from blocks`() async throws {
        let log = try open()
        let sources = (0..<1_200).map {
            Event(
                source: Identifier("s\($0 % 300)"), id: Identifier("\($0)"), time: nil,
                fact: .contactErased(contact: "ada"))
        }
        _ = try await log.append(request(opened(0..<1_000), at: noon))
        _ = try await log.append(request(sources, at: noon))
        try log.close()
        for name in ["data.mdb", "lock.mdb", "TRUST"] { try directory.remove("index/" + name) }
        let reopened = try open()
        let receipt = try await reopened.append(request(sources.reversed() + opened(0..<1_001), at: noon))
        #expect(receipt.duplicates == 2_200)
        #expect(receipt.appended == 1)
        try reopened.close()
    }

    @Test func `a commit that fails leaves no trace of itself`() async throws {
        // Ids and texts that do not compress, in a map too small for the second batch.
        var random = SeededGenerator(seed: 9)
        func events(_ count: Int) -> [Event] {
            (0..<count).map { _ in
                let text = (0..<8).map { _ in String(random.next(), radix: 36) }.joined()
                return Event(
                    source: "shop", id: Identifier(text), time: nil, fact: .contactErased(contact: Identifier(text)))
            }
        }
        let log = try open(mapSizeBytes: 1 << 20)
        let first = events(900)
        _ = try await log.append(request(first, at: noon))
        let error = await #expect(throws: LogError.self) { try await log.append(request(events(20_000), at: noon)) }
        #expect(error?.kind == .full)
        #expect(log.tail.sequence == 900)
        let last = events(30)
        #expect(try await log.append(request(first + last, at: noon)).appended == 30)
        #expect(try log.read(from: 1, countMax: .max).map(\.event) == first + last)
        try log.close()
        let reopened = try open(mapSizeBytes: 1 << 20)
        #expect(try reopened.read(from: 1, countMax: .max).map(\.event) == first + last)
        try reopened.close()
    }

    @Test func `readers see whole commits while blocks are replaced beneath them`() async throws {
        let log = try open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<40 {
                    _ = try await log.append(self.request(self.opened(number * 50..<number * 50 + 50), at: self.noon))
                }
            }
            group.addTask {
                var seen: UInt64 = 0
                while seen < 2_000, !Task.isCancelled {
                    let committed = log.tail.sequence
                    var last: UInt64 = 0
                    let next = try log.forEachStored(from: 1, countMax: .max) { event in
                        guard event.sequence == last + 1 else { return false }
                        last = event.sequence
                        return true
                    }
                    #expect(next == last + 1)
                    #expect(last >= committed && last % 50 == 0)
                    guard next == last + 1, last % 50 == 0 else { return }
                    seen = last
                    await Task.yield()
                }
            }
            try await group.waitForAll()
        }
        try log.close()
    }

    @Test func `a shop's events take few bytes, ids included`() async throws {
        let log = try open()
        for number in 0..<20 {
            let events = opened(number * 1_000..<number * 1_000 + 1_000)
            _ = try await log.append(request(events, at: noon.advanced(byMicroseconds: Int64(number))))
        }
        let used = try log.storage.environment.usage.usedBytes + log.storage.index.environment.usage.usedBytes
        #expect(used / 20_000 < 60)
        try log.close()
    }
}
