// When does a calendar window move past an instant? The step as a function of `now` mostly runs beside `now` at a
// constant distance, but it jumps: at midnights around the ends of months (28 to 31 March, a month back, are all
// 28 February), at transitions of the zone, and where it lands on a transition. It may jump back, so it may pass the
// same instant several times, and a contact leaves a window, re-enters it and leaves again. Membership is defined by
// the step at each instant; these functions find all instants at which that definition changes its answer.

extension CalendarRule {
    /// The instants n > `after`, ascending, at which the truth of `stepBack(period, from: n) >= instant` changes.
    ///
    /// Before all of them it is false, after all of them true. Usually one; a constant number of steps then. Near
    /// transitions of the zone some dozens of instants are tried.
    public func backCrossings(of instant: Instant, period: Period, after: Instant) -> [Instant] {
        crossings(of: instant, CalendarShift(back: period), after: after)
    }

    /// The instants n > `after`, ascending, at which the truth of `stepForward(period, from: n) >= instant` changes.
    public func forwardCrossings(of instant: Instant, period: Period, after: Instant) -> [Instant] {
        crossings(of: instant, CalendarShift(forward: period), after: after)
    }

    /// The instants n > `after`, ascending, at which the truth of `zone.date(at: n) >= day` changes.
    ///
    /// More than one where clocks are put back across midnight, as in St. John's at one minute past it until 2011.
    public func dayCrossings(of day: LocalDate, after: Instant) -> [Instant] {
        let midnight = day.secondsSinceEpoch
        let table = zone.table
        let spans = table.spans(from: midnight - table.offsetMax, through: midnight - table.offsetMin)
        var crossings: [Instant] = []
        var wasReached = false
        for span in spans {
            let isReached = span.start != .min && span.start + span.offset >= midnight
            if isReached != wasReached { crossings.append(Instant(microseconds: span.start * 1_000_000)) }
            wasReached = span.end == .max || span.end - 1 + span.offset >= midnight
            if wasReached, !isReached {
                crossings.append(Instant(microseconds: (midnight - span.offset) * 1_000_000))
            }
        }
        return crossings.filter { $0 > after }
    }

    private func crossings(of instant: Instant, _ shift: CalendarShift, after: Instant) -> [Instant] {
        let target = instant.advanced(byMicroseconds: -shift.microseconds)
        guard !shift.isExact else { return target > after ? [target] : [] }
        let search = CrossingSearch(rule: self, shift: shift, target: target)
        guard after < search.end else { return [] }
        return search.crossings().filter { $0 > after }
    }
}

/// Finds all crossings of one target by the calendar part of one shift.
private struct CrossingSearch {
    private let zone: TimeZoneRules
    private let shift: CalendarShift
    private let target: Instant
    /// Days before `first` lead to before the target, whatever the offsets; `last` and later days lead past it.
    private let first: LocalDate
    private let last: LocalDate
    /// All crossings lie in these seconds of UTC.
    private let seconds: ClosedRange<Int64>
    /// And the steps from there, if they are not known to be short of or past the target, land in these.
    private let landing: ClosedRange<Int64>

    /// Two readings of one wall differ by no more than the spread of the zone's offsets. So a wall clock that is behind
    /// the target's by more than the spread is before the target, and one ahead by more is after it.
    init(rule: CalendarRule, shift: CalendarShift, target: Instant) {
        zone = rule.zone
        self.shift = shift
        self.target = target
        let table = zone.table
        let wall = zone.wallClock(at: target).microsecondsSinceEpoch
        let spread = (table.offsetMax - table.offsetMin) * 1_000_000
        let low = WallClock(microsecondsSinceEpoch: wall - spread).date
        let high = WallClock(microsecondsSinceEpoch: wall + spread).date
        first = shift.origins(of: low).first
        last = shift.origins(of: high.adding(days: 1)).first
        seconds = (first.secondsSinceEpoch - table.offsetMax)...(last.secondsSinceEpoch - table.offsetMin)
        let landingDays = (shift.applied(to: first), shift.applied(to: last).adding(days: 1))
        landing =
            (landingDays.0.secondsSinceEpoch - table.offsetMax)...(landingDays.1.secondsSinceEpoch - table.offsetMin)
    }

