/// What the pending events, and time until the last of them is visible, will do to all segments, if nothing else comes.
public struct ForecastAnswer: Codable, Equatable, Sendable {
    public var frontier: String
    /// How far it looks: everything until then is in it, nothing after it.
    public var through: String
    /// Events that are pending.
    public var pending: Int
    /// How many of them were looked at; fewer only if a bound was reached.
    public var examined: Int
    /// Who enters and leaves, by time and then by the segment's name: the first `limit` of them.
    public var changes: [ForecastLineAnswer]
    /// How many there are in all.
    public var changeCount: Int
    /// The same added up for each segment that anything happens to, by name.
    public var totals: [ForecastTotalAnswer]

    public init(
        frontier: String, through: String, pending: Int, examined: Int, changes: [ForecastLineAnswer],
        changeCount: Int, totals: [ForecastTotalAnswer]
    ) {
        self.frontier = frontier
        self.through = through
        self.pending = pending
        self.examined = examined
        self.changes = changes
        self.changeCount = changeCount
        self.totals = totals
    }
}

/// What happens to one segment at one instant, or within one minute.
public struct ForecastLineAnswer: Codable, Equatable, Sendable {
    /// The instant; of a minute the end.
    public var at: String
    public var segment: SegmentName
    public var entered: Int
    public var left: Int

    public init(at: String, segment: SegmentName, entered: Int, left: Int) {
        self.at = at
        self.segment = segment
        self.entered = entered
        self.left = left
    }
}

/// Entries and exits of one segment; who does both is counted in both.
public struct ForecastTotalAnswer: Codable, Equatable, Sendable {
    public var segment: SegmentName
    public var entered: Int
    public var left: Int

    public init(segment: SegmentName, entered: Int, left: Int) {
        self.segment = segment
        self.entered = entered
        self.left = left
    }
}

/// Which instants of a forecast become one line.
public enum ForecastGrouping: String, Codable, CaseIterable, Sendable {
    case minute
    case instant
}
