extension TimeZoneRules {
    /// The instant as a clock in this zone shows it, with its offset from UTC: `2026-03-01T15:05:00+01:00`.
    public func text(of instant: Instant) -> String {
        let seconds = offsetSeconds(at: instant)
        let minutes = abs(seconds) / 60
        let sign = seconds < 0 ? "-" : "+"
        return "\(wallClock(at: instant))\(sign)\((minutes / 60).padded(to: 2)):\((minutes % 60).padded(to: 2))"
    }
}
