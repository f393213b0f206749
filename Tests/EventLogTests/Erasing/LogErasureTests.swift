import Admission
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct LogErasureTests {
    private typealias Log = ErasedLog

    @Test func `events of an erased contact become holes at the same sequences and instants`() async throws {
        let log = try Log()
        try await log.append([
            ("1", Log.changed("eva", email: "eva@x.test")), ("2", Log.changed("bob", email: "bob@x.test")),
            ("3", Log.ordered("o1", by: "eva")), ("4", Log.cancelled("o1")),
            ("5", Log.refunded("r1", by: "eva", of: "o1")),
            ("6", Log.erased("eva")), ("7", Log.changed("eva", email: "new@x.test")),
        ])
        let before = try log.events()
        try await log.erase()
        let after = try log.events()
        #expect(after.map(\.sequence) == before.map(\.sequence))
        #expect(after.map(\.visibleAt) == before.map(\.visibleAt))
        for place in [0, 2, 3, 4, 5] {
            #expect(after[place].event.fact == .hole)
            #expect(after[place].event.source == "")
        }
        #expect(after[1] == before[1])
        #expect(after[6] == before[6], "a later life begins anew")
        #expect(log.log.erasures.isEmpty)
        var holes = 0
        _ = try log.log.forEachStored(from: 1, countMax: .max) { event in
            holes += event.isHole ? 1 : 0
            return true
        }
        #expect(holes == 5)
        try log.log.close()
    }

    @Test func `no file has anything of it, and the log opens again`() async throws {
        let log = try Log()
        try await log.append([
            ("event-of-eva", Log.changed("eva-17", email: "eva@x.test")),
            ("2", Log.ordered("order-4711", by: "eva-17")),
            ("3", Log.changed("bob", email: "bob@x.test")), ("4", Log.erased("eva-17")),
        ])
        #expect(try !Log.files(in: log.home.path, with: "eva-17").isEmpty)
        try await log.erase()
        try log.log.close()
        for canary in ["eva-17", "eva@x.test", "order-4711", "event-of-eva"] {
            #expect(try Log.files(in: log.home.path, with: canary) == [], "\(canary)")
        }
        #expect(try !Log.files(in: log.home.path, with: "bob@x.test").isEmpty)
        let reopened = try Log.open(log.home.path)
        #expect(try log.events(of: reopened).map(\.sequence) == [1, 2, 3, 4])
        try reopened.close()
    }

    @Test func `an erased event that is sent again is a duplicate, also after the index was built anew`() async throws {
        let log = try Log()
        let facts = [("1", Log.changed("eva", email: "eva@x.test")), ("2", Log.erased("eva"))]
        try await log.append(facts)
        try await log.erase()
        let again = try await log.append(facts + [("3", Log.changed("bob", email: "b@x.test"))])
        #expect(again.duplicates == 2)
        #expect(again.appended == 1)
        // What it said is not known any more, so that other content is no conflict.
        let other = try await log.append([("1", Log.changed("eva", email: "other@x.test"))])
        #expect(other.duplicates == 1)
        #expect(other.conflicts == 0)
        var rehearsal = try log.log.rehearsal()
        let lines = facts.map {
            AdmittedEvent(line: 1, event: Event(source: "shop", id: Identifier($0.0), time: nil, fact: $0.1))
        }
        #expect(try rehearsal.append(AdmittedEvents(lines), declaredTypes: [:]).duplicates == 2)
        try log.log.close()
        try log.home.remove("index")
        let reopened = try Log.open(log.home.path)
        #expect(try await log.append(facts, to: reopened).duplicates == 2)
        try reopened.close()
    }

    @Test func `an order that went on to another contact keeps what that contact's history needs, and no name`()
        async throws
    {
        let log = try Log()
        try await log.append([
            ("1", Log.ordered("o1", by: "eva", placedAt: Log.noon)), ("2", Log.ordered("o1", by: "bob")),
            ("3", Log.ordered("o2", by: "eva")), ("4", Log.erased("eva")),
        ])
        let before = ReferenceFold.contacts(from: try log.events())
        try await log.erase()
        let events = try log.events()
        #expect(ReferenceFold.contacts(from: events) == before)
        #expect(before["bob"]?.orders.first?.placedAt == Log.noon)
        #expect(events.map { $0.event.fact.contact?.text } == ["\u{1}4", "bob", nil, "\u{1}4"])
        // The other contact goes too: nothing of either is left then.
        try await log.append([("5", Log.erased("bob"))])
        try await log.erase()
        #expect(try log.events().allSatisfy { $0.event.fact == .hole })
        try log.log.close()
    }

    @Test func `a cancellation that waits for an order of nobody goes on waiting`() async throws {
        let log = try Log()
        try await log.append([
            ("1", Log.refunded("r1", by: "eva", of: "o1")), ("2", Log.cancelled("o1")), ("3", Log.erased("eva")),
        ])
        try await log.erase()
        #expect(try log.events()[1].event.fact == Log.cancelled("o1"))
        try log.log.close()
    }

    @Test func `what is appended and defined while a log is rewritten is in the new one`() async throws {
        let log = try Log()
        try await log.append([("1", Log.changed("eva", email: "eva@x.test")), ("2", Log.erased("eva"))])
        try log.log.define(["kind": "before"])
        let rewrite = try await log.log.rewrite(erasing: log.log.erasures, through: log.log.tail.sequence)
        let large = String(repeating: "x", count: 30_000)
        for number in 3...12 { try await log.append([("\(number)", Log.changed("bob", email: large))]) }
        try log.log.define(["kind": "meanwhile"])
        try await log.log.exchange(for: rewrite)
        try await log.append([("13", Log.changed("bob", email: "b@x.test"))])
        try log.log.define(["kind": "after"])
        #expect(try log.events().map(\.sequence) == Array(1...13))
        #expect(try log.log.definitions().count == 3)
        #expect(try await log.append([("12", Log.changed("bob", email: large))]).duplicates == 1)
        try log.log.close()
        let reopened = try Log.open(log.home.path)
        #expect(try log.events(of: reopened).map(\.sequence) == Array(1...13))
        try reopened.close()
    }

    @Test func `a rewriting that was ended leaves the log as it was`() async throws {
        let log = try Log()
        try await log.append([("1", Log.changed("eva", email: "eva@x.test")), ("2", Log.erased("eva"))])
        let before = try log.events()
        await #expect(throws: LogError.self) {
            _ = try await log.log.rewrite(
                erasing: log.log.erasures, through: 2, isCancelled: { true })
        }
        #expect(try log.events() == before)
        #expect(try await log.append([("3", Log.changed("bob", email: "b@x.test"))]).appended == 1)
        try log.log.close()
    }
}
