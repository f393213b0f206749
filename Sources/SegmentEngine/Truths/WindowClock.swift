internal import SegmentModel

/// The instant of the evaluation, with the steps from it worked out once each, however many contacts share it.
///
/// Steps are kept for as long as now stays within one calendar day: mostly they all span the same time then.
struct WindowClock: BitwiseCopyable {
    /// How far a step in one direction leads, and for how long that is known.
    private struct Step: BitwiseCopyable {
        var validity: UInt64 = 0
        var length: Int64 = 0
    }

    /// The least and the most time that a stride spans.
    private struct Span: BitwiseCopyable {
        let shortest: Int64
        let longest: Int64
    }

    private let unmanagedCalendar: Unmanaged<StrideCalendar>
    private(set) var now: Int64 = .min
    /// The calendar day in the zone, counted from 1970.
    private(set) var today = 0
    /// The instants of the present day, or now alone if the clocks change near it.
    private var dayStart: Int64 = .max
    private var dayEnd: Int64 = .min
    /// Steps that hold at this instant alone carry the first, those that hold all day the second.
    private var nowValidity: UInt64 = 1
    private var dayValidity: UInt64 = 2
    private let spans: ScratchTable<Span>
    private let backs: ScratchTable<Step>
    private let forwards: ScratchTable<Step>

    /// A clock; the calendar must outlive it.
    init(_ calendar: StrideCalendar) {
        unmanagedCalendar = .passUnretained(calendar)
        let count = calendar.strides.count
        spans = ScratchTable(capacity: count)
        backs = ScratchTable(repeating: Step(), count: count)
        forwards = ScratchTable(repeating: Step(), count: count)
        for (index, stride) in calendar.strides.enumerated() {
            // Where clocks never change a day is a day.
            let isExact = calendar.zone.isConstant && stride.months == 0
            let exact = Int64(stride.days) * ZoneTable.day + stride.microseconds
            spans[index] = Span(
                shortest: isExact ? exact : stride.shortest, longest: isExact ? exact : stride.longest)
        }
    }

    func deallocate() {
        spans.deallocate()
        backs.deallocate()
        forwards.deallocate()
    }

    var calendar: StrideCalendar { unmanagedCalendar.takeUnretainedValue() }

    /// Sets the clock.
    @inline(__always)
    mutating func move(to now: Int64) {
        guard now != self.now || dayEnd == .min else { return }
        self.now = now
        nowValidity += 2
        if now < dayStart || now >= dayEnd { beginDay() }
    }

    @inline(never)
    private mutating func beginDay() {
        dayValidity += 2
        if let offset = calendar.zone.offset(at: now, margin: ZoneTable.day) {
            today = Int(ZoneTable.split(now + offset).day)
            dayStart = Int64(today) * ZoneTable.day - offset
            dayEnd = dayStart + ZoneTable.day
        } else {
            today = calendar.rule.zone.date(at: Instant(microseconds: now)).daysSinceEpoch
            (dayStart, dayEnd) = (now, now + 1)
        }
    }

    /// Where a window of that period that reaches back begins.
    @inline(__always)
    func back(_ index: Int) -> Int64 {
        let step = backs[index]
        if step.validity == dayValidity || step.validity == nowValidity { return now - step.length }
        return now - takeStep(index, isForward: false)
    }

    /// Where a window of that period that reaches forward ends.
    func forward(_ index: Int) -> Int64 {
        let step = forwards[index]
        if step.validity == dayValidity || step.validity == nowValidity { return now + step.length }
        return now + takeStep(index, isForward: true)
    }

    @inline(never)
    private func takeStep(_ index: Int, isForward: Bool) -> Int64 {
        let calendar = calendar
        let stride = calendar.strides[index]
        let target = calendar.step(stride, from: now, isForward: isForward)
        // On a day on which no clock changes, here or there, all steps lead to one day and are of one length.
        let isPlain = dayEnd - dayStart == ZoneTable.day && calendar.isPlain(target, stride)
        let step = Step(
            validity: isPlain || stride.isExact ? dayValidity : nowValidity,
            length: isForward ? target - now : now - target)
        if isForward { forwards[index] = step } else { backs[index] = step }
        return step.length
    }

    /// Brings an edge forward to the next instant at which "now less the period is `t` or later" changes.
    ///
    /// What lies ahead of now comes into windows first, and leaves them later than that.
    @inline(__always)
    func bringForward(_ edge: inout Int64, leaving t: Int64, _ index: Int) {
        guard t <= now else {
            edge = min(edge, t)
            return
        }
        let span = spans[index]
        guard t + span.longest > now, t + span.shortest < edge else { return }
        let isPlain = span.shortest == span.longest && t + span.longest < ZoneTable.limit
        edge = min(edge, isPlain ? t + span.longest : crossing(of: t, index, isForward: false))
    }

    /// The same of "now plus the period is `t` or later", as long as `t` lies ahead.
    func bringForward(_ edge: inout Int64, entering t: Int64, _ index: Int) {
        guard t > now else { return }
        edge = min(edge, t)
        let span = spans[index]
        guard t - span.shortest > now, t - span.longest < edge else { return }
        edge = min(edge, crossing(of: t, index, isForward: true))
    }

    /// When `t` leaves a window reaching back, or comes into one that reaches forward: see `StrideCalendar.crossing`.
    @inline(never)
    private func crossing(of t: Int64, _ index: Int, isForward: Bool) -> Int64 {
        let calendar = calendar
        return calendar.crossing(of: t, calendar.strides[index], isForward: isForward, after: now)
    }

    /// Brings the edge forward to the beginning of a day ahead (`Int.max` for none), and to where today may fall back.
    func bringForward(_ edge: inout Int64, toDay day: Int) {
        let calendar = calendar
        if day != .max { edge = min(edge, calendar.start(ofDay: day, after: now)) }
        edge = min(edge, calendar.zone.nextFallback(after: now))
    }
}
