import SegmentModel

/// Stretches of time as people read them.
enum Spans {
    private static let units: [(seconds: Int64, name: String)] = [
        (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"),
    ]

    /// The two largest units: `1 h 59 min`, `3 d 4 h`, `0 s`.
    static func text(seconds: Int64) -> String {
        guard let first = units.firstIndex(where: { seconds >= $0.seconds }) else { return "0 s" }
        let head = seconds / units[first].seconds
        var text = "\(head) \(units[first].name)"
        if first + 1 < units.count {
            let tail = seconds % units[first].seconds / units[first + 1].seconds
            if tail > 0 { text += " \(tail) \(units[first + 1].name)" }
        }
        return text
    }

    /// How an instant lies to another: `in 1 h 59 min`, `3 d 4 h ago`, `now`. Nil if either is not RFC 3339.
    static func relation(of instant: String, to now: String) -> String? {
        guard let instant = try? Instant(rfc3339: instant), let now = try? Instant(rfc3339: now) else { return nil }
        let seconds = (instant.microseconds - now.microseconds) / 1_000_000
        if seconds == 0 { return "now" }
        return seconds > 0 ? "in " + text(seconds: seconds) : text(seconds: -seconds) + " ago"
    }

    /// The instant as given, and in parentheses how it lies to `now`.
    static func dated(_ instant: String, now: String) -> String {
        relation(of: instant, to: now).map { "\(instant) (\($0))" } ?? instant
    }
}
