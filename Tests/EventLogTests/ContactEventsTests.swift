import Admission
import Glibc
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

/// The law of `events(of:)`: folding them leaves the contact that folding the whole log leaves, up to any event.
@Suite struct ContactEventsTests {
    private static let noon = Instant(microseconds: 1_800_000_000_000_000)

    private static func append(_ events: [Event], to log: EventLog) async throws {
        let admitted = events.enumerated().map { AdmittedEvent(line: $0.offset + 1, event: $0.element) }
        _ = try await log.append(
            AppendRequest(events: AdmittedEvents(admitted), recording: .at(noon), delayMicroseconds: 0))
    }

    @Test(arguments: 0..<20)
    func `a contact's events fold to what the whole log folds to, up to any event`(seed: UInt64) async throws {
        let directory = try TemporaryDirectory()
        let log = try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
        var random = RandomEvents(seed: seed, contacts: 8)
        try await Self.append((0..<400).map { _ in random.next() }, to: log)
        let all = try log.read(from: 1, countMax: .max)
        for contact in (0..<8).map({ Identifier("c\($0)") }) {
            let own = try log.events(of: contact)
            #expect(own.map(\.sequence) == own.map(\.sequence).sorted())
            for end in stride(from: 0, through: all.count, by: 7) {
                let expected = ReferenceFold.contacts(from: Array(all.prefix(end)))[contact]
                let found = ReferenceFold.contacts(from: own.filter { $0.sequence <= UInt64(end) })[contact]
                #expect(found == expected, "seed \(seed), \(contact) after \(end) events")
            }
        }
        try log.close()
    }

    @Test func `events of others come only with an order or a refund that the contact had`() async throws {
        let directory = try TemporaryDirectory()
        let log = try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
        func event(_ id: Identifier, _ fact: Fact) -> Event {
            Event(source: "shop", id: id, time: Self.noon, fact: fact)
        }
        func order(_ number: Identifier, of contact: Identifier) -> Fact {
            .orderPlaced(
                OrderState(
                    key: OrderKey(store: "web", order: number), contact: contact, currency: "EUR",
                    total: Amount(tenThousandths: 10_000)))
        }
        func refund(_ number: Identifier, by contact: Identifier, of order: Identifier) -> Fact {
            .orderRefunded(
                Refund(
                    refund: number, contact: contact, currency: "EUR", amount: Amount(tenThousandths: 1), store: "web",
                    order: order))
        }
        try await Self.append(
            [
                event("1", .orderCancelled(OrderKey(store: "web", order: "7"))),
                event("2", .contactChanged(ContactChange(contact: "bob"))),
                event("3", order("7", of: "bob")), event("4", order("8", of: "bob")),
                event("5", refund("r", by: "eve", of: "7")), event("6", order("7", of: "ada")),
                event("7", .contactErased(contact: "bob")), event("8", .contactErased(contact: "zoe")),
                event("9", refund("q", by: "eve", of: "8")), event("10", refund("r", by: "eve", of: "9")),
                event("11", .contactErased(contact: "eve")),
            ], to: log)
        #expect(try log.events(of: "ada").map(\.sequence) == [1, 3, 5, 6, 7, 10, 11])
        #expect(try log.events(of: "ada", through: 6).map(\.sequence) == [1, 3, 5, 6])
        #expect(try log.events(of: "nobody").isEmpty)
        try log.close()
    }

    /// A log of many blocks in which each of the contacts `rare-N` has few events, far apart.
    private static func longLog(in directory: TemporaryDirectory) async throws -> EventLog {
        let log = try EventLog(directory: directory.path, mapSizeBytes: 256 << 20)
        let padding = String(repeating: "x", count: 400)
        for part in 0..<20 {
            try await append(
                (0..<300).map { number in
                    let contact = Identifier(number == 7 ? "rare-\(part % 5)" : "c\(part)-\(number)")
                    let change = ContactChange(
                        contact: contact, attributes: [AttributeChange(key: .known(.city), value: .text(padding))])
                    return Event(
                        source: "shop", id: Identifier("\(part)-\(number)"), time: noon, fact: .contactChanged(change))
                }, to: log)
        }
        return log
    }

    @Test func `filters leave few blocks to read, and none out`() async throws {
        let directory = try TemporaryDirectory()
        let log = try await Self.longLog(in: directory)
        for number in 0..<5 {
            let contact = Identifier("rare-\(number)")
            let expected = try log.read(from: 1, countMax: .max).filter { $0.event.fact.contact == contact }
            #expect(try log.events(of: contact) == expected)
            #expect(expected.count == 4)
            let (blocks, rest) = try #require(
                try log.storage.index.filters.candidates(for: [.contact(contact)], in: log.storage))
            #expect(blocks.count <= 6, "\(blocks)")
            #expect(rest > 5_000)
        }
        try log.close()
    }

    @Test func `filters are found again, made for what came since, and made anew with the index`() async throws {
        let directory = try TemporaryDirectory()
        var log = try await Self.longLog(in: directory)
        #expect(try log.events(of: "rare-1").count == 4)
        let change = ContactChange(contact: "rare-1")
        try await Self.append(
            [Event(source: "shop", id: "late", time: Self.noon, fact: .contactChanged(change))], to: log)
        #expect(try log.events(of: "rare-1").count == 5)
        try log.close()
        log = try EventLog(directory: directory.path, mapSizeBytes: 256 << 20)
        #expect(try log.events(of: "rare-1").count == 5)
        try log.close()
        for file in ["data.mdb", "lock.mdb", "TRUST"] { #expect(unlink(directory.path("index/" + file)) == 0) }
        log = try EventLog(directory: directory.path, mapSizeBytes: 256 << 20)
        #expect(try log.events(of: "rare-1").count == 5)
        #expect(try log.events(of: "c3-4").count == 1)
        try log.close()
    }

    @Test func `a filter's bytes are those the format describes`() throws {
        // One subject: a word of bits, of which seven or fewer are set.
        var event: [UInt8] = []
        Event(source: "s", id: "1", time: nil, fact: .contactErased(contact: "ada")).encode(into: &event)
        var body: [UInt8] = []
        event.withUnsafeBytes {
            BlockBody.append(
                $0, at: LogTail(sequence: 1, recordedAt: Self.noon, visibleAt: Self.noon), after: .empty, to: &body)
        }
        let filter = try SubjectFilter.encode(EventBlock(start: .empty, count: 1, body: body))
        #expect(filter == [1, 1, 0, 0, 0] + Self.adaBits)
        filter.withUnsafeBytes { bytes in
            #expect(SubjectFilter.eventCount(bytes) == 1)
            #expect(SubjectFilter.admits(bytes, oneOf: [Subject.contact("ada").hash64]))
        }
    }

    /// Stored filters must be found with this for ever.
    private static let adaBits: [UInt8] = [4, 16, 128, 0, 6, 32, 128, 0]
}
