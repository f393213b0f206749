import Audiences
import ControlAPI
import SegmentModel

extension AudienceStatusAnswer {
    init(_ audience: Audience, _ status: AudienceStatus) {
        self.init(
            id: audience.id, name: audience.settings().name, frontier: status.frontier.description,
            lastSequence: status.lastSequence, appliedSequence: status.appliedSequence, pending: status.pending,
            contacts: status.contacts, segments: status.segments,
            builds: status.builds.map { BuildAnswer($0) },
            reruns: status.reruns.map {
                RerunProgressAnswer(segment: $0.segment, eventsDone: $0.eventsDone, events: $0.events)
            },
            timezoneRules: audience.zone.map { zone in
                TimezoneRulesAnswer(
                    edition: zone.rules.edition, checksum: zone.rules.checksum,
                    replacedEdition: zone.replaced.map { $0.edition ?? "unknown" })
            }, erasures: ErasureStatusAnswer(status), repairs: status.repairs, scrub: ScrubAnswer(status.scrub))
    }
}

extension BuildAnswer {
    init(_ build: SegmentBuildStatus) {
        self.init(segment: build.segment, contactsDone: build.contactsDone, contacts: build.contacts)
    }
}

extension AudienceAnswer {
    init(_ audience: Audience, _ status: AudienceStatus) {
        let settings = audience.settings()
        self.init(
            id: audience.id, name: settings.name, timezone: settings.timezone, currency: settings.currency,
            plan: settings.plan.rawValue, visibilityDelay: exactPeriod(settings.visibilityDelayMicroseconds),
            countedStatuses: OrderStatus.allCases.filter(settings.countedStatuses.contains).map(\.rawValue),
            fields: Dictionary(settings.fieldTypes.map { ($0.key.text, $0.value.rawValue) }) { first, _ in first },
            status: AudienceStatusAnswer(audience, status))
    }
}

/// Whole seconds as an ISO 8601 period in hours, minutes and seconds: `PT2H`.
func exactPeriod(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    let units = [(seconds / 3_600, "H"), (seconds / 60 % 60, "M"), (seconds % 60, "S")]
    let text = units.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    return "PT" + (text.isEmpty ? "0S" : text)
}
