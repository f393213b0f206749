import Audiences
import ControlAPI
import SegmentModel

extension PrebuiltAnswer {
    init(_ prebuilt: PrebuiltSegment) {
        let template = prebuilt.template
        self.init(
            name: template.name, version: template.version, title: template.title, description: template.description,
            parameters: template.parameters.map { PrebuiltParameterAnswer($0) }, where: JSONTree(template.definition),
            segment: prebuilt.segment.map { SegmentAnswer($0) })
    }
}

extension PrebuiltParameterAnswer {
    fileprivate init(_ parameter: TemplateParameter) {
        self.init(
            name: parameter.name, type: parameter.kind.rawValue, default: parameter.defaultValue.description,
            minimum: parameter.minimum.description, maximum: parameter.maximum.description, meaning: parameter.meaning)
    }
}

extension SegmentOriginAnswer {
    init(_ origin: SegmentOrigin) {
        self.init(
            template: origin.template, version: origin.version,
            parameters: origin.parameters.mapValues(\.description))
    }
}

extension FitAnswer {
    /// Nil of a segment that has no values to be found.
    init?(of segment: SegmentSnapshot) {
        guard segment.isFitted else { return nil }
        self.init(
            values: segment.fit?.values.mapValues(\.description) ?? [:],
            foundAt: segment.fit?.frontier.description, since: segment.fit?.at.description)
    }
}

extension IntegrationsAnswer {
    init(_ list: IntegrationList) {
        self.init(
            frontier: list.frontier.description,
            integrations: list.integrations.map { integration in
                IntegrationAnswer(
                    integration: integration.id.text,
                    present: integration.present.map { IntegrationStateAnswer($0) },
                    pending: integration.pending.map { IntegrationStateAnswer($0) })
            })
    }
}

extension IntegrationStateAnswer {
    fileprivate init(_ state: Integration.State) {
        self.init(
            connected: state.isConnected, platform: state.connection?.platform,
            stores: state.connection?.stores.map {
                IntegrationStoreAnswer(
                    store: $0.store.text, name: $0.name, currency: $0.currency, timezone: $0.timezone)
            } ?? [],
            capabilities: state.capabilities, visibleAt: state.visibleAt.description, sequence: state.sequence)
    }
}
