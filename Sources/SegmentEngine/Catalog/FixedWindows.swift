internal import SegmentModel

/// From the first to the last step of a scale, both included: microseconds since 1970, or days.
struct FixedRange: Equatable, Sendable {
    var first: Int64
    var last: Int64

    var isEmpty: Bool { first > last }

    /// What is in both.
    func intersection(_ other: FixedRange) -> FixedRange {
        FixedRange(first: max(first, other.first), last: min(last, other.last))
    }

    /// True if every step of this one is in the other.
    func isInside(_ other: FixedRange) -> Bool {
        isEmpty || (other.first <= first && last <= other.last)
    }
}

extension Window {
    /// The instants in a fixed window, in microseconds since 1970; nil for a window that moves with now.
    func instants(in zone: TimeZoneRules) -> FixedRange? {
        switch self {
        case .last, .next, .notLast: nil
        case .after(let bound): FixedRange(first: bound.instantAfter(in: zone), last: .max)
        case .before(let bound): FixedRange(first: .min, last: bound.firstInstant(in: zone) - 1)
        case .between(let low, let high):
            FixedRange(first: low.firstInstant(in: zone), last: high.instantAfter(in: zone) - 1)
        case .on(let day):
            FixedRange(
                first: DateBound.day(day).firstInstant(in: zone), last: DateBound.day(day).instantAfter(in: zone) - 1)
        }
    }

    /// The days in a fixed window, counted since 1970; nil for a window that moves with now.
    func days(in zone: TimeZoneRules) -> FixedRange? {
        switch self {
        case .last, .next, .notLast: nil
        case .after(let bound): FixedRange(first: bound.day(in: zone) + 1, last: .max)
        case .before(let bound): FixedRange(first: .min, last: bound.day(in: zone) - 1)
        case .between(let low, let high): FixedRange(first: low.day(in: zone), last: high.day(in: zone))
        case .on(let day): FixedRange(first: Int64(day.daysSinceEpoch), last: Int64(day.daysSinceEpoch))
        }
    }
}

extension DateBound {
    /// The instant itself, or the first of the day.
    fileprivate func firstInstant(in zone: TimeZoneRules) -> Int64 {
        switch self {
        case .day(let day): zone.startOfDay(day).microseconds
        case .instant(let instant): instant.microseconds
        }
    }

    /// The first instant after it.
    fileprivate func instantAfter(in zone: TimeZoneRules) -> Int64 {
        switch self {
        case .day(let day): zone.startOfDay(day.adding(days: 1)).microseconds
        case .instant(let instant): instant.microseconds + 1
        }
    }

    fileprivate func day(in zone: TimeZoneRules) -> Int64 {
        switch self {
        case .day(let day): Int64(day.daysSinceEpoch)
        case .instant(let instant): Int64(zone.date(at: instant).daysSinceEpoch)
        }
    }
}
