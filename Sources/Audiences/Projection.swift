internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// What segmentation has made of the log: the engine, the definitions, and how far they have come.
///
/// Comes in: the log, definitions, the clock. Goes out: answers, each as of `frontier`. Invariant: whenever another
/// call can run, the engine stands exactly at its frontier, so no answer mixes two instants.
actor Projection {
    let log: EventLog
    let zones: ZoneDirectory
    var book: DefinitionBook
    var engine: MembershipEngine

    /// Events read from the log but not yet visible, so that they are not read again at every tick.
    private var ahead: ArraySlice<LoggedEvent> = []
    private var isTicking = false

    /// Events folded before other calls get their turn.
    private static let sliceEventsMax = 20_000

    init(log: EventLog, book: DefinitionBook, zones: ZoneDirectory) throws(AudienceError) {
        self.log = log
        self.zones = zones
        self.book = book
        var engine = MembershipEngine(
            context: try book.settings.evaluationContext(zones: zones),
            frontier: Frontier(at: max(log.tail.recordedAt, book.lastChangeAt)))
        for (id, saved) in book.segments { engine.define(id, as: saved.condition) }
        self.engine = engine
    }

    var frontier: Instant { engine.frontier.instant }

    /// Moves the frontier to `now`, or holds it if the clock went back, applying every event visible by then.
    func tick(to now: Instant) async throws(AudienceError) {
        guard !isTicking else { return }
        isTicking = true
        defer { isTicking = false }
        var target = engine.frontier
        target.advance(to: now)
        while true {
            let next = try foldSlice(visibleBy: target)
            guard let next, target.covers(visibleAt: next) else { break }
            // Everything visible before `next` is folded, so its instant less one microsecond is exact.
            engine.advance(to: next.advanced(byMicroseconds: -1))
            await Task.yield()
        }
        engine.advance(to: target.instant)
    }

    /// Folds a slice of visible events that ends between two instants.
    ///
    /// - Returns: when the next event becomes visible, nil if the log has no more.
    private func foldSlice(visibleBy target: Frontier) throws(AudienceError) -> Instant? {
        var folded = 0
        var last: Instant?
        while let event = try nextEvent() {
            let isGroupEnd = event.visibleAt != last
            if !target.covers(visibleAt: event.visibleAt) || (isGroupEnd && folded >= Self.sliceEventsMax) {
                return event.visibleAt
            }
            engine.fold(event)
            ahead.removeFirst()
            folded += 1
            last = event.visibleAt
        }
        return nil
    }

    private func nextEvent() throws(AudienceError) -> LoggedEvent? {
        if let event = ahead.first { return event }
        guard log.tail.sequence > engine.sequence else { return nil }
        do {
            ahead = try log.read(from: engine.sequence + 1, countMax: Self.sliceEventsMax)[...]
        } catch {
            throw AudienceError(error)
        }
        return ahead.first
    }

    /// Events about the contact that are stored but not visible, in log order.
    ///
    /// Looks at the first `pendingExaminedMax` pending events.
    func pendingEvents(of contact: Identifier) throws(AudienceError) -> [LoggedEvent] {
        try pendingEvents(limit: Self.pendingExaminedMax).filter { $0.event.fact.contact == contact }
    }

    func pendingEvents(limit: Int) throws(AudienceError) -> [LoggedEvent] {
        do {
            return try log.read(from: engine.sequence + 1, countMax: limit)
        } catch {
            throw AudienceError(error)
        }
    }

    static let pendingExaminedMax = 100_000
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
