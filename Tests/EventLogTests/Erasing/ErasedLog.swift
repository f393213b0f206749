import Admission
import FoundationEssentials
import LMDB
import SegmentModel
import TestSupport

@testable import EventLog

/// A log of one shop's contacts, to erase some of.
struct ErasedLog {
    static let key = DigestKey(Array("a secret of enough bytes".utf8))
    static let noon = Instant(microseconds: 1_800_000_000_000_000)

    let home: TemporaryDirectory
    let log: EventLog

    init(steps: DurableSteps = .system) throws {
        home = try TemporaryDirectory()
        log = try Self.open(home.path, steps: steps)
    }

    static func open(_ path: String, steps: DurableSteps = .system) throws -> EventLog {
        try EventLog(directory: path, mapSizeBytes: 64 << 20, steps: steps, digestKey: key)
    }

    /// Appends facts, each as an event of its own; returns the receipt.
    @discardableResult
    func append(_ facts: [(id: String, fact: Fact)], to other: EventLog? = nil) async throws -> AppendReceipt {
        let events = facts.enumerated().map { index, fact in
            AdmittedEvent(
                line: index + 1,
                event: Event(source: "shop", id: Identifier(fact.id), time: nil, fact: fact.fact))
        }
        return try await (other ?? log).append(
            AppendRequest(events: AdmittedEvents(events), recording: .at(Self.noon), delayMicroseconds: 0))
    }

    /// Works off every erasure in the log.
    func erase(
        at step: @escaping @Sendable (RewriteStep) throws -> Void = { _ in }
    ) async throws {
        let rewrite = try await log.rewrite(erasing: log.erasures, through: log.tail.sequence)
        try await log.exchange(for: rewrite, step)
        try log.discardFormer()
    }

    /// Every event, read anew.
    func events(of other: EventLog? = nil) throws -> [LoggedEvent] {
        try (other ?? log).read(from: 1, countMax: .max)
    }

    static func changed(_ contact: String, email: String) -> Fact {
        .contactChanged(
            ContactChange(
                contact: Identifier(contact),
                attributes: [AttributeChange(key: .known(.email), value: .text(email))]))
    }

    static func ordered(_ order: String, by contact: String, placedAt: Instant? = nil) -> Fact {
        .orderPlaced(
            OrderState(
                key: OrderKey(store: "web", order: Identifier(order)), contact: Identifier(contact), currency: "EUR",
                total: Amount(tenThousandths: 70_000), placedAt: placedAt))
    }

    static func refunded(_ refund: String, by contact: String, of order: String?) -> Fact {
        .orderRefunded(
            Refund(
                refund: Identifier(refund), contact: Identifier(contact), currency: "EUR",
                amount: Amount(tenThousandths: 10_000), store: order.map { _ in "web" },
                order: order.map { Identifier($0) }))
    }

    static func cancelled(_ order: String) -> Fact {
        .orderCancelled(OrderKey(store: "web", order: Identifier(order)))
    }

    static func erased(_ contact: String) -> Fact { .contactErased(contact: Identifier(contact)) }

    /// The files below a directory that have the bytes of a text in them.
    static func files(in path: String, with text: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        return try names.filter { name in
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isDirectory), !isDirectory
            else { return false }
            return try TestSupport.FileBytes.position(of: Array(text.utf8), in: path + "/" + name) != nil
        }
    }
}
