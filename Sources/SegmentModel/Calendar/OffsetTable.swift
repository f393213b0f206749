/// A stretch of time in which a zone keeps one offset from UTC.
struct OffsetSpan: Equatable, Sendable {
    /// The first second of the stretch since 1970; `Int64.min` if it has no beginning.
    var start: Int64
    /// The first second after it; `Int64.max` if it has no end.
    var end: Int64
    /// Seconds to add to UTC.
    var offset: Int64
}

/// All offsets of a zone: a table of transitions, and after it a rule that repeats every year.
struct OffsetTable: Sendable {
    /// The offset before the first transition.
    private let firstOffset: Int64
    /// Seconds since 1970 at which the offset changes, ascending.
    private let times: [Int64]
    /// The offset from each of `times` on.
    private let offsets: [Int64]
    /// What holds from the last of `times` on (always, if there are none); nil if nothing changes any more.
    private let yearly: YearlyOffsets?
    /// The smallest and the largest offset the zone ever has.
    let offsetMin: Int64
    let offsetMax: Int64

    /// Yearly transitions up to here are written out into the table, where they are found by binary search.
    private static let writtenOutUntil: Int64 = LocalDate.secondsSinceEpoch(ofYear: 2_100)

    /// A table of one offset for all time.
    init(fixed offset: Int64) {
        self.init(firstOffset: offset, changes: [], yearly: nil)
    }

    /// A table from transitions in ascending order, some of which may change nothing.
    init(firstOffset: Int64, changes: [(time: Int64, offset: Int64)], yearly: YearlyOffsets?) {
        var times: [Int64] = []
        var offsets: [Int64] = []
        for change in changes where change.offset != offsets.last ?? firstOffset {
            times.append(change.time)
            offsets.append(change.offset)
        }
        if let yearly, var time = changes.last?.time {
            repeat {
                time = yearly.span(at: time).end
                times.append(time)
                offsets.append(yearly.span(at: time).offset)
            } while time < OffsetTable.writtenOutUntil
        }
        var all = offsets + (yearly.map { [$0.standard, $0.daylight] } ?? [])
        if !times.isEmpty || yearly == nil { all.append(firstOffset) }
        self.firstOffset = firstOffset
        self.times = times
        self.offsets = offsets
        self.yearly = yearly
        offsetMin = all.min() ?? firstOffset
        offsetMax = all.max() ?? firstOffset
    }

    /// The stretch around a second since 1970. A binary search.
    func span(at seconds: Int64) -> OffsetSpan {
        if let yearly, seconds >= times.last ?? .min {
            var span = yearly.span(at: seconds)
            span.start = max(span.start, times.last ?? .min)
            return span
        }
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return OffsetSpan(
            start: low == 0 ? .min : times[low - 1],
            end: low == times.count ? .max : times[low],
            offset: low == 0 ? firstOffset : offsets[low - 1])
    }

    /// The stretches that cover the seconds from `first` to `last`, in order; at least one.
    func spans(from first: Int64, through last: Int64) -> [OffsetSpan] {
        var span = span(at: first)
        var spans = [span]
        while span.end <= last {
            span = self.span(at: span.end)
            spans.append(span)
        }
        return spans
    }

    /// The stretch a second on the wall belongs to, counted from the wall's midnight of 1 January 1970.
    ///
    /// A second that the wall shows twice belongs to the earlier stretch; one that it never shows belongs to the stretch
    /// after the gap, and `offsetBeforeGap` is then the offset before it.
    func span(atWall wall: Int64) -> (span: OffsetSpan, offsetBeforeGap: Int64?) {
        var span = span(at: wall - offsetMax)
        var before = span.offset
        while span.end != .max, wall >= span.end + span.offset {
            before = span.offset
            span = self.span(at: span.end)
        }
        let isInGap = span.start != .min && wall - span.offset < span.start
        return (span, isInGap ? before : nil)
    }
}

extension LocalDate {
    /// Seconds from 1970 to the beginning of a year, both in UTC.
    static func secondsSinceEpoch(ofYear year: Int) -> Int64 {
        LocalDate(checkedYear: year, month: 1, day: 1).secondsSinceEpoch
    }

    /// Seconds from midnight of 1 January 1970 to midnight of this day on one wall.
    var secondsSinceEpoch: Int64 { Int64(daysSinceEpoch) * 86_400 }
}
