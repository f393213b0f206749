internal import SegmentModel

/// The instant of the evaluation, with the steps from it worked out once each, however many contacts share it.
struct WindowClock {
    let calendar: StrideCalendar
    private(set) var now: Int64 = .min
    /// The calendar day in the zone, counted from 1970.
    private(set) var today = 0
    private var generation: UInt64 = 0
    private var backs: [(generation: UInt64, instant: Int64)]
    private var forwards: [(generation: UInt64, instant: Int64)]

    init(_ calendar: StrideCalendar) {
        self.calendar = calendar
        backs = Array(repeating: (0, 0), count: calendar.strides.count)
        forwards = backs
    }

    /// Sets the clock.
    mutating func move(to now: Int64) {
        guard now != self.now || generation == 0 else { return }
        self.now = now
        generation += 1
        if let offset = calendar.zone.offset(at: now) {
            today = Int(ZoneTable.split(now + offset).day)
        } else {
            today = calendar.rule.zone.date(at: Instant(microseconds: now)).daysSinceEpoch
        }
    }

    /// The period of that number.
    func stride(_ index: Int) -> Stride { calendar.strides[index] }

    /// Where a window of that period that reaches back begins.
    mutating func back(_ index: Int) -> Int64 {
        if backs[index].generation != generation {
            backs[index] = (generation, calendar.step(calendar.strides[index], from: now, isForward: false))
        }
        return backs[index].instant
    }

    /// Whether now less a period is `t` or later. Mostly told without a step.
    mutating func hasPassed(_ t: Int64, _ index: Int) -> Bool {
        if t + calendar.strides[index].shortest > now { return false }
        if t + calendar.strides[index].longest <= now { return true }
        return t <= back(index)
    }

    /// Where a window of that period that reaches forward ends.
    mutating func forward(_ index: Int) -> Int64 {
        if forwards[index].generation != generation {
            forwards[index] = (generation, calendar.step(calendar.strides[index], from: now, isForward: true))
        }
        return forwards[index].instant
    }

    /// When `t` leaves a window reaching back, or comes back into it: see `StrideCalendar.crossing`.
    func backCrossing(of t: Int64, _ index: Int) -> Int64 {
        calendar.crossing(of: t, calendar.strides[index], isForward: false, after: now)
    }

    /// When `t` comes into a window reaching forward, or leaves it to its far side.
    func forwardCrossing(of t: Int64, _ index: Int) -> Int64 {
        calendar.crossing(of: t, calendar.strides[index], isForward: true, after: now)
    }

    /// Brings an edge forward to the next instant at which "now less the period is `t` or later" changes.
    ///
    /// What lies ahead of now comes into windows first, and leaves them later than that.
    func bringForward(_ edge: inout Int64, leaving t: Int64, _ index: Int) {
        guard t <= now else {
            edge = min(edge, t)
            return
        }
        let (shortest, longest) = (calendar.strides[index].shortest, calendar.strides[index].longest)
        guard t + longest > now, t + shortest < edge else { return }
        edge = min(edge, backCrossing(of: t, index))
    }

    /// The same of "now plus the period is `t` or later", as long as `t` lies ahead.
    func bringForward(_ edge: inout Int64, entering t: Int64, _ index: Int) {
        guard t > now else { return }
        edge = min(edge, t)
        let (shortest, longest) = (calendar.strides[index].shortest, calendar.strides[index].longest)
        guard t - shortest > now, t - longest < edge else { return }
        edge = min(edge, forwardCrossing(of: t, index))
    }
}
