/// What a metric is: everything about it but its values.
public struct MetricFamily: Hashable, Sendable {
    /// What its values do, in the words of Prometheus.
    public enum Kind: String, Sendable {
        /// Only rises, until the process ends.
        case counter
        /// Rises and falls.
        case gauge
        /// Times in buckets.
        case histogram
        /// The number of times and their sum.
        case summary
    }

    public let name: String
    public let kind: Kind
    /// The names of its labels, in the order in which samples give their values.
    public let labels: [String]
    /// One sentence for people, without its full stop.
    public let help: String

    public init(_ name: String, _ kind: Kind, _ labels: [String], _ help: String) {
        self.name = name
        self.kind = kind
        self.labels = labels
        self.help = help
    }

    /// One without labels.
    public init(_ name: String, _ kind: Kind, _ help: String) {
        self.init(name, kind, [], help)
    }
}

/// The value of one sample.
public enum MetricValue: Sendable {
    case whole(Int)
    case number(Double)
    /// Of a histogram or a summary.
    case times(TimeHistogram.Reading)
}

/// A value and what it is of.
public struct MetricSample: Sendable {
    /// The values of the family's labels, in its order.
    public var labels: [String]
    public var value: MetricValue

    public init(_ value: MetricValue, _ labels: [String] = []) {
        self.value = value
        self.labels = labels
    }
}
