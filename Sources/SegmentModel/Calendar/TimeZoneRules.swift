/// What the clocks of a time zone show at every instant.
///
/// Comes in: the bytes of a time zone file, read by the caller. Goes out: wall clocks of instants and instants of wall
/// clocks, without I/O and by binary search. The rules are fixed at the start of the process, so that an instant means
/// the same for as long as it runs.
public struct TimeZoneRules: Sendable {
    /// The name of the zone, such as `Europe/London`.
    public let name: String

    let table: OffsetTable

    /// Reads a time zone file of version 2 or later (RFC 9636).
    public init(name: String, tzif bytes: [UInt8]) throws(ValueError) {
        let outcome: Result<ZoneFile, ValueError> = bytes.withUnsafeBytes { bytes in
            do throws(ValueError) {
                return .success(try ZoneFile(bytes, zone: name))
            } catch {
                return .failure(error)
            }
        }
        self.init(name: name, file: try outcome.get())
    }

    private init(name: String, file: ZoneFile) {
        self.name = name
        switch file.footer {
        case .yearly(let yearly):
            table = OffsetTable(firstOffset: file.firstOffset, changes: file.changes, yearly: yearly)
        case .fixed(let offset) where file.changes.isEmpty:
            table = OffsetTable(fixed: offset)
        case .fixed, nil:
            table = OffsetTable(firstOffset: file.firstOffset, changes: file.changes, yearly: nil)
        }
    }

    private init(name: String, table: OffsetTable) {
        self.name = name
        self.table = table
    }

    /// Coordinated universal time, which has no transitions.
    public static let utc = TimeZoneRules(name: "UTC", table: OffsetTable(fixed: 0))

    /// Seconds to add to UTC for the time on the wall, such as 3,600 in central Europe in winter.
    public func offsetSeconds(at instant: Instant) -> Int {
        Int(offset(at: instant))
    }

    /// Date and time of day that the clocks show.
    public func wallClock(at instant: Instant) -> WallClock {
        WallClock(microsecondsSinceEpoch: instant.microseconds + offset(at: instant) * 1_000_000)
    }

    /// The calendar day in the zone.
    public func date(at instant: Instant) -> LocalDate {
        wallClock(at: instant).date
    }

    /// The instant at which the clocks show this.
    ///
    /// If they show it twice, the earlier instant. If they skip it, they are read as if they had not been put forward
    /// yet, which moves the time on the wall forward by the length of the gap.
    public func instant(of wall: WallClock) -> Instant {
        let local = wall.microsecondsSinceEpoch
        let place = table.span(atWall: local.dividedDown(by: 1_000_000).quotient)
        return Instant(microseconds: local - (place.offsetBeforeGap ?? place.span.offset) * 1_000_000)
    }

    /// The first instant of a calendar day, which is not always midnight.
    ///
    /// If the zone skips the beginning of the day, or all of it, the first instant after the gap.
    public func startOfDay(_ date: LocalDate) -> Instant {
        let midnight = date.secondsSinceEpoch
        let place = table.span(atWall: midnight)
        let seconds = place.offsetBeforeGap == nil ? midnight - place.span.offset : place.span.start
        return Instant(microseconds: seconds * 1_000_000)
    }

    /// The next instant at which the offset changes; nil if it never does again.
    public func nextTransition(after instant: Instant) -> Instant? {
        let end = table.span(at: instant.seconds).end
        return end == .max ? nil : Instant(microseconds: end * 1_000_000)
    }

    private func offset(at instant: Instant) -> Int64 {
        table.span(at: instant.seconds).offset
    }
}

extension Instant {
    /// Whole seconds since 1970, rounded down.
    var seconds: Int64 { microseconds.dividedDown(by: 1_000_000).quotient }
}
