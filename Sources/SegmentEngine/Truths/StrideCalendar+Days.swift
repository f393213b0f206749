internal import SegmentModel

// Steps between calendar days.
extension StrideCalendar {
    /// The first day from which a period back leads past `day`.
    func firstDay(steppingBackPast day: Int, _ index: Int) -> Int {
        let stride = strides[index]
        guard stride.months != 0 else { return day + stride.days + 1 }
        let target = LocalDate(daysSinceEpoch: day)
        var first = rule.forward(stride.period, from: target)
        while rule.back(stride.period, from: first) <= target { first = first.adding(days: 1) }
        while rule.back(stride.period, from: first.adding(days: -1)) > target {
            first = first.adding(days: -1)
        }
        return first.daysSinceEpoch
    }

    /// The first day from which a period forward leads to `day` or past it.
    func firstDay(steppingForwardTo day: Int, _ index: Int) -> Int {
        let stride = strides[index]
        guard stride.months != 0 else { return day - stride.days }
        let target = LocalDate(daysSinceEpoch: day)
        var first = rule.back(stride.period, from: target)
        while rule.forward(stride.period, from: first) < target { first = first.adding(days: 1) }
        while rule.forward(stride.period, from: first.adding(days: -1)) >= target {
            first = first.adding(days: -1)
        }
        return first.daysSinceEpoch
    }
}
