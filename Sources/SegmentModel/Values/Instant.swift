/// A point on the UTC time line: whole microseconds since 1970-01-01T00:00:00Z.
///
/// Leap seconds do not exist here, as in POSIX time.
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before it.
    public var microseconds: Int64

    /// Makes the instant that many microseconds after the epoch.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// 0001-01-01T00:00:00Z, the earliest instant that has a text form.
    public static let earliest = Instant(microseconds: -62_135_596_800_000_000)
    /// 9999-12-31T23:59:59.999999Z, the latest instant that has a text form.
    public static let latest = Instant(microseconds: 253_402_300_799_999_999)

    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The instant that many microseconds later (earlier if negative).
    public func advanced(byMicroseconds step: Int64) -> Instant {
        Instant(microseconds: microseconds + step)
    }
}
