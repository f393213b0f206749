import Admission
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct EventLogTests {
    private let directory: TemporaryDirectory
    private let noon = Instant(microseconds: 1_800_000_000_000_000)
    private let twoHours: Int64 = 7_200_000_000

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open() throws -> EventLog {
        try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
    }

    private func tagged(
        _ id: String, source: Identifier = "shop", time: Instant? = nil, tag: String = "a", line: Int = 1
    ) -> AdmittedEvent {
        let change = ContactChange(contact: "ada", tags: .edit(add: [tag], remove: []))
        return AdmittedEvent(
            line: line,
            event: Event(source: source, id: Identifier(id), time: time, fact: .contactChanged(change)))
    }

    private func field(_ id: String, _ value: AttributeValue, line: Int = 1) -> AdmittedEvent {
        let change = ContactChange(contact: "ada", attributes: [AttributeChange(key: .custom("plan"), value: value)])
        return AdmittedEvent(
            line: line, event: Event(source: "shop", id: Identifier(id), time: nil, fact: .contactChanged(change)))
    }

    private func request(
        _ events: [AdmittedEvent], at instant: Instant, declared: [Identifier: FieldType] = [:]
    ) -> AppendRequest {
        AppendRequest(
            events: AdmittedEvents(events), recording: .at(instant), delayMicroseconds: twoHours,
            declaredTypes: declared)
    }

    @Test func `appended events come back in order with their instants`() async throws {
        let log = try open()
        let receipt = try await log.append(request([tagged("1"), tagged("2")], at: noon))
        #expect(receipt.appended == 2)
        #expect(receipt.firstSequence == 1)
        #expect(receipt.lastSequence == 2)
        let events = try log.read(from: 1, countMax: 10)
        #expect(events.map(\.sequence) == [1, 2])
        #expect(events.map(\.event.id) == ["1", "2"])
        #expect(events.allSatisfy { $0.recordedAt == noon })
        #expect(events.allSatisfy { $0.visibleAt == noon.advanced(byMicroseconds: twoHours) })
        try log.close()
    }

    @Test func `an event sent twice is stored once, in a batch, across batches and after a restart`() async throws {
        let log = try open()
        let first = try await log.append(request([tagged("1"), tagged("1")], at: noon))
        #expect(first.appended == 1)
        #expect(first.duplicates == 1)
        let second = try await log.append(request([tagged("1")], at: noon))
        #expect(second.duplicates == 1)
        #expect(second.firstSequence == nil)
        try log.close()
        let reopened = try open()
        let third = try await reopened.append(request([tagged("1"), tagged("2")], at: noon))
        #expect(third.duplicates == 1)
        #expect(third.firstSequence == 2)
        try reopened.close()
    }

    @Test func `the same source and id with other content is a conflict and changes nothing`() async throws {
        let log = try open()
        _ = try await log.append(request([tagged("1", tag: "a")], at: noon))
        let receipt = try await log.append(request([tagged("1", tag: "b", line: 7)], at: noon))
        #expect(receipt.appended == 0)
        #expect(receipt.conflicts == 1)
        #expect(receipt.problems.map(\.line) == [7])
        #expect(receipt.problems.map(\.code) == ["conflict"])
        #expect(log.tail.sequence == 1)
        try log.close()
    }

    @Test func `source and id together identify an event, not their concatenation`() async throws {
        let log = try open()
        let receipt = try await log.append(
            request([tagged("bc", source: "a"), tagged("c", source: "ab"), tagged("bc", source: "a")], at: noon))
        #expect(receipt.appended == 2)
        #expect(receipt.duplicates == 1)
        try log.close()
    }

    @Test func `recordedAt and visibleAt never fall, whatever the clock and the delay do`() async throws {
        let log = try open()
        _ = try await log.append(request([tagged("1")], at: noon))
        var earlier = request([tagged("2")], at: noon.advanced(byMicroseconds: -1_000_000))
        earlier.delayMicroseconds = 0
        _ = try await log.append(earlier)
        let events = try log.read(from: 1, countMax: 10)
        #expect(events.map(\.recordedAt) == [noon, noon])
        #expect(events.map(\.visibleAt) == [events[0].visibleAt, events[0].visibleAt])
        try log.close()
    }

    @Test func `a virtual clock records each event when it occurred`() async throws {
        let log = try open()
        let events = [tagged("1", time: noon), tagged("2"), tagged("3", time: noon.advanced(byMicroseconds: -5))]
        let request = AppendRequest(events: AdmittedEvents(events), recording: .whenOccurred, delayMicroseconds: 10)
        _ = try await log.append(request)
        let read = try log.read(from: 1, countMax: 10)
        #expect(read.map(\.recordedAt) == [noon, noon, noon])
        #expect(read.map(\.occurredAt) == [noon, noon, noon.advanced(byMicroseconds: -5)])
        try log.close()
    }

    @Test func `concurrent requests are all stored, each once, without gaps`() async throws {
        let log = try open()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for sender in 0..<20 {
                group.addTask {
                    var appended = 0
                    for number in 0..<10 {
                        appended += try await log.append(request([tagged("\(sender)-\(number)")], at: noon)).appended
                    }
                    return appended
                }
            }
            var total = 0
            for try await appended in group { total += appended }
            #expect(total == 200)
        }
        #expect(try log.read(from: 1, countMax: 1_000).map(\.sequence) == Array(1...200))
        try log.close()
    }

    @Test func `a field takes the type of its first value and refuses others by name`() async throws {
        let log = try open()
        let receipt = try await log.append(
            request([field("1", .text("gold")), field("2", .number(Number(5)), line: 2)], at: noon))
        #expect(receipt.appended == 1)
        #expect(receipt.problems.map(\.code) == ["field_type"])
        #expect(receipt.problems.map(\.pointer) == ["/data/fields/plan"])
        #expect(log.fieldTypes == ["plan": .text])
        try log.close()
        let reopened = try open()
        #expect(reopened.fieldTypes == ["plan": .text])
        let later = try await reopened.append(request([field("2", .number(Number(5)))], at: noon))
        #expect(later.problems.count == 1)
        let corrected = try await reopened.append(request([field("2", .text("silver"))], at: noon))
        #expect(corrected.appended == 1)
        try reopened.close()
    }

    @Test func `events refused among many others are not taken for known ones, nor others for them`() async throws {
        let log = try open()
        var random = SeededGenerator(seed: 4)
        _ = try await log.append(request([field("0", .text("gold"))], at: noon))
        // In no order, over many pages of the index: a refused one is taken out of it where the last was put in.
        let events = (1...3_000).map { "\($0 * 7)-\($0 % 3)" }.shuffled(using: &random).map { id in
            field(id, random.chance(0.3) ? .number(Number(1)) : .text("silver"))
        }
        let first = try await log.append(request(events, at: noon))
        #expect((600...1_200).contains(first.problems.count))
        #expect(first.appended == events.count - first.problems.count)
        let again = try await log.append(request(events.shuffled(using: &random), at: noon))
        #expect(again.duplicates == first.appended && again.conflicts == 0)
        #expect(again.problems.count == first.problems.count)
        try log.close()
    }

    @Test func `a declared date is checked as a date`() async throws {
        let log = try open()
        let receipt = try await log.append(
            request(
                [field("1", .text("2026-02-28")), field("2", .text("2026-02-30"), line: 2)], at: noon,
                declared: ["plan": .date]))
        #expect(receipt.appended == 1)
        #expect(receipt.problems.map(\.line) == [2])
        try log.close()
    }

    @Test func `a lost index is built anew from the log`() async throws {
        let log = try open()
        _ = try await log.append(request([tagged("1"), field("2", .text("gold"))], at: noon))
        try log.close()
        for name in ["data.mdb", "lock.mdb", "TRUST"] { try directory.remove("index/" + name) }
        let reopened = try open()
        #expect(reopened.fieldTypes == ["plan": .text])
        #expect(try await reopened.append(request([tagged("1")], at: noon)).duplicates == 1)
        try reopened.close()
    }

    @Test func `an index of an unclean machine start is not believed`() async throws {
        let log = try open()
        _ = try await log.append(request([tagged("1")], at: noon))
        try log.close()
        try directory.write("dirty another-boot\n", to: "index/TRUST")
        try directory.write("not a database", to: "index/data.mdb")
        let reopened = try open()
        #expect(try await reopened.append(request([tagged("1")], at: noon)).duplicates == 1)
        try reopened.close()
    }

    @Test func `a damaged index is thrown away and built anew`() async throws {
        let log = try open()
        _ = try await log.append(request([tagged("1")], at: noon))
        try log.close()
        try directory.write("not a database, although it was closed cleanly", to: "index/data.mdb")
        let reopened = try open()
        #expect(try await reopened.append(request([tagged("1")], at: noon)).duplicates == 1)
        try reopened.close()
    }

    @Test func `a damaged log is said to be damaged`() async throws {
        let log = try open()
        _ = try await log.append(request([tagged("1")], at: noon))
        try log.close()
        try directory.write(String(repeating: "not a database", count: 1_000), to: "log/data.mdb")
        let error = #expect(throws: LogError.self) { try open() }
        #expect(error?.kind == .damaged(sequence: nil))
    }

    @Test func `definitions come back in order`() throws {
        let log = try open()
        #expect(try log.define(["kind": "first"]) == 1)
        #expect(try log.define(["kind": "second"]) == 2)
        try log.close()
        let reopened = try open()
        #expect(try reopened.definitions() == [["kind": "first"], ["kind": "second"]])
        try reopened.close()
    }
}
