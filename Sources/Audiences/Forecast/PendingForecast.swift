public import SegmentModel

/// What the pending events, and time until the last of them is visible, will do to all segments, if nothing else comes.
public struct PendingForecast: Equatable, Sendable {
    public var frontier: Instant
    /// How far it looks: everything that happens until then is in it, and nothing after it. The frontier if nothing is
    /// pending.
    public var through: Instant
    /// Events that are pending, and how many of them were looked at: less only if one of the bounds was reached.
    public var pending: Int
    public var examined: Int
    /// Who enters and who leaves, by instant and then by the segment's name, the first `linesMax` at most.
    public var lines: [Line]
    /// How many lines there are in all.
    public var lineCount: Int
    /// The same added up for each segment that anything happens to, by name.
    public var totals: [Total]

    /// What happens to one segment at one instant, or within one minute.
    public struct Line: Equatable, Sendable {
        /// The instant, or the end of the minute: the first full minute that is not before it.
        public var instant: Instant
        public var segment: SegmentLabel
        public var entered: Int
        public var left: Int
    }

    /// Entries and exits of one segment; who does both is counted in both.
    public struct Total: Equatable, Sendable {
        public var segment: SegmentLabel
        public var entered: Int
        public var left: Int
    }

    /// Which instants become one line.
    public enum Grouping: Equatable, Sendable {
        case instant
        case minute
    }

    /// Pending events that are looked at.
    public static let eventsMax = 100_000
    /// Changes of memberships that are looked at.
    public static let changesMax = 5_000_000
    /// Lines that are kept.
    public static let linesMax = 10_000
}
