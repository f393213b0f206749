// The text form of instants is RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339), section 5.6.

extension Instant {
    /// Reads an RFC 3339 date-time with an offset, such as `2026-03-01T14:05:00.123456+02:00`.
    ///
    /// `T` may be `t` or a space, `Z` may be `z`. One to nine fraction digits; what is finer than a microsecond is cut
    /// off. Refused: a missing offset, leap seconds (`:60`), days that do not exist, years outside 0001 to 9999 (also
    /// in UTC). Allocates only to describe an error.
    public init(rfc3339 text: UnsafeRawBufferPointer) throws(ValueError) {
        var scanner = TextScanner(text)
        let clock = try Instant.clock(&scanner)
        let fraction = try Instant.fraction(&scanner)
        let offsetSeconds = try Instant.offset(&scanner)
        guard scanner.isAtEnd else { throw Instant.fault(text, "something follows the offset") }
        let seconds = clock - Int64(offsetSeconds)
        self.init(microseconds: seconds * 1_000_000 + fraction)
        guard self >= .earliest, self <= .latest else {
            throw Instant.fault(text, "in UTC it is outside the years 0001 to 9999")
        }
    }

    /// Reads an RFC 3339 date-time from a string.
    public init(rfc3339 text: String) throws(ValueError) {
        self = try withBytes(of: text) { (bytes) throws(ValueError) in try Instant(rfc3339: bytes) }
    }

    /// Date and time of day, as if in UTC, in seconds since 1970.
    private static func clock(_ scanner: inout TextScanner) throws(ValueError) -> Int64 {
        if let clock = usualClock(scanner.bytes) {
            scanner.skip(usualClockSize)
            return clock
        }
        guard let year = scanner.number(digits: 4), scanner.take(.minus), let month = scanner.number(digits: 2),
            scanner.take(.minus), let day = scanner.number(digits: 2)
        else { throw fault(scanner.bytes, "it does not begin with a date") }
        guard let date = LocalDate(year: year, month: month, day: day) else {
            throw fault(scanner.bytes, LocalDate.whyNoDate(year: year, month: month, day: day))
        }
        guard scanner.take(UInt8(ascii: "T")) || scanner.take(UInt8(ascii: "t")) || scanner.take(UInt8(ascii: " ")),
            let hour = scanner.number(digits: 2), scanner.take(.colon), let minute = scanner.number(digits: 2),
            scanner.take(.colon), let second = scanner.number(digits: 2)
        else { throw fault(scanner.bytes, "its date is not followed by a time of hours, minutes and seconds") }
        guard hour <= 23 else { throw fault(scanner.bytes, "hours end at 23") }
        guard minute <= 59 else { throw fault(scanner.bytes, "minutes end at 59") }
        guard second != 60 else { throw fault(scanner.bytes, "leap seconds are not taken") }
        guard second <= 59 else { throw fault(scanner.bytes, "seconds end at 59") }
        return Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// The bytes of `2026-03-01T14:05:00`.
    private static let usualClockSize = 19

    /// What `clock` reads, without its steps, where digits and marks stand as they do in nearly all texts; nil also for
    /// what is no date or time.
    private static func usualClock(_ text: UnsafeRawBufferPointer) -> Int64? {
        guard text.count >= usualClockSize, text[4] == .minus, text[7] == .minus, text[10] == UInt8(ascii: "T"),
            text[13] == .colon, text[16] == .colon
        else { return nil }
        // Any byte that is no digit makes a pair 100 or more.
        func pair(_ offset: Int) -> Int {
            let (tens, ones) = (text[offset] &- 0x30, text[offset + 1] &- 0x30)
            return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : 100
        }
        let (century, yearOfCentury) = (pair(0), pair(2))
        let (hour, minute, second) = (pair(11), pair(14), pair(17))
        guard century < 100, yearOfCentury < 100, hour <= 23, minute <= 59, second <= 59,
            let date = LocalDate(year: century * 100 + yearOfCentury, month: pair(5), day: pair(8))
        else { return nil }
        return Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    /// The fraction of a second in microseconds; 0 if there is none.
    private static func fraction(_ scanner: inout TextScanner) throws(ValueError) -> Int64 {
        guard scanner.take(.dot) else { return 0 }
        var microseconds = 0
        var count = 0
        while let digit = scanner.digit() {
            count += 1
            if count <= 6 { microseconds = microseconds * 10 + digit }
        }
        guard count >= 1, count <= 9 else {
            throw fault(scanner.bytes, "a fraction of a second has one to nine digits")
        }
        while count < 6 {
            microseconds *= 10
            count += 1
        }
        return Int64(microseconds)
    }

    /// The offset from UTC in seconds.
    private static func offset(_ scanner: inout TextScanner) throws(ValueError) -> Int {
        guard !scanner.isAtEnd else { throw fault(scanner.bytes, "its offset from UTC is missing") }
        if scanner.take(UInt8(ascii: "Z")) || scanner.take(UInt8(ascii: "z")) { return 0 }
        let isWest = scanner.current == .minus
        guard scanner.take(.plus) || scanner.take(.minus), let hour = scanner.number(digits: 2),
            scanner.take(.colon), let minute = scanner.number(digits: 2), hour <= 23, minute <= 59
        else { throw fault(scanner.bytes, "its time is not followed by Z or an offset like +02:00") }
        let seconds = hour * 3_600 + minute * 60
        return isWest ? -seconds : seconds
    }

    @inline(never)
    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> ValueError {
        ValueError(
            text, isNot: "an instant", because: reason,
            expected: "RFC 3339 with an offset, such as \"2026-03-01T14:05:00Z\" or \"2026-03-01T15:05:00.25+01:00\"")
    }
}

extension Instant: CustomStringConvertible {
    /// The instant in UTC: `2026-03-01T14:05:00Z`, with three or six fraction digits if it has a fraction.
    public var description: String {
        let wall = WallClock(microsecondsSinceEpoch: microseconds)
        let seconds = Int(wall.microsecondOfDay / 1_000_000)
        let fraction = Int(wall.microsecondOfDay % 1_000_000)
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0.padded(to: 2) }
        return "\(wall.date)T" + clock.joined(separator: ":") + Instant.text(ofFraction: fraction) + "Z"
    }

    private static func text(ofFraction microseconds: Int) -> String {
        guard microseconds != 0 else { return "" }
        guard microseconds % 1_000 == 0 else { return "." + microseconds.padded(to: 6) }
        return "." + (microseconds / 1_000).padded(to: 3)
    }
}

extension Int {
    /// The number in decimal with zeros in front of it, up to a width; a minus sign comes before them.
    func padded(to width: Int) -> String {
        let digits = String(magnitude)
        let zeros = String(repeating: "0", count: Swift.max(0, width - digits.utf8.count))
        return (self < 0 ? "-" : "") + zeros + digits
    }
}