    /// No crossing comes after this instant.
    var end: Instant { Instant(microseconds: seconds.upperBound * 1_000_000) }

    func crossings() -> [Instant] {
        let departure = zone.table.span(at: seconds.lowerBound)
        let arrival = zone.table.span(at: landing.lowerBound)
        guard departure.end > seconds.upperBound, arrival.end > landing.upperBound else {
            return crossingsAmongTransitions()
        }
        return crossings(offset: departure.offset, landingOffset: arrival.offset)
    }

    /// The crossings where neither the steps' beginnings nor their ends meet a transition: only the calendar counts.
    private func crossings(offset: Int64, landingOffset: Int64) -> [Instant] {
        let wall = WallClock(microsecondsSinceEpoch: target.microseconds + landingOffset * 1_000_000)
        func instant(_ date: LocalDate, _ microsecondOfDay: Int64) -> Instant {
            let clock = WallClock(date: date, microsecondOfDay: microsecondOfDay)
            return Instant(microseconds: clock.microsecondsSinceEpoch - offset * 1_000_000)
        }
        let (origin, count) = shift.origins(of: wall.date)
        guard count > 0, wall.microsecondOfDay > 0 else { return [instant(origin, 0)] }
        var crossings = [instant(origin, wall.microsecondOfDay)]
        // Each further day that leads to the target's day begins by falling back to that day's midnight.
        for days in 1..<count {
            let date = origin.adding(days: days)
            crossings.append(instant(date, 0))
            crossings.append(instant(date, wall.microsecondOfDay))
        }
        return crossings
    }

    /// The crossings near transitions: tries every instant at which the step can jump, and every one at which it can
    /// pass the target between two jumps.
    private func crossingsAmongTransitions() -> [Instant] {
        let jumps = jumps()
        var candidates = jumps
        for (jump, next) in zip(jumps, jumps.dropFirst() + [end]) {
            let passing = jump.advanced(byMicroseconds: target.microseconds - step(from: jump).microseconds)
            if passing > jump, passing < next { candidates.append(passing) }
        }
        return candidates.sorted().filter { hasPassed($0) != hasPassed($0.advanced(byMicroseconds: -1)) }
    }

    /// Every instant of `seconds` at which the step may jump, ascending, and some at which it does not.
    private func jumps() -> [Instant] {
        let departures = zone.table.spans(from: seconds.lowerBound, through: seconds.upperBound)
        var jumps: Set<Int64> = [seconds.lowerBound, seconds.upperBound]
        jumps.formUnion(departures.dropFirst().map(\.start))
        let walls = midnights() + landingJumps()
        for wall in walls {
            jumps.formUnion(departures.map { wall - $0.offset })
        }
        return jumps.filter(seconds.contains).sorted().map { Instant(microseconds: $0 * 1_000_000) }
    }

    /// The beginnings of all days in question, in seconds on the wall.
    private func midnights() -> [Int64] {
        (first.daysSinceEpoch...last.daysSinceEpoch).map { Int64($0) * 86_400 }
    }

    /// The times on the wall from which a step lands where a transition begins or ends.
    private func landingJumps() -> [Int64] {
        let spans = zone.table.spans(from: landing.lowerBound, through: landing.upperBound)
        var walls: [Int64] = []
        for (span, next) in zip(spans, spans.dropFirst()) {
            for wall in [next.start + span.offset, next.start + next.offset] {
                let (days, secondOfDay) = wall.dividedDown(by: 86_400)
                let (origin, count) = shift.origins(of: LocalDate(daysSinceEpoch: Int(days)))
                walls += (0..<count).map { origin.adding(days: $0).secondsSinceEpoch + secondOfDay }
            }
        }
        return walls
    }

    private func step(from now: Instant) -> Instant {
        var wall = zone.wallClock(at: now)
        wall.date = shift.applied(to: wall.date)
        return zone.instant(of: wall)
    }

    private func hasPassed(_ now: Instant) -> Bool {
        step(from: now) >= target
    }
}
