/// One line of the report: what was measured, how often, and what it should be.
struct Figure {
    /// What it is called in JSON.
    let key: String
    let title: String
    let unit: Unit
    var statistic = Statistic.median
    let values: [Double]
    /// What the value should reach, or stay below; nil if there is no goal.
    var goal: Double?

    enum Statistic {
        case median, percentile99, worst
    }

    enum Unit: String {
        case perSecond = "events/s"
        case seconds = "s"
        case milliseconds = "ms"
        case megabytes = "MB"
        case bytes = "bytes"
        case times = "×"
        case count = ""

        /// A rate should reach its goal, all else stay below.
        var isMoreBetter: Bool { self == .perSecond }
    }

    /// The value that stands for all; nil if nothing was measured.
    var value: Double? {
        switch statistic {
        case .median: values.percentile(50)
        case .percentile99: values.percentile(99)
        case .worst: values.max()
        }
    }
}

extension [Double] {
    /// The value that so many percent do not exceed, by nearest rank; of an even number the median is the mean of two.
    func percentile(_ percent: Double) -> Double? {
        guard !isEmpty else { return nil }
        let ordered = sorted()
        if percent == 50, count.isMultiple(of: 2) { return (ordered[count / 2 - 1] + ordered[count / 2]) / 2 }
        let rank = Int((percent / 100 * Double(count)).rounded(.up))
        return ordered[Swift.max(rank, 1) - 1]
    }
}

/// Goals depend on how many segments there are.
enum Scale {
    case hundred, thousand, tenThousand

    init(segments: Int) {
        self = segments <= 100 ? .hundred : segments <= 1_000 ? .thousand : .tenThousand
    }

    /// The goal for this many segments; nil where none was set.
    func goal(_ hundred: Double?, _ thousand: Double?, _ tenThousand: Double?) -> Double? {
        switch self {
        case .hundred: hundred
        case .thousand: thousand
        case .tenThousand: tenThousand
        }
    }
}
