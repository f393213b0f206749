internal import EventLog
internal import SegmentModel

/// Who is in a segment, recomputed by the reference from nothing but the log, and compared with who is said to be.
///
/// In: the log, the definitions, an instant, the members to check. Out: every difference. Contacts are divided into parts
/// that are recomputed one after the other, each from a reading of the whole log, so that no more than what about
/// `contactsPerPartMax` of them and `eventsPerPartMax` events leave is in memory at a time: some 500 MB.
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
    var contactsPerPartMax = Self.contactsPerPartDefault
    var eventsPerPartMax = Self.eventsPerPartDefault
    let progress: BuildProgress
    /// The log's when the members were taken.
    let generation: Int
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

    static let contactsPerPartDefault = 100_000
    /// An event leaves about a kilobyte.
    static let eventsPerPartDefault = 500_000
    /// Differences of each kind that are named.
    static let listedMax = 1_000
    /// Events, contacts or members looked at before others get their turn.
    private static let sliceMax = 4_096

    /// Readings of the whole log that it takes.
    var readingCount: Int { partCount == 1 ? 1 : partCount + 1 }

    private var partCount: Int {
        let byContacts = (contactCount + contactsPerPartMax - 1) / contactsPerPartMax
        let byEvents = (eventCount + eventsPerPartMax - 1) / eventsPerPartMax
        return min(max(byContacts, byEvents, 1), EventPartition.countMax)
    }

    /// Recomputes and compares; ends early if `progress` is cancelled.
    @concurrent
    func run() async throws(AudienceError) -> Findings {
        var partition = EventPartition(count: partCount)
        if partition.count > 1 {
            try await forEachVisible { event throws(EventDecodingError) in
                partition.note(try EventSubject(of: event.bytes))
            }
            partition.settle()
        }
        var findings = Findings()
        for part in 0..<partition.count {
            let expected = try await members(of: part, partition, &findings)
            let said = try await liveMembers(of: part, partition)
            findings.add(missing: expected.subtracting(said), unexpected: said.subtracting(expected))
        }
        return findings
    }

    /// The members among the contacts of a part.
    private func members(
        of part: Int, _ partition: EventPartition, _ findings: inout Findings
    ) async throws(AudienceError) -> Set<Identifier> {
        var fold = ReferenceFold()
        try await forEachVisible { event throws(EventDecodingError) in
            guard try partition.needs(EventSubject(of: event.bytes), for: part) else { return }
            fold.apply(
                LoggedEvent(
                    sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt,
                    event: try Event(decoding: event.bytes)))
        }
        var members: Set<Identifier> = []
        for (number, contact) in fold.contacts().values.enumerated() {
            if number % Self.sliceMax == 0 { try await pause() }
            guard partition.part(of: EventSubject.hash(of: contact.id)) == part else { continue }
            findings.checked += 1
            if evaluator.isTrue(condition, of: contact, at: frontier) { members.insert(contact.id) }
        }
        findings.members += members.count
        return members
    }

    private func liveMembers(
        of part: Int, _ partition: EventPartition
    ) async throws(AudienceError) -> Set<Identifier> {
        var members: Set<Identifier> = []
        var after: Identifier?
        repeat {
            try await pause()
            let page = live(after, Self.sliceMax)
            for id in page where partition.part(of: EventSubject.hash(of: id)) == part { members.insert(id) }
            after = page.count == Self.sliceMax ? page.last : nil
        } while after != nil
        return members
    }

    /// Calls the body for every visible event, in order.
    private func forEachVisible(
        _ body: (StoredEvent) throws(EventDecodingError) -> Void
    ) async throws(AudienceError) {
        var next: UInt64 = 1
        var isGoingOn = true
        let done = progress.contactsDone
        while isGoingOn {
            let first = next
            do {
                next = try log.forEachStored(from: first, countMax: Self.sliceMax) { event in
                    guard event.visibleAt <= frontier else {
                        isGoingOn = false
                        return false
                    }
                    try body(event)
                    return true
                }
            } catch {
                throw AudienceError(error)
            }
            // Half of one log and half of the next is neither.
            guard log.generation == generation else {
                throw AudienceError(
                    .superseded, "Contacts were erased from the log while it was read. Recompute the segment again.")
            }
            if next == first { isGoingOn = false }
            progress.advance(to: done + Int(next - 1))
            try await pause()
        }
    }

    /// Lets others have their turn, and ends here if nobody waits for the answer any more.
    private func pause() async throws(AudienceError) {
        await Task.yield()
        guard progress.isCancelled else { return }
        throw AudienceError(.cancelled, "The recomputation was cancelled: whoever asked for it has gone.")
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
