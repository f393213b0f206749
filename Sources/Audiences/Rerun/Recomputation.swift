internal import EventLog
internal import SegmentModel

/// Who is in a segment, recomputed by the reference from nothing but the log, and compared with who is said to be.
///
/// In: the log, the definitions, an instant, the members to check. Out: every difference. Contacts are recomputed in
/// parts (`ContactParts`).
struct Recomputation: Sendable {
    let log: EventLog
    /// Events that are visible by then take part, and the condition is evaluated then.
    let frontier: Instant
    /// With the segments that the condition refers to.
    let evaluator: ReferenceEvaluator
    let condition: Condition
    /// How many contacts and visible events there are about; the parts follow from it.
    let contactCount: Int
    let eventCount: Int
    var contactsPerPartMax = ContactParts.contactsPerPartDefault
    var eventsPerPartMax = ContactParts.eventsPerPartDefault
    let progress: BuildProgress
    /// The log's when the members were taken.
    let generation: UInt64
    /// Members to check, in the order of their ids, from the one after an id on.
    let live: @Sendable (_ after: Identifier?, _ limit: Int) -> [Identifier]

    /// What was found.
    struct Findings: Equatable, Sendable {
        /// Contacts that were recomputed, and those of them that are members.
        var checked = 0
        var members = 0
        /// Members who are not said to be, and those who are said to be and are not; the first `listedMax` by their ids.
        var missing: [Identifier] = []
        var unexpected: [Identifier] = []
        var missingCount = 0
        var unexpectedCount = 0
    }

    /// Differences of each kind that are named.
    static let listedMax = 1_000

    /// Readings of the whole log that it takes.
    var readingCount: Int { parts.readingCount }

    private var parts: ContactParts {
        ContactParts(
            log: log, frontier: frontier, contactCount: contactCount, eventCount: eventCount,
            contactsPerPartMax: contactsPerPartMax, eventsPerPartMax: eventsPerPartMax, progress: progress,
            generation: generation)
    }

    /// Recomputes and compares; ends early if `progress` is cancelled.
    @concurrent
    func run() async throws(AudienceError) -> Findings {
        let parts = parts
        let partition = try await parts.partition()
        var findings = Findings()
        for part in 0..<partition.count {
            let expected = try await members(among: parts.contacts(of: part, partition), parts, &findings)
            let said = try await parts.ids(of: part, partition, pages: live)
            findings.add(missing: expected.subtracting(said), unexpected: said.subtracting(expected))
        }
        return findings
    }

    private func members(
        among contacts: [Contact], _ parts: ContactParts, _ findings: inout Findings
    ) async throws(AudienceError) -> Set<Identifier> {
        var members: Set<Identifier> = []
        for (number, contact) in contacts.enumerated() {
            if number % ContactParts.sliceMax == 0 { try await parts.pause() }
            if evaluator.isTrue(condition, of: contact, at: frontier) { members.insert(contact.id) }
        }
        findings.checked += contacts.count
        findings.members += members.count
        return members
    }
}

extension Recomputation.Findings {
    fileprivate mutating func add(missing: Set<Identifier>, unexpected: Set<Identifier>) {
        missingCount += missing.count
        unexpectedCount += unexpected.count
        self.missing = Array((self.missing + missing).sorted().prefix(Recomputation.listedMax))
        self.unexpected = Array((self.unexpected + unexpected).sorted().prefix(Recomputation.listedMax))
    }
}
