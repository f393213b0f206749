/// Metrics as text, in the exposition format of Prometheus, version 0.0.4.
public struct Exposition: Sendable {
    /// What was added so far; every line is ended.
    public private(set) var text = ""
    private var names: Set<String> = []

    public init() {}

    /// Adds a family, which must not be there yet, with all its samples.
    public mutating func add(_ family: MetricFamily, _ samples: [MetricSample]) {
        precondition(names.insert(family.name).inserted, "a metric stands in the text once")
        text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
        for sample in samples {
            precondition(sample.labels.count == family.labels.count, "a sample has a value for each label")
            add(sample, of: family)
        }
    }

    private mutating func add(_ sample: MetricSample, of family: MetricFamily) {
        let labels = zip(family.labels, sample.labels).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
        switch sample.value {
        case .whole(let value): line(family.name, labels, String(value))
        case .number(let value): line(family.name, labels, Self.number(value))
        case .times(let times):
            if family.kind == .histogram { addBuckets(times, family.name, labels) }
            line(family.name + "_sum", labels, Self.number(times.totalSeconds))
            line(family.name + "_count", labels, String(times.count))
        }
    }

    /// Each bucket counts those of the shorter ones too.
    private mutating func addBuckets(_ times: TimeHistogram.Reading, _ name: String, _ labels: [String]) {
        var count = 0
        for (bucket, bound) in TimeHistogram.boundsMicroseconds.enumerated() {
            count += times.counts[bucket]
            let bound = Self.number(Double(bound) / 1_000_000)
            line(name + "_bucket", labels + ["le=\"\(bound)\""], String(count))
        }
        line(name + "_bucket", labels + ["le=\"+Inf\""], String(times.count))
    }

    private mutating func line(_ name: String, _ labels: [String], _ value: String) {
        text += name + (labels.isEmpty ? "" : "{" + labels.joined(separator: ",") + "}") + " " + value + "\n"
    }

    /// As Go reads it; whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        guard value.isFinite else { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped.append(contentsOf: #"\\"#.unicodeScalars)
            case "\n": escaped.append(contentsOf: #"\n"#.unicodeScalars)
            case "\"" where quotes: escaped.append(contentsOf: #"\""#.unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
