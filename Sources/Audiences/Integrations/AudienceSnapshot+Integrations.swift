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

extension Projection {
    /// Refuses a condition that needs what no connected integration of the audience offers, at the frontier.
    ///
    /// To be asked for conditions that are new to a segment; those that are saved stay, whatever is disconnected later.
    func checkCapabilities(for condition: Condition) throws(AudienceError) {
        let events = IntegrationEvents(
            events: log.integrationEvents, frontier: frontier, platforms: provisions.platforms)
        guard let missing = events.missing(for: condition).first else { return }
        throw AudienceError(
            .missingCapability, events.explanation(of: missing), pointer: "/where" + missing.path)
    }
}
