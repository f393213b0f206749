internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// What segmentation has made of the log: the engine, the definitions, and how far they have come.
///
/// Comes in: the log, definitions, the clock. Goes out: snapshots for readers, each as of one frontier. Invariant:
/// whenever another call can run and `isMidway` is not set, the engine stands exactly at its frontier, so no answer mixes
/// two instants.
actor Projection {
    let log: EventLog
    let zones: ZoneDirectory
    var book: DefinitionBook
    let engine: MembershipEngine
    /// Where readers find the last snapshot without waiting for this actor.
    nonisolated let published = PublishedSnapshot()

    /// The instant that no answer is before.
    nonisolated let start: Instant

    private let views: ViewKeeper
    /// When the next event that is not folded becomes visible, if that is known.
    private var nextVisibleAt: Instant?
    private var isTicking = false
    /// Set as long as the engine does not stand at one instant: before the first tick, while it catches up, and after a
    /// tick that failed.
    private var isMidway = true
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// What the last view holds: events up to this one, truths at this instant.
    private var viewSequence: UInt64
    private var viewInstant: Instant
    nonisolated let builds = BuildsUnderWay()

    /// Events folded before other calls get their turn.
    private static let sliceEventsMax = 20_000
    /// The same while catching up, when nothing is evaluated: a tenth of a second.
    private static let catchUpEventsMax: UInt64 = 100_000
    /// With more events than this to catch up on, contacts are evaluated once at the end instead of after each event.
    private static let catchUpEventsMin: UInt64 = 200_000

    init(
        log: EventLog, book: DefinitionBook, zones: ZoneDirectory, directory: String, mapSizeBytes: Int, threads: Int
    ) throws(AudienceError) {
        self.log = log
        self.zones = zones
        self.book = book
        let store = ViewStore(directory: directory + "/view", mapSizeBytes: mapSizeBytes)
        let frontier = Frontier(at: max(log.tail.recordedAt, book.lastChangeAt))
        let context = try book.settings.evaluationContext(zones: zones)
        let engine = try Self.makeEngine(from: store, context: context, frontier: frontier, threads: threads, log: log)
        let start = engine.frontier.instant
        viewSequence = engine.sequence
        viewInstant = engine.checkpointInstant ?? start
        views = ViewKeeper(store: store)
        // The first tick evaluates everything that is not known, at once.
        engine.beginCatchUp()
        for (id, saved) in book.segments.sorted(by: { $0.key < $1.key }) { engine.define(id, as: saved.condition) }
        self.engine = engine
        self.start = start
    }

    private static func makeEngine(
        from store: ViewStore, context: EvaluationContext, frontier: Frontier, threads: Int, log: EventLog
    ) throws(AudienceError) -> MembershipEngine {
        do {
            return try store.makeEngine(context: context, frontier: frontier, threads: threads) {
                sequence, recordedAt in
                // A view of another log, or of events that this one lost, is none of ours.
                let event = try log.read(from: sequence, countMax: 1).first
                return event?.recordedAt == recordedAt ? event?.visibleAt : nil
            }
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
            if isMidway || log.tail.sequence - engine.sequence >= Self.catchUpEventsMin {
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
        writeViewIfDue()
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

    /// Waits until the engine stands at one instant.
    func whenWhole() async {
        while isMidway {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func resumeWaiting() {
        isMidway = false
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
        let snapshot = AudienceSnapshot(engine: engine.snapshot(), book: book, log: log)
        published.publish(snapshot)
        return snapshot
    }

    // MARK: The view

    /// Writes a view when many events have come, much memory was taken, or much time has passed since the last one.
    private func writeViewIfDue() {
        let events = engine.sequence - viewSequence
        guard !views.isWriting, events > 0,
            events >= ViewKeeper.eventsMax || engine.newRecordBytes >= ViewKeeper.newBytesMax
                || viewAge >= ViewKeeper.ageMaxMicroseconds
        else { return }
        views.write(draftView()) { [weak self] finished in await self?.adopt(finished) }
    }

    private func draftView() -> ViewDraft {
        viewSequence = engine.sequence
        viewInstant = engine.frontier.instant
        return engine.draftView()
    }

    private func adopt(_ finished: FinishedView) async {
        await whenWhole()
        engine.adopt(finished)
    }

    private var viewAge: Int64 { frontier.microseconds - viewInstant.microseconds }

    /// Writes the last view, if there is anything that the next start would have to find out again.
    func close() async {
        // Midway nothing is known of the truths that the last view has not.
        let areTruthsNew = book.lastChangeAt > viewInstant || viewAge >= ViewKeeper.closingAgeMicroseconds
        let isDue = engine.sequence > viewSequence || !isMidway && engine.sequence > 0 && areTruthsNew
        await views.finish(isDue ? draftView() : nil)
        published.withdraw()
    }
}

extension AudienceError {
    init(_ error: LogError) {
        let code: Code =
            switch error.kind {
            case .damaged: .dataDamaged
            case .unsupportedFormat: .unsupportedFormat
            case .full: .storageFull
            case .storage: .storageFailed
            }
        self.init(code, error.message)
    }
}
