internal import EventLog
internal import SegmentEngine
internal import SegmentModel

/// Looks ahead: has a fork of the engine go on with the events that are pending, and adds up what changes.
///
/// What comes out is what will happen, as it is the engine itself that goes on. One forecast of an audience is made at a
/// time; it costs the memory and time of the fork.
actor Forecaster {
    func forecast(
        _ fork: EngineFork, _ book: DefinitionBook, log: EventLog, grouping: PendingForecast.Grouping, limit: Int
    ) throws(AudienceError) -> PendingForecast {
        let engine = fork.makeEngine(threads: 1)
        engine.keepsChanges = true
        let start = engine.sequence
        var tally = ForecastTally(grouping: grouping)
        let through = try run(engine, log, &tally)
        return tally.forecast(
            frontier: fork.frontier, through: through, pending: Int(log.tail.sequence - start),
            examined: Int(engine.sequence - start), book: book, limit: limit)
    }

    /// Changes are taken from the engine after so many events: with many segments an event makes hundreds.
    private static let sliceEventsMax = 500

    /// Goes on instant by instant until a bound is reached or nothing more is pending.
    ///
    /// - Returns: how far it came.
    private func run(
        _ engine: MembershipEngine, _ log: EventLog, _ tally: inout ForecastTally
    ) throws(AudienceError) -> Instant {
        var through = engine.frontier.instant
        let last = engine.sequence + UInt64(PendingForecast.eventsMax)
        while engine.sequence < last, tally.changeCount < PendingForecast.changesMax {
            guard let instant = try foldSlice(engine, log) else { break }
            engine.advance(to: instant)
            through = instant
            tally.take(engine.takeChanges())
        }
        return through
    }

    /// Folds the next pending events: a slice, and what becomes visible together with its last.
    ///
    /// - Returns: when the last of them becomes visible, nil if nothing is pending.
    private func foldSlice(_ engine: MembershipEngine, _ log: EventLog) throws(AudienceError) -> Instant? {
        var count = 0
        var last: Instant?
        do {
            guard log.tail.sequence > engine.sequence else { return nil }
            _ = try log.forEachStored(from: engine.sequence + 1, countMax: .max) { event in
                guard count < Self.sliceEventsMax || event.visibleAt == last else { return false }
                engine.fold(
                    event.bytes, sequence: event.sequence, recordedAt: event.recordedAt, visibleAt: event.visibleAt)
                count += 1
                last = event.visibleAt
                return true
            }
        } catch {
            throw AudienceError(error)
        }
        return last
    }
}

/// Changes added up by segment and instant, or minute.
struct ForecastTally {
    private struct Key: Hashable {
        var instant: Instant
        var segment: String
    }

    private struct Move: Hashable {
        var segment: String
        var contact: Identifier
    }

    private struct Sums {
        var entered = 0
        var left = 0

        mutating func add(_ isEntered: Bool) {
            if isEntered { entered += 1 } else { left += 1 }
        }
    }

    private let grouping: PendingForecast.Grouping
    private var lines: [Key: Sums] = [:]
    private var totals: [String: Sums] = [:]
    private(set) var changeCount = 0

    init(grouping: PendingForecast.Grouping) {
        self.grouping = grouping
    }

    /// Takes changes in order, all of each instant that has one among them.
    mutating func take(_ changes: [MembershipChange]) {
        changeCount += changes.count
        var rest = changes[...]
        while let first = rest.first {
            let together = rest.prefix { $0.instant == first.instant }
            rest = rest.dropFirst(together.count)
            take(together, at: first.instant)
        }
    }

    /// What comes and goes again within one instant is no change.
    private mutating func take(_ changes: ArraySlice<MembershipChange>, at instant: Instant) {
        var net: [Move: Bool] = [:]
        for change in changes {
            let move = Move(segment: change.segment, contact: change.contact)
            // Changes of one membership alternate.
            if net.removeValue(forKey: move) == nil { net[move] = change.isEntered }
        }
        let shown = grouping == .minute ? instant.endOfMinute : instant
        for (move, isEntered) in net {
            lines[Key(instant: shown, segment: move.segment), default: Sums()].add(isEntered)
            totals[move.segment, default: Sums()].add(isEntered)
        }
    }

    func forecast(
        frontier: Instant, through: Instant, pending: Int, examined: Int, book: DefinitionBook, limit: Int
    ) -> PendingForecast {
        let named = lines.compactMap { key, sums in
            book.segments[key.segment].map {
                PendingForecast.Line(
                    instant: key.instant, segment: $0.label, entered: sums.entered, left: sums.left)
            }
        }
        let sorted = named.sorted {
            ($0.instant, $0.segment.name, $0.segment.id) < ($1.instant, $1.segment.name, $1.segment.id)
        }
        let sums = totals.compactMap { id, sums in
            book.segments[id].map {
                PendingForecast.Total(segment: $0.label, entered: sums.entered, left: sums.left)
            }
        }
        return PendingForecast(
            frontier: frontier, through: through, pending: pending, examined: examined,
            lines: Array(sorted.prefix(min(limit, PendingForecast.linesMax))), lineCount: sorted.count,
            totals: sums.sorted { ($0.segment.name, $0.segment.id) < ($1.segment.name, $1.segment.id) })
    }
}

extension Instant {
    /// The first full minute that is not before it.
    fileprivate var endOfMinute: Instant {
        let minute: Int64 = 60_000_000
        let rest = ((microseconds % minute) + minute) % minute
        return rest == 0 ? self : advanced(byMicroseconds: minute - rest)
    }
}

extension Audience {
    /// What the pending events, and time until the last of them is visible, will do to all segments, if nothing else
    /// comes. Costs a fork of the engine, and the work that the events will be.
    ///
    /// - Parameter limit: of lines, at most `PendingForecast.linesMax`.
    public func forecast(
        by grouping: PendingForecast.Grouping = .minute, limit: Int
    ) async throws(AudienceError) -> PendingForecast {
        let (engine, book) = await projection.fork()
        return try await forecaster.forecast(engine, book, log: log, grouping: grouping, limit: limit)
    }
}
