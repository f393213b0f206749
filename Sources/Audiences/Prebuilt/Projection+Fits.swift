internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// When the values of a segment were last looked for, and when it is time again.
struct FitCheck: Sendable {
    var revision: Int
    var sequence: UInt64
    /// Looked for at the latest then: the next local midnight.
    var dueAt: Instant
    /// Looked for as soon as events have come that may end the want of values.
    var retryAt: Instant?

    /// Events by which the log has to grow: a part of what was seen. So a first load is followed closely, and costs few
    /// fits all the same.
    static let growthDivisor: UInt64 = 10
    /// How often the first customer is looked for, and a fit tried again that could not be stored.
    static let retryMicroseconds: Int64 = 60_000_000

    func isDue(revision: Int, frontier: Instant, sequence: UInt64) -> Bool {
        if self.revision != revision || frontier >= dueAt { return true }
        guard sequence > self.sequence else { return false }
        if let retryAt, frontier >= retryAt { return true }
        return sequence - self.sequence >= max(self.sequence / Self.growthDivisor, 1)
    }
}

// Values that are found from the contacts there are. They are looked for beside the ticks, of a snapshot, and recorded only
// if they have changed; they count from the frontier at which they are recorded.
extension Projection {
    /// Begins to look for what is due, unless that is under way.
    func beginFitsIfDue() {
        guard !isFitting, !isClosing, let id = dueFit() else { return }
        isFitting = true
        fitting = Task {
            var next: String? = id
            while let id = next {
                do {
                    try await fit(id)
                } catch {
                    // The store has no room, or fails; what else is stored will say so. Tried again in a while.
                    fitChecks[id]?.dueAt = frontier.advanced(byMicroseconds: FitCheck.retryMicroseconds)
                }
                next = dueFit()
            }
            isFitting = false
        }
    }

    /// The first segment whose values are due.
    private func dueFit() -> String? {
        guard !isMidway, !isClosing else { return nil }
        return book.fittedSegments.sorted().first { id in
            guard let stored = book.segments[id]?.stored, let check = check(of: stored) else { return true }
            return check.isDue(revision: stored.revision, frontier: frontier, sequence: engine.sequence)
        }
    }

    /// When its values were last looked for; after a start, when those that hold were.
    private func check(of stored: StoredSegment) -> FitCheck? {
        if let check = fitChecks[stored.id] { return check }
        return book.fits[stored.id].map { fit in
            self.check(
                revision: stored.revision, frontier: fit.frontier, sequence: fit.sequence, isFound: !fit.values.isEmpty)
        }
    }

    private func check(revision: Int, frontier: Instant, sequence: UInt64, isFound: Bool) -> FitCheck {
        let zone = (try? zones.rules(of: book.settings.timezone)) ?? .utc
        return FitCheck(
            revision: revision, sequence: sequence, dueAt: zone.startOfDay(zone.date(at: frontier).adding(days: 1)),
            retryAt: isFound ? nil : frontier.advanced(byMicroseconds: FitCheck.retryMicroseconds))
    }

    /// Looks for a model's values, as of the frontier; nil without a model.
    func values(of model: FitModel?) async -> FoundFit? {
        guard let model else { return nil }
        let snapshot = engine.snapshot()
        let values = await Task.detached { model.values(in: snapshot) }.value
        await whenWhole()
        return FoundFit(values: values, frontier: snapshot.frontier, sequence: snapshot.sequence)
    }

    /// Values were found for what the segment is to be: the next look is due when these have aged.
    func note(_ fit: FoundFit, for stored: StoredSegment) {
        fitChecks[stored.id] = check(
            revision: stored.revision, frontier: fit.frontier, sequence: fit.sequence, isFound: !fit.values.isEmpty)
    }

    /// Looks for a segment's values and records them if they are others than those that hold.
    func fit(_ id: String) async throws(AudienceError) {
        guard !isMidway, let stored = book.segments[id]?.stored, let model = stored.fit else { return }
        let snapshot = engine.snapshot()
        fitChecks[id] = check(
            revision: stored.revision, frontier: snapshot.frontier, sequence: snapshot.sequence, isFound: true)
        let settings = book.settings
        let values = await Task.detached { model.values(in: snapshot) }.value
        fitChecks[id]?.retryAt =
            values.isEmpty ? snapshot.frontier.advanced(byMicroseconds: FitCheck.retryMicroseconds) : nil
        guard values != book.fits[id]?.values ?? [:] else { return }
        var fit = StoredFit(
            segment: id, values: values, frontier: snapshot.frontier, sequence: snapshot.sequence, at: frontier)
        let condition = try book.condition(of: stored, fit: fit, types: book.settings.fieldTypes)
        guard !isMidway, let build = engine.prepare(condition) else {
            return try install(&fit, of: stored, settings) { engine.define(id, as: condition) }
        }
        let number = engineNumber
        let found = await Task.detached { build.run(progress: { _ in }, isCancelled: { false }) }.value
        try install(&fit, of: stored, settings) {
            if let found, number == engineNumber {
                engine.install(build, findings: found, as: id)
            } else {
                engine.define(id, as: condition)
            }
        } otherwise: {
            if number == engineNumber { engine.abandon(build) }
        }
    }

    /// Records values and has the engine take them, unless what they were found for has changed meanwhile.
    private func install(
        _ fit: inout StoredFit, of stored: StoredSegment, _ settings: AudienceSettings, _ take: () -> Void,
        otherwise giveUp: () -> Void = {}
    ) throws(AudienceError) {
        guard !isMidway, !isClosing, book.settings == settings,
            book.segments[fit.segment]?.stored.revision == stored.revision
        else {
            fitChecks[fit.segment] = FitCheck(revision: 0, sequence: 0, dueAt: frontier)
            return giveUp()
        }
        guard book.fits[fit.segment]?.values != fit.values else { return giveUp() }
        fit.at = max(frontier, book.lastChangeAt)
        do {
            try store([.fit(fit)])
        } catch {
            giveUp()
            throw error
        }
        take()
        publish()
    }

    /// Everything is looked for anew: settings have changed.
    func forgetFitChecks() {
        for id in book.fittedSegments { fitChecks[id] = FitCheck(revision: 0, sequence: 0, dueAt: frontier) }
    }

    /// Returns when no fit is due or under way.
    func settleFits() async {
        while true {
            beginFitsIfDue()
            guard isFitting else { return }
            await fitting?.value
        }
    }
}
