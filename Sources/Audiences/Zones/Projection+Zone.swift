internal import SegmentEngine
internal import SegmentModel
internal import Synchronization

extension Projection {
    /// Takes note of the rules that memberships are computed with from here on.
    nonisolated func note(_ rules: TimeZoneRules) {
        zone.withLock { status in
            let present = ZoneRules(rules, edition: zones.edition())
            let before = status?.rules ?? zoneFile.read()
            if let before, present.differ(from: before) {
                status = ZoneStatus(rules: present, replaced: before)
            } else {
                let replaced = status?.replaced
                status = ZoneStatus(rules: present, replaced: replaced?.name == present.name ? replaced : nil)
            }
            if present != before { zoneFile.write(present) }
        }
    }

    /// Reads the zone's rules from the system again; if they changed, computes every membership anew.
    ///
    /// - Returns: whether they changed.
    func reloadZone() async throws(AudienceError) -> Bool {
        await whenWhole()
        let name = book.settings.timezone
        let before = try zones.rules(of: name)
        let present = try zones.readAgain(name)
        guard present.checksum != before.checksum else { return false }
        note(present)
        let context = try book.settings.evaluationContext(zones: zones)
        engine.reconfigure(context, conditions: book.segments.mapValues(\.condition))
        forgetFitChecks()
        publish()
        return true
    }
}

extension Audience {
    /// The rules of the audience's time zone.
    public var zone: ZoneStatus? { projection.zone.withLock { $0 } }

    /// Reads the time zone's rules from the system again; if they changed, every membership is computed anew.
    ///
    /// - Returns: whether they changed.
    public func reloadZone() async throws(AudienceError) -> Bool {
        try await projection.reloadZone()
    }
}
