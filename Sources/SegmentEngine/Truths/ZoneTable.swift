internal import SegmentModel

/// The stretches in which a zone keeps one offset, as flat arrays in microseconds: the fast way to a wall clock.
///
/// Holds from the year 1 to 2100. Where it does not hold, and near changes of clocks, callers ask `CalendarRule`.
struct ZoneTable: Sendable {
    /// The first instant of each stretch, ascending.
    private var starts: [Int64] = []
    private var offsets: [Int64] = []
    /// From here on the table knows nothing.
    private let end: Int64
    /// Instants at which the calendar day falls back to the day before, ascending. Few zones have any.
    private var fallbacks: [Int64] = []

    /// 1 January 2100.
    static let limit: Int64 = 4_102_444_800_000_000
    static let day: Int64 = 86_400_000_000

    init(_ zone: TimeZoneRules) {
        var instant = Instant.earliest
        starts = [instant.microseconds]
        offsets = [Int64(zone.offsetSeconds(at: instant)) * 1_000_000]
        var end = ZoneTable.limit
        while let next = zone.nextTransition(after: instant) {
            guard next.microseconds < ZoneTable.limit else {
                end = next.microseconds
                break
            }
            instant = next
            starts.append(next.microseconds)
            offsets.append(Int64(zone.offsetSeconds(at: next)) * 1_000_000)
            if zone.date(at: next) < zone.date(at: next.advanced(byMicroseconds: -1)) {
                fallbacks.append(next.microseconds)
            }
        }
        if starts.count == 1 { end = Instant.latest.microseconds }
        self.end = end
    }

    /// Whether clocks never change.
    var isConstant: Bool { starts.count == 1 }

    /// The offset at an instant, if no change of clocks is nearer than the margin on either side; nil if one is, or if
    /// the table does not reach there.
    func offset(at instant: Int64, margin: Int64 = 0) -> Int64? {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        guard low > 0, instant - margin >= starts[low - 1] else { return nil }
        return instant + margin < (low == starts.count ? end : starts[low]) ? offsets[low - 1] : nil
    }

    /// The next instant after `now` at which the calendar day falls back; `Int64.max` if there is none.
    func nextFallback(after now: Int64) -> Int64 {
        guard let last = fallbacks.last, last > now else { return .max }
        return fallbacks.first { $0 > now } ?? .max
    }

    /// Day number on the wall and microseconds since its midnight.
    static func split(_ wall: Int64) -> (day: Int64, rest: Int64) {
        let (quotient, remainder) = wall.quotientAndRemainder(dividingBy: day)
        return remainder < 0 ? (quotient - 1, remainder + day) : (quotient, remainder)
    }
}
