internal import EventLog
internal import SegmentModel

/// All contacts as the log's visible events leave them, a part of them at a time.
///
/// Each part is made by a reading of the whole log, so that no more than what about `contactsPerPartMax` contacts and
/// `eventsPerPartMax` events leave is in memory at a time: some 500 MB.
struct ContactParts: Sendable {
    let log: EventLog
    /// Events that are visible by then take part.
    let frontier: Instant
    /// How many contacts and visible events there are about; the parts follow from it.
    let contactCount: Int
    let eventCount: Int
    var contactsPerPartMax = Self.contactsPerPartDefault
    var eventsPerPartMax = Self.eventsPerPartDefault
    let progress: BuildProgress
    /// The log's when whoever is compared with was looked at.
    let generation: UInt64

    static let contactsPerPartDefault = 100_000
    /// An event leaves about a kilobyte.
    static let eventsPerPartDefault = 500_000
    /// Events, contacts or members looked at before others get their turn.
    static let sliceMax = 4_096

    /// Readings of the whole log that it takes.
    var readingCount: Int { partCount == 1 ? 1 : partCount + 1 }

    private var partCount: Int {
        let byContacts = (contactCount + contactsPerPartMax - 1) / contactsPerPartMax
        let byEvents = (eventCount + eventsPerPartMax - 1) / eventsPerPartMax
        return min(max(byContacts, byEvents, 1), EventPartition.countMax)
    }

    /// How the contacts are divided; costs a reading of the log if there is more than one part.
    func partition() async throws(AudienceError) -> EventPartition {
        var partition = EventPartition(count: partCount)
        guard partition.count > 1 else { return partition }
        try await forEachVisible { event throws(EventDecodingError) in
            partition.note(try EventSubject(of: event.bytes))
        }
        partition.settle()
        return partition
    }

    /// The contacts of a part.
    func contacts(of part: Int, _ partition: EventPartition) async throws(AudienceError) -> [Contact] {
        var fold = ReferenceFold()
        try await forEachVisible { event throws(EventDecodingError) in
            guard try partition.needs(EventSubject(of: event.bytes), for: part) else { return }
            fold.apply(
                LoggedEvent(
                    sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt,
                    event: try Event(decoding: event.bytes)))
        }
        return fold.contacts().values.filter { partition.part(of: EventSubject.hash(of: $0.id)) == part }
    }

    /// Of ids that come in pages, in their order, those of a part.
    func ids(
        of part: Int, _ partition: EventPartition, pages: (_ after: Identifier?, _ limit: Int) -> [Identifier]
    ) async throws(AudienceError) -> Set<Identifier> {
        var ids: Set<Identifier> = []
        var after: Identifier?
        repeat {
            try await pause()
            let page = pages(after, Self.sliceMax)
            for id in page where partition.part(of: EventSubject.hash(of: id)) == part { ids.insert(id) }
            after = page.count == Self.sliceMax ? page.last : nil
        } while after != nil
        return ids
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
                    .superseded, "Contacts were erased from the log while it was read. Ask for it again.")
            }
            if next == first { isGoingOn = false }
            progress.advance(to: done + Int(next - 1))
            try await pause()
        }
    }

    /// Lets others have their turn, and ends here if nobody waits for the answer any more.
    func pause() async throws(AudienceError) {
        await Task.yield()
        guard progress.isCancelled else { return }
        throw AudienceError(.cancelled, "The recomputation was cancelled: whoever asked for it has gone.")
    }
}
