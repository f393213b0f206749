internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// What one round of the audit did.
public struct AuditRound: Equatable, Sendable {
    /// Contacts compared.
    public var contacts = 0
    public var reports: [AuditReport] = []
}

extension Audience {
    /// Contacts compared by one round, unless its time is over before.
    public static let auditContactsMax = 8
    /// No further contact is begun after that.
    public static let auditTimeMax = Duration.milliseconds(500)
    /// Questions times events of one contact: with more, some of the questions are asked, by chance.
    private static let auditStepsMax = 2_000_000

    /// Derives some contacts anew from the log, at the frontier, and compares every segment and every elementary condition
    /// with the live state. What is found is counted and kept for `figures`.
    ///
    /// Half of the contacts are chosen among those that are live, half from the events of the log, so that contacts that
    /// are lost are found as well. A small piece of work: the first rounds only make what a look for a contact needs.
    public func audit(
        contactsMax: Int = auditContactsMax, timeMax: Duration = auditTimeMax,
        using random: inout some RandomNumberGenerator
    ) async throws(AudienceError) -> AuditRound {
        do throws(AudienceError) {
            return try await auditRound(contactsMax, timeMax, &random)
        } catch {
            audits.noteFailure()
            throw error
        }
    }

    private func auditRound(
        _ contactsMax: Int, _ timeMax: Duration, _ random: inout some RandomNumberGenerator
    ) async throws(AudienceError) -> AuditRound {
        var round = AuditRound()
        let log = log
        guard try await looking({ () throws(LogError) in try log.prepareLooks() }) else { return round }
        let end = ContinuousClock.now + timeMax
        let comparison = try ContactComparison(await presentSnapshot(), zones: projection.zones)
        for number in 0..<contactsMax where ContinuousClock.now < end {
            let engine = comparison.snapshot.engine
            let id = try number.isMultiple(of: 2) ? engine.anyContact(using: &random) : loggedContact(engine, &random)
            guard let id else { continue }
            let reports = try await reports(on: id, comparison, &random)
            round.contacts += 1
            round.reports += reports
            audits.note(reports, at: clock.now())
        }
        return round
    }

    /// The contact that some visible event names.
    private func loggedContact(
        _ engine: EngineSnapshot, _ random: inout some RandomNumberGenerator
    ) throws(AudienceError) -> Identifier? {
        guard engine.sequence > 0 else { return nil }
        do {
            let sequence = UInt64.random(in: 1...engine.sequence, using: &random)
            return try log.read(from: sequence, countMax: 1).first?.event.fact.contact
        } catch {
            throw AudienceError(error)
        }
    }

    private func reports(
        on id: Identifier, _ comparison: ContactComparison, _ random: inout some RandomNumberGenerator
    ) async throws(AudienceError) -> [AuditReport] {
        guard try await !differences(of: id, comparison, &random).isEmpty else { return [] }
        let (differences, frontier) = try await confirmedDifferences(of: id)
        return differences.map { difference in
            AuditReport(
                digest: digest(of: id), subject: difference.subject, isTrueByLog: difference.isTrueByLog,
                frontier: frontier)
        }
    }

    /// All differences of a contact at the present frontier.
    ///
    /// What is found once is looked at again here before it is told. A contact that is erased while it is compared is gone
    /// from the live side at once, from any snapshot; so nothing is told of one whose erasure came meanwhile.
    func confirmedDifferences(
        of id: Identifier
    ) async throws(AudienceError) -> (differences: [ContactDifference], frontier: Instant) {
        let comparison = try ContactComparison(await projection.snapshot(), zones: projection.zones)
        let contact = try await contact(id, leftByLog: comparison.snapshot).contact
        let found = comparison.differences(of: id, leftByLog: contact)
        guard !found.isEmpty else { return ([], comparison.snapshot.frontier) }
        let isErased = try await isErased(id, after: comparison.snapshot.engine.sequence)
        return (isErased ? [] : found, comparison.snapshot.frontier)
    }

    /// Whether the log has an erasure of the contact that came later.
    private func isErased(_ id: Identifier, after sequence: UInt64) async throws(AudienceError) -> Bool {
        let log = log
        return try await looking { () throws(LogError) in try log.events(of: id) }.contains { event in
            if case .contactErased(id) = event.event.fact { event.sequence > sequence } else { false }
        }
    }

    private func differences(
        of id: Identifier, _ comparison: ContactComparison, _ random: inout some RandomNumberGenerator
    ) async throws(AudienceError) -> [ContactDifference] {
        let (contact, eventCount) = try await contact(id, leftByLog: comparison.snapshot)
        let steps = (comparison.segmentCount + comparison.leafCount) * max(eventCount, 1)
        let share = steps > Self.auditStepsMax ? Double(Self.auditStepsMax) / Double(steps) : 1
        return comparison.differences(of: id, leftByLog: contact) {
            share == 1 || Double.random(in: 0..<1, using: &random) < share
        }
    }

    /// A contact as the reference makes it of its events, and how many they are.
    private func contact(
        _ id: Identifier, leftByLog snapshot: AudienceSnapshot
    ) async throws(AudienceError) -> (contact: Contact?, eventCount: Int) {
        let log = log
        let last = snapshot.engine.sequence
        let events = try await looking { () throws(LogError) in try log.events(of: id, through: last) }
        return (ReferenceFold.contacts(from: events)[id], events.count)
    }

    /// The last snapshot published, or one made for this: an audit is no reason to keep snapshots.
    private func presentSnapshot() async -> AudienceSnapshot {
        if let last = projection.published.peek() { return last }
        return await projection.snapshot()
    }

    /// Runs a look for a contact when its turn comes, where it keeps no thread from others that matter more.
    private func looking<Value: Sendable>(
        _ body: @escaping @Sendable () throws(LogError) -> Value
    ) async throws(AudienceError) -> Value {
        await lookups.begin()
        let found = await Task.detached(priority: .background) {
            Result { () throws(LogError) in try body() }
        }.value
        lookups.end()
        do {
            return try found.get()
        } catch {
            throw AudienceError(error)
        }
    }
}
