public import Admission
internal import EventLog
internal import Meters
public import SegmentModel
internal import Synchronization

/// A body of contacts with its own log, definitions and segments, as a whole: what servers and tools call.
///
/// Comes in: admitted events, definitions, the passing of time. Goes out: receipts and answers. Knows no transport.
/// Laws: membership at instant T is a function of the events with visibleAt <= T, the definitions saved by T, and T;
/// nothing a call returned for is ever lost.
public final class Audience: Sendable {
    /// The audience's permanent name, also that of its directory.
    public let id: String
    let clock: any AudienceClock
    let time: AudienceTime
    let log: EventLog
    let projection: Projection
    let reruns = RerunsUnderWay()
    let recipients: RecipientStore
    let timeline = DefinitionTimeline()
    let lookups = Turns()
    let forecaster = Forecaster()
    let erasureSettings: ErasureSettings
    let erasureList: ErasureList
    let erasing = ErasuresUnderWay()
    /// Where the audience's stores lie.
    let directory: String
    let ingestMeter = IngestMeter()
    let audits = AuditBook()
    let scrubs = ScrubState()
    /// What was damaged when the audience was opened and was built anew from the log, a sentence each.
    public let repairs: [String]
    private let readersCheckedAt: Mutex<Instant>

    init(
        id: String, directory: String, configuration: AudienceConfiguration, erasures: ErasureList,
        clock: any AudienceClock
    ) throws(AudienceError) {
        let book: DefinitionBook
        do {
            log = try EventLog(
                directory: directory, mapSizeBytes: configuration.mapSizeBytes, steps: configuration.steps,
                digestKey: erasures.eventKey(of: id))
            book = try Self.book(in: log, provisions: configuration.provisions, at: clock.now())
        } catch {
            throw AudienceError(wrapping: error).naming(audience: id, in: directory)
        }
        projection = try Projection(
            log: log, book: book, directory: directory, configuration: configuration, floor: clock.floor)
        repairs = [log.indexRepair.map { "The index was damaged: \($0)." }, projection.viewRepair].compactMap { $0 }
        recipients = RecipientStore(home: directory, steps: configuration.steps)
        try recipients.removeUnknown(besides: book.recipients.lists)
        readersCheckedAt = Mutex(clock.now())
        time = AudienceTime(clock: clock, frontier: projection.start)
        erasureSettings = configuration.erasure
        erasureList = erasures
        self.id = id
        self.directory = directory
        self.clock = clock
    }

    // MARK: Settings

    /// What the audience is set to now.
    public func settings() -> AudienceSettings { projection.settings.withLock { $0 } }

    /// Takes new settings; a changed visibility delay affects later events only.
    public func change(_ settings: AudienceSettings) async throws(AudienceError) {
        try await projection.change(settings) { [time] in time.frontierTarget() }
    }

    // MARK: Events

    /// Appends the batch's events; when it returns, what it says was appended is durable.
    ///
    /// - Returns: the admission's rejections and the log's problems together, in the order of lines.
    public func ingest(_ batch: AdmittedBatch) async throws(AudienceError) -> IngestReceipt {
        let settings = settings()
        var receipt = IngestReceipt()
        if !batch.events.isEmpty {
            try AudienceLimits.checkRoom(
                forEventsBesideContacts: projection.contactCount.load(ordering: .relaxed))
            let recording = time.begin(delayMicroseconds: settings.visibilityDelayMicroseconds)
            defer { time.end(recording) }
            let request = AppendRequest(
                events: batch.events, recording: .at(recording.instant),
                delayMicroseconds: settings.visibilityDelayMicroseconds, declaredTypes: settings.fieldTypes)
            do {
                receipt = IngestReceipt(try await log.append(request))
            } catch {
                throw AudienceError(wrapping: error)
            }
            do throws(AudienceError) {
                try listErasures()
            } catch {
                // Whoever is told that an erasure was taken can rely on the list; others have nothing to do with it.
                if batch.events.hasErasure { throw error.ofErasureList }
            }
        }
        if !batch.rejections.isEmpty {
            receipt.problems = (receipt.problems + batch.rejections).sorted { $0.line < $1.line }
        }
        ingestMeter.note(receipt, bytes: batch.events.bytes.count)
        return receipt
    }

    /// Moves the frontier with the clock: applies what has become visible, and every window edge that has passed.
    public func tick() async throws(AudienceError) {
        let startedAt = ContinuousClock.now
        do throws(AudienceError) {
            try await projection.tick(to: time.frontierTarget())
            try checkReaders(at: clock.now())
        } catch {
            projection.meters.tickFailures.add()
            throw error
        }
        projection.meters.ticks.note(since: startedAt)
    }

