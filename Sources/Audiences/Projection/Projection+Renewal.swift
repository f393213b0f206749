internal import EventLog
internal import SegmentEngine
internal import SegmentModel

// After contacts were erased from the log the engine still has what they left in it: texts that nobody else has, numbers
// that they took. Another one is made from the log, as a start makes it, and takes its place.
extension Projection {
    /// Removes the view, durably, and has none written until `renew` or `releaseViews`: it has what was erased in it. It
    /// would not be taken for one of the log after, whose generation is another.
    func holdViews() async throws(AudienceError) {
        isHoldingViews = true
        do {
            try await views.removeAll()
        } catch {
            releaseViews()
            throw AudienceError(wrapping: error)
        }
    }

    /// Has views written again, of the engine there is.
    func releaseViews() {
        isHoldingViews = false
        forgetView()
    }

    /// Makes the engine anew from the log. Others go on with the one there is until that is done; then a view is written.
    ///
    /// Costs the time of a start without a view, and the memory of a second engine.
    ///
    /// - Parameter isEnded: asked at least once, then now and then; if so the engine stays, and no view is written of it.
    func renew(_ isEnded: @escaping @Sendable () async -> Bool = { false }) async throws(AudienceError) {
        while true {
            await whenWhole()
            let settings = book.settings
            let context = try settings.evaluationContext(zones: zones)
            let known = book.segments.mapValues(\.condition)
            let fresh = try await Self.replayed(
                log, context: context, known, to: frontier, threads: threads, isEnded)
            await whenWhole()
            guard let fresh, !isClosing else { return }
            // Conditions read otherwise now, or the zone's rules were read again.
            let zone = try book.settings.evaluationContext(zones: zones).zone
            guard book.settings == settings, zone.checksum == context.zone.checksum else { continue }
            try bring(fresh, from: known)
            fresh.keepChanges(of: engine)
            engine = fresh
            engineNumber += 1
            publish()
            releaseViews()
            return
        }
    }

    /// An engine that has seen the log up to an instant, with these segments; nil if it was ended.
    @concurrent
    private static func replayed(
        _ log: EventLog, context: EvaluationContext, _ conditions: [String: Condition], to instant: Instant,
        threads: Int,
        _ isEnded: @Sendable () async -> Bool
    ) async throws(AudienceError) -> sending MembershipEngine? {
        let engine = MembershipEngine(context: context, frontier: Frontier(at: instant), threads: threads)
        engine.logGeneration = log.generation
        engine.beginCatchUp()
        for (id, condition) in conditions.sorted(by: { $0.key < $1.key }) { engine.define(id, as: condition) }
        do {
            while true {
                guard await !isEnded() else { return nil }
                let next = try engine.catchUp(
                    from: log, through: engine.sequence + catchUpEventsMax, visibleBy: instant)
                guard let next, next <= instant else { break }
                await Task.yield()
            }
        } catch {
            throw AudienceError(error)
        }
        engine.endCatchUp(at: instant)
        return engine
    }

    /// Has an engine take what came while it was made, without a pause.
    private func bring(_ fresh: MembershipEngine, from known: [String: Condition]) throws(AudienceError) {
        do {
            _ = try log.forEachStored(
                from: fresh.sequence + 1, countMax: Int(clamping: engine.sequence - fresh.sequence)
            ) { event in
                fresh.fold(
                    event.bytes, sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
                return true
            }
        } catch {
            throw AudienceError(error)
        }
        fresh.advance(to: frontier)
        for (id, saved) in book.segments.sorted(by: { $0.key < $1.key }) where known[id] != saved.condition {
            fresh.define(id, as: saved.condition)
        }
        for id in known.keys where book.segments[id] == nil { fresh.remove(id) }
    }
}
