/// A stretch of time, fixed or moving with now: what `within` says.
public enum Window: Hashable, Sendable {
    /// now - period < t <= now.
    case last(Period)
    /// now < t <= now + period.
    case next(Period)
    /// t <= now - period.
    case notLast(Period)
    /// t > the bound; after a day means from the next midnight.
    case after(DateBound)
    /// t < the bound; before a day means until its midnight.
    case before(DateBound)
    /// From the first to the second, both included, days whole.
    case between(DateBound, DateBound)
    /// The calendar day in the audience's time zone.
    case on(LocalDate)
}

/// One end of a fixed window: a calendar day in the audience's time zone, or an instant.
public enum DateBound: Hashable, Sendable {
    case day(LocalDate)
    case instant(Instant)
}

/// An operator of dates and instants with its operand.
///
/// `on`, `before`, `after` and `between` are kept as `within` such a window, which means the same.
public enum DateTest: Hashable, Sendable {
    case within(Window)
    case notWithin(Window)
    case isBlank
    case isNotBlank
}

extension Window {
    /// The length of a window that moves with now; nil for a fixed one.
    public var period: Period? {
        switch self {
        case .last(let period), .next(let period), .notLast(let period): period
        case .after, .before, .between, .on: nil
        }
    }
}
