internal import EventLog
public import SegmentModel

/// An integration of an audience as of a frontier.
public struct Integration: Equatable, Sendable {
    public var id: Identifier
    /// How it stands; nil if nothing of it is visible yet.
    public var present: State?
    /// What is on its way, in the order in which it becomes visible, at most `pendingMax`.
    public var pending: [State]

    /// What one event says of it.
    public struct State: Equatable, Sendable {
        public var isConnected: Bool
        /// What the integration is; of one that was disconnected, what it was. Nil if it was never connected.
        public var connection: IntegrationConnection?
        /// What it offers when it is connected, sorted.
        public var capabilities: [String]
        public var sequence: UInt64
        public var visibleAt: Instant
    }

    /// Changes shown of one integration.
    public static let pendingMax = 10
}

/// The integrations of an audience, at one frontier.
public struct IntegrationList: Equatable, Sendable {
    public var frontier: Instant
    /// In the order of ids.
    public var integrations: [Integration]
}

/// The events of integrations, read as of a frontier.
///
/// As with orders, of several visible events of one integration that with the latest occurredAt holds, at equal times the
/// later sequence.
struct IntegrationEvents {
    let events: [LoggedEvent]
    let frontier: Instant
    let platforms: PlatformCapabilities?

    /// Whether there is any, visible or pending.
    var isEmpty: Bool { events.isEmpty }

    /// All integrations in the order of their ids' bytes.
    var integrations: [Integration] {
        Dictionary(grouping: events) { $0.event.fact.integration ?? "" }
            .map { id, events in integration(id, events) }
            .sorted { $0.id < $1.id }
    }

    private func integration(_ id: Identifier, _ events: [LoggedEvent]) -> Integration {
        let visible = events.filter { $0.visibleAt <= frontier }
        let pending = events.filter { $0.visibleAt > frontier }
        let present = visible.max { ($0.occurredAt, $0.sequence) < ($1.occurredAt, $1.sequence) }
        return Integration(
            id: id, present: present.map { state($0, among: events) },
            pending: pending.prefix(Integration.pendingMax).map { state($0, among: events) })
    }

    private func state(_ event: LoggedEvent, among events: [LoggedEvent]) -> Integration.State {
        // What is disconnected is what was connected last before.
        let connection =
            event.event.fact.connection
            ?? events.last { $0.sequence < event.sequence && $0.event.fact.connection != nil }?.event.fact.connection
        return Integration.State(
            isConnected: event.event.fact.connection != nil, connection: connection,
            capabilities: connection.map(capabilities) ?? [], sequence: event.sequence, visibleAt: event.visibleAt)
    }

    private func capabilities(of connection: IntegrationConnection) -> [String] {
        let said = connection.capabilities ?? platforms?.offered(by: connection).map(\.rawValue) ?? []
        return Set(said).sorted()
    }
}

extension Fact {
    /// The integration that the event is about.
    fileprivate var integration: Identifier? {
        switch self {
        case .integrationConnected(let connection): connection.integration
        case .integrationDisconnected(let integration): integration
        default: nil
        }
    }

    fileprivate var connection: IntegrationConnection? {
        guard case .integrationConnected(let connection) = self else { return nil }
        return connection
    }
}
