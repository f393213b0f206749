import Admission
import LMDB
import SegmentModel
import TestSupport
import Testing

@testable import EventLog

@Suite struct IntegrationTableTests {
    private let directory: TemporaryDirectory
    private let noon = Instant(microseconds: 1_800_000_000_000_000)

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open() throws -> EventLog {
        try EventLog(directory: directory.path, mapSizeBytes: 64 << 20)
    }

    private func append(_ facts: [Fact], to log: EventLog) async throws {
        let first = Int(log.tail.sequence) + 1
        let events = facts.enumerated().map { index, fact in
            AdmittedEvent(
                line: index + 1,
                event: Event(source: "shop", id: Identifier("e\(first + index)"), time: nil, fact: fact))
        }
        _ = try await log.append(
            AppendRequest(
                events: AdmittedEvents(events), recording: .at(noon), delayMicroseconds: 7_200_000_000))
    }

    private static let connected = Fact.integrationConnected(
        IntegrationConnection(
            integration: "uk", platform: "shopify", stores: [.init(store: "web", name: "UK", currency: "GBP")],
            capabilities: ["vendor"]))
    private static let disconnected = Fact.integrationDisconnected(integration: "uk")
    private static let other = Fact.contactChanged(ContactChange(contact: "ada", tags: .edit(add: ["a"], remove: [])))

    /// The events as the log itself has them.
    private func integrationEvents(in log: EventLog) throws -> [LoggedEvent] {
        try log.read(from: 1, countMax: 1_000).filter {
            switch $0.event.fact {
            case .integrationConnected, .integrationDisconnected: true
            default: false
            }
        }
    }

    @Test func `events of integrations are known with their instants at once and after a restart`() async throws {
        var log = try open()
        #expect(log.integrationEvents.isEmpty)
        try await append([Self.other, Self.connected, Self.other, Self.disconnected], to: log)
        try await append([Self.connected], to: log)
        let events = log.integrationEvents
        #expect(events.map(\.sequence) == [2, 4, 5])
        #expect(events.allSatisfy { $0.visibleAt == noon.advanced(byMicroseconds: 7_200_000_000) })
        #expect(try integrationEvents(in: log) == events)
        try log.close()
        log = try open()
        #expect(log.integrationEvents == events)
        try log.close()
    }

    @Test func `a duplicate is not noted again`() async throws {
        let log = try open()
        let event = AdmittedEvent(line: 1, event: Event(source: "s", id: "1", time: nil, fact: Self.connected))
        for _ in 1...2 {
            _ = try await log.append(
                AppendRequest(events: AdmittedEvents([event]), recording: .at(noon), delayMicroseconds: 0))
        }
        #expect(log.integrationEvents.map(\.sequence) == [1])
        try log.close()
    }

    @Test func `a lost index gets them back from the log`() async throws {
        var log = try open()
        try await append([Self.connected, Self.other, Self.disconnected], to: log)
        let events = log.integrationEvents
        try log.close()
        for name in ["data.mdb", "lock.mdb", "TRUST"] { try directory.remove("index/" + name) }
        log = try open()
        #expect(log.integrationEvents == events)
        try log.close()
    }

    /// Makes the index one that a version wrote which had no such table, or had it up to a sequence only.
    private func forget(after known: UInt64?) throws {
        let environment = try Environment(
            directory: directory.path("index"), options: EnvironmentOptions(mapSizeBytes: 64 << 20))
        let state = try environment.openTable("state", key: StringKey.self, value: UInt64Value.self)
        let rows = try environment.openTable("integrations", key: UInt64Key.self, value: BytesValue.self)
        try environment.withWriteTransaction { transaction in
            for sequence in (known ?? 0) + 1...5 { _ = try rows.delete(forKey: sequence, in: transaction) }
            if let known {
                try state.put(known, forKey: "integrations", in: transaction)
            } else {
                _ = try state.delete(forKey: "integrations", in: transaction)
            }
        }
        environment.close()
    }

    @Test(arguments: [nil, 2] as [UInt64?])
    func `an index of a version without the table is made up for, from where the table stands`(
        known: UInt64?
    ) async throws {
        var log = try open()
        try await append([Self.connected, Self.other, Self.disconnected, Self.other, Self.connected], to: log)
        let events = log.integrationEvents
        try log.close()
        try forget(after: known)
        log = try open()
        #expect(log.integrationEvents == events)
        try await append([Self.disconnected], to: log)
        try log.close()
        log = try open()
        #expect(log.integrationEvents.map(\.sequence) == [1, 3, 5, 6])
        try log.close()
    }
}