    private func checkReaders(at now: Instant) throws(AudienceError) {
        let isDue = readersCheckedAt.withLock { last in
            guard abs(now.microseconds - last.microseconds) >= Self.readerCheckMicroseconds else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        do {
            try log.checkReaders()
        } catch {
            throw AudienceError(error)
        }
    }

    private static let readerCheckMicroseconds: Int64 = 60_000_000

    /// Where the audience stands.
    public func status() async -> AudienceStatus {
        // Asked by watchers for ever, so it is no reason to keep snapshots.
        let snapshot = if let last = projection.published.peek() { last } else { await projection.snapshot() }
        var status = snapshot.status(
            builds: projection.builds.statuses, reruns: reruns.statuses,
            erasures: erasureStatus(at: snapshot.frontier))
        status.repairs = repairs
        status.scrub = scrubs.status
        return status
    }

    /// The audience at one frontier. Answered from the last one published; waits only where none is.
    func snapshot() async -> AudienceSnapshot {
        if let snapshot = projection.published.read() { return snapshot }
        return await projection.snapshot()
    }

    /// What is stored but not yet visible.
    public func pending(limit: Int) async throws(AudienceError) -> PendingEvents {
        try await snapshot().pending(limit: limit)
    }

    // MARK: Segments

    /// What a definition selects, without saving it. Conditions that no saved segment has are looked up in the records
    /// of all contacts.
    ///
    /// - Parameter reference: the segment whose definition it is to become, if there is one already.
    public func review(
        _ definition: JSONValue, sample: Int, editing reference: String? = nil
    ) async throws(AudienceError) -> Review {
        try await snapshot().review(definition, sample: sample, editing: reference)
    }

    /// Saves a new segment under a unique name.
    ///
    /// - Parameter automation: whether automations use it; such a segment is flat in every plan.
    public func save(
        name: String, description: String? = nil, where definition: JSONValue, automation: Bool = false
    ) async throws(AudienceError) -> SegmentSnapshot {
        let time = time
        return try await projection.save(
            name, description: description, .definition(definition), automation: automation
        ) { time.frontierTarget() }
    }

    /// Moves the frontier as far as it may go.
    func present() async throws(AudienceError) {
        try await projection.tick(to: time.frontierTarget())
    }

    /// All saved segments, sorted by name.
    public func segments() async -> [SegmentSnapshot] { await snapshot().segments() }

    /// The segment of that name or id.
    public func segment(_ reference: String) async throws(AudienceError) -> SegmentSnapshot {
        try await snapshot().segment(reference)
    }

    /// A page of a segment's members in the order of their ids' bytes; for all of them there is `export`.
    public func members(
        of reference: String, after: Identifier? = nil, limit: Int? = nil
    ) async throws(AudienceError) -> MemberPage {
        try await snapshot().members(of: reference, after: after, limit: limit)
    }

    /// What the saved segments share, and the conditions that most of them use.
    public func catalog(limit: Int) async -> AudienceCatalog {
        await snapshot().catalog(limit: limit)
    }

    /// What one segment shares with the others, and what it has to itself.
    public func catalog(of reference: String) async throws(AudienceError) -> SegmentCatalog {
        try await snapshot().catalog(of: reference)
    }

    // MARK: Contacts

    /// Contacts that a query selects, in the order of their ids' bytes.
    public func contacts(
        _ query: ContactQuery = ContactQuery(), after: Identifier? = nil, limit: Int
    ) async throws(AudienceError) -> ContactPage {
        try await snapshot().contacts(query, after: after, limit: limit)
    }

    /// Has an erasure pass that is under way end early.
    public func endErasurePass() { erasing.end() }

    func close() async throws(AudienceError) {
        erasing.end()
        await erasing.turns.begin()
        await projection.close()
        do {
            try log.close()
        } catch {
            throw AudienceError(error)
        }
    }
}

extension IngestReceipt {
    fileprivate init(_ receipt: AppendReceipt) {
        appended = receipt.appended
        duplicates = receipt.duplicates
        conflicts = receipt.conflicts
        firstSequence = receipt.firstSequence
        lastSequence = receipt.lastSequence
        recordedAt = receipt.recordedAt
        visibleAt = receipt.visibleAt
        problems = receipt.problems
    }
}

extension AudienceError {
    /// The same, with the audience it is about.
    ///
    /// - Parameter directory: where the audience lies, for whoever has to look at its files.
    public func naming(audience: String, in directory: String? = nil) -> AudienceError {
        let start = "Audience “\(audience)”"
        guard !message.hasPrefix(start) else { return self }
        let place = directory.map { " (\($0))" } ?? ""
        return AudienceError(code, "\(start)\(place): \(message)", pointer: pointer, related: related)
    }
}
