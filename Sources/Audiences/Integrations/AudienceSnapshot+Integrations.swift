internal import EventLog
internal import SegmentModel

extension AudienceSnapshot {
    /// The integrations as of the frontier.
    func integrations() -> IntegrationList {
        IntegrationList(frontier: frontier, integrations: integrationEvents.integrations)
    }

    private var integrationEvents: IntegrationEvents {
        IntegrationEvents(events: log.integrationEvents, frontier: frontier, platforms: provisions.platforms)
    }

    /// A warning for each place that needs what no connected integration offers: saving it would be refused.
    func missingCapabilityWarnings(of condition: Condition) -> [DefinitionWarning] {
        let events = integrationEvents
        return events.missing(for: condition).map { missing in
            DefinitionWarning(
                code: AudienceError.Code.missingCapability.rawValue, message: events.explanation(of: missing),
                pointers: ["/where" + missing.path])
        }
    }
}

extension AudienceSnapshot {
    /// Refuses a condition that is new to a segment and needs what no connected integration offers.
    func checkCapabilities(for condition: Condition) throws(AudienceError) {
        try integrationEvents.check(condition)
    }
}

extension Projection {
    /// The same, at the frontier. What is saved stays, whatever is disconnected later.
    func checkCapabilities(for condition: Condition) throws(AudienceError) {
        try IntegrationEvents(events: log.integrationEvents, frontier: frontier, platforms: provisions.platforms)
            .check(condition)
    }
}

extension IntegrationEvents {
    fileprivate func check(_ condition: Condition) throws(AudienceError) {
        guard let missing = missing(for: condition).first else { return }
        throw AudienceError(.missingCapability, explanation(of: missing), pointer: "/where" + missing.path)
    }
}
