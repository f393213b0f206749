internal import EventLog
internal import SegmentEngine
internal import SegmentModel
internal import Synchronization

/// What segmentation has made of the log: the engine, the definitions, and how far they have come.
///
/// Comes in: the log, definitions, the clock. Goes out: snapshots for readers, each as of one frontier. Invariant:
/// whenever another call can run and `isMidway` is not set, the engine stands exactly at its frontier, so no answer mixes
/// two instants.
actor Projection {
    let log: EventLog
    nonisolated let zones: ZoneDirectory
    nonisolated let zoneFile: ZoneFile
    /// The rules of the time zone; nil until the engine is made.
    nonisolated let zone = Mutex<ZoneStatus?>(nil)
    var book: DefinitionBook
    /// Replaced by another that stands at the same frontier when contacts were erased from the log.
    var engine: MembershipEngine
    /// Rises when the engine is replaced: what was prepared for one is of no use to the next.
    var engineNumber = 0
    let threads: Int
    /// Where readers find the last snapshot without waiting for this actor.
    nonisolated let published = PublishedSnapshot()
    /// Contacts as of the last tick.
    nonisolated let contactCount = Atomic(0)
    nonisolated let meters = ProjectionMeters()

    /// What the audience is set to.
    nonisolated let settings: Mutex<AudienceSettings>

    /// The instant that no answer is before.
    nonisolated let start: Instant

    /// Bound on the view's size, in bytes of address space.
    nonisolated let mapSizeBytes: Int
    /// Why the view on disk was not used though it should be sound; nil if it was, or if there was none.
    nonisolated let viewRepair: String?
    let views: ViewKeeper
    private let awaitsViews: Bool
    /// Set while the view on disk would be none of the log's.
    var isHoldingViews = false
    /// When the next event that is not folded becomes visible, if that is known.
    private var nextVisibleAt: Instant?
    private var isTicking = false
    /// Set as long as the engine does not stand at one instant: before the first tick, while it catches up, and after a
    /// tick that failed.
    private(set) var isMidway = true
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// What the last view holds: events up to this one, truths at this instant.
    private var viewSequence: UInt64
    private var viewInstant: Instant
    /// When the last view was begun, and how many were since one was written: one that fails is not tried again at once.
    private var viewTriedAt: Instant = .earliest
    private var viewAttempts = 0
    nonisolated let builds = BuildsUnderWay()
    let provisions: AudienceProvisions
    /// When the values of segments were last looked for, by the segment's id.
    var fitChecks: [String: FitCheck] = [:]
    /// The look for values under way.
    var fitting: Task<Void, Never>?
    var isFitting = false
    private(set) var isClosing = false
    /// One send at a time.
    nonisolated let sends = Turns()

    /// Events folded before other calls get their turn.
    private static let sliceEventsMax = 20_000
    /// The same while catching up, when nothing is evaluated: a tenth of a second.
    static let catchUpEventsMax: UInt64 = 100_000
    /// With more events than this to catch up on, contacts are evaluated once at the end instead of after each event.
    private static let catchUpEventsMin: UInt64 = 200_000

    /// - Parameter floor: no frontier begins before it.
    init(
        log: EventLog, book: DefinitionBook, directory: String, configuration: AudienceConfiguration,
        floor: Instant
    ) throws(AudienceError) {
        let zones = ZoneDirectory(path: configuration.zoneDirectory)
        self.log = log
        self.zones = zones
        zoneFile = ZoneFile(directory: directory, steps: configuration.steps)
        self.book = book
        settings = Mutex(book.settings)
        provisions = configuration.provisions
        threads = configuration.threads
        let store = ViewStore(
            directory: directory + "/view", mapSizeBytes: configuration.mapSizeBytes, steps: configuration.steps)
        let frontier = Frontier(at: max(log.tail.recordedAt, book.lastChangeAt, floor))
        let context = try book.settings.evaluationContext(zones: zones)
        let (engine, repair) = try Self.makeEngine(
            from: store, context: context, frontier: frontier, threads: configuration.threads, log: log)
        viewRepair = repair
        let start = engine.frontier.instant
        viewSequence = engine.sequence
        viewInstant = engine.checkpointInstant ?? start
        mapSizeBytes = configuration.mapSizeBytes
        views = ViewKeeper(store: store, meters: meters)
        awaitsViews = configuration.awaitsViews
        // The first tick evaluates everything that is not known, at once.
        engine.beginCatchUp()
        for (id, saved) in book.segments.sorted(by: { $0.key < $1.key }) { engine.define(id, as: saved.condition) }
        self.engine = engine
        self.start = start
        note(context.zone)
    }

    private static func makeEngine(
        from store: ViewStore, context: EvaluationContext, frontier: Frontier, threads: Int, log: EventLog
    ) throws(AudienceError) -> (engine: MembershipEngine, repair: String?) {
        var repair: String?
        do {
            let engine = try store.makeEngine(
                context: context, frontier: frontier, threads: threads, logGeneration: log.generation,
                whenDamaged: { repair = repair ?? $0 }
            ) { sequence, recordedAt in
                // A view of another log, or of events that this one lost, is none of ours.
                let event = try log.read(from: sequence, countMax: 1).first
                return event?.recordedAt == recordedAt ? event?.visibleAt : nil
            }
            return (engine, repair)
        } catch let error as LogError {
            throw AudienceError(error)
        } catch {
            throw AudienceError(.storageFailed, "The view could not be read: \(error)")
        }
    }

    var frontier: Instant { engine.frontier.instant }

    // MARK: Time

    /// Moves the frontier to `now`, or holds it if the clock went back, applying every event visible by then.
    func tick(to now: Instant) async throws(AudienceError) {
        guard !isTicking else { return }
        isTicking = true
        defer { isTicking = false }
        published.withdrawIfIdle()
        var target = engine.frontier
        target.advance(to: now)
        do throws(AudienceError) {
            let isBehind = if isMidway { true } else { try isFarBehind(target) }
            if isBehind {
                try await catchUp(to: target)
            } else {
                try await follow(to: target)
            }
        } catch {
            // Events may be folded that the frontier has not reached: nothing is answered until a tick catches up.
            isMidway = true
            throw error
        }
        publish()
        beginFitsIfDue()
        writeViewIfDue()
        if awaitsViews { await views.finish() }
    }

    /// Whether so many events have become visible that evaluating contacts after each would take longer. Events that
    /// are still pending, however many, are none of them.
    private func isFarBehind(_ target: Frontier) throws(AudienceError) -> Bool {
        let sequence = engine.sequence + Self.catchUpEventsMin
        if let nextVisibleAt, !target.covers(visibleAt: nextVisibleAt) { return false }
        guard log.tail.sequence >= sequence else { return false }
        do {
            return try log.read(from: sequence, countMax: 1).first.map { target.covers(visibleAt: $0.visibleAt) }
                ?? false
        } catch {
            throw AudienceError(error)
        }
    }

    /// Applies events one by one, so that every change comes out at its instant.
    private func follow(to target: Frontier) async throws(AudienceError) {
        while let next = try foldSlice(visibleBy: target), target.covers(visibleAt: next) {
            // Everything visible before `next` is folded, so its instant less one microsecond is exact.
            engine.advance(to: next.advanced(byMicroseconds: -1))
            await Task.yield()
        }
        engine.advance(to: target.instant)
    }

    /// Moves to `now` without a pause, so that what follows at once happens at the frontier. A tick goes before, which
    /// does most of the work in slices.
    func stand(at now: Instant) throws(AudienceError) {
        var target = engine.frontier
        target.advance(to: now)
        do throws(AudienceError) {
            while let next = try foldSlice(visibleBy: target), target.covers(visibleAt: next) {
                engine.advance(to: next.advanced(byMicroseconds: -1))
            }
            engine.advance(to: target.instant)
        } catch {
            isMidway = true
            throw error
        }
    }

    /// Folds everything first and evaluates then; other calls wait, readers have the last snapshot.
    private func catchUp(to target: Frontier) async throws(AudienceError) {
        isMidway = true
        engine.beginCatchUp()
        while let next = try catchUpSlice(visibleBy: target), target.covers(visibleAt: next) {
            await Task.yield()
        }
        engine.endCatchUp(at: target.instant)
        resumeWaiting()
    }

    /// Folds a slice of visible events without evaluating anything.
    ///
    /// - Returns: when the next event becomes visible, nil if the log has no more.
    private func catchUpSlice(visibleBy target: Frontier) throws(AudienceError) -> Instant? {
        do {
            let last = engine.sequence + Self.catchUpEventsMax
            nextVisibleAt = try engine.catchUp(from: log, through: last, visibleBy: target.instant)
        } catch {
            throw AudienceError(error)
        }
        return nextVisibleAt
    }

    /// Folds a slice of visible events that ends between two instants.
    ///
    /// - Returns: when the next event becomes visible, nil if the log has no more.
    private func foldSlice(visibleBy target: Frontier) throws(AudienceError) -> Instant? {
        if let nextVisibleAt, !target.covers(visibleAt: nextVisibleAt) { return nextVisibleAt }
        nextVisibleAt = nil
        var folded = 0
        var last: Instant?
        guard log.tail.sequence > engine.sequence else { return nil }
        do {
            _ = try log.forEachStored(from: engine.sequence + 1, countMax: .max) { event in
                let isPause = folded >= Self.sliceEventsMax && event.visibleAt != last
                guard target.covers(visibleAt: event.visibleAt), !isPause else {
                    nextVisibleAt = event.visibleAt
                    return false
                }
                engine.fold(
                    event.bytes, sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
                folded += 1
                last = event.visibleAt
                return true
            }
        } catch {
            throw AudienceError(error)
        }
        return nextVisibleAt
    }

    /// Waits until the engine stands at one instant; not while the audience is closed, when it may never come to that.
    func whenWhole() async {
        while isMidway, !isClosing {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func resumeWaiting() {
        isMidway = false
        wakeWaiting()
    }

    private func wakeWaiting() {
        for continuation in waiting { continuation.resume() }
        waiting.removeAll()
    }

    // MARK: Readers

    /// A snapshot as of the frontier, for readers who found none published.
    func snapshot() async -> AudienceSnapshot {
        await whenWhole()
        return publish()
    }

    /// What a second engine can be made from that goes on from here, with the definitions it has.
    func fork() async -> (engine: EngineFork, book: DefinitionBook) {
        await whenWhole()
        return (engine.fork(), book)
    }

    @discardableResult
    func publish() -> AudienceSnapshot {
        let snapshot = AudienceSnapshot(engine: engine.snapshot(), book: book, log: log, provisions: provisions)
        published.publish(snapshot)
        contactCount.store(snapshot.engine.contactCount, ordering: .relaxed)
        meters.note(
            ProjectionMeters.Standing(
                frontier: snapshot.frontier, sequence: engine.sequence, engine: engine.figures,
                viewSequence: viewSequence, viewInstant: viewInstant)
        ) { engine.columnBytes }
        return snapshot
    }

    // MARK: The view

    /// Writes a view when many events have come, much memory was taken, or much time has passed since the last one.
    private func writeViewIfDue() {
        let events = engine.sequence - viewSequence
        guard !isHoldingViews, !views.isWriting, events > 0,
            frontier.microseconds - viewTriedAt.microseconds >= ViewKeeper.retryMicroseconds(after: viewAttempts),
            events >= ViewKeeper.eventsMax || engine.newRecordBytes >= ViewKeeper.newBytesMax
                || viewAge >= ViewKeeper.ageMaxMicroseconds
        else { return }
        let (sequence, instant) = (engine.sequence, frontier)
        viewTriedAt = instant
        viewAttempts += 1
        views.write(engine.draftView()) { [weak self] finished in
            await self?.adopt(finished, sequence: sequence, instant: instant)
        }
    }

    /// Has the next tick write a view: there is none.
    func forgetView() {
        (viewSequence, viewInstant, viewTriedAt, viewAttempts) = (0, .earliest, .earliest, 0)
    }

    private func adopt(_ finished: FinishedView, sequence: UInt64, instant: Instant) async {
        (viewSequence, viewInstant, viewAttempts) = (sequence, instant, 0)
        await whenWhole()
        if !isMidway { engine.adopt(finished) }
    }

    private var viewAge: Int64 { frontier.microseconds - viewInstant.microseconds }

    /// Writes the last view, if there is anything that the next start would have to find out again.
    func close() async {
        isClosing = true
        wakeWaiting()
        await fitting?.value
        await views.finish()
        // Midway nothing is known of the truths that the last view has not.
        let areTruthsNew = book.lastChangeAt > viewInstant || viewAge >= ViewKeeper.closingAgeMicroseconds
        let isDue = engine.sequence > viewSequence || !isMidway && engine.sequence > 0 && areTruthsNew
        if isDue, !isHoldingViews { await views.finish(engine.draftView()) }
        published.withdraw()
    }
}

extension AudienceError {
    /// An error of the log or of an audience as one of an audience.
    init(wrapping error: any Error) {
        switch error {
        case let error as AudienceError: self = error
        case let error as LogError: self.init(error)
        default: self.init(.storageFailed, "\(error)")
        }
    }

    init(_ error: LogError) {
        let code: Code =
            switch error.kind {
            case .damaged: .dataDamaged
            case .unsupportedFormat: .unsupportedFormat
            case .full: .storageFull
            case .cancelled: .cancelled
            case .storage: .storageFailed
            }
        self.init(code, error.message)
    }
}
