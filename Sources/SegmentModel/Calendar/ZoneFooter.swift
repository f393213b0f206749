/// What holds after the last transition of a time zone file: POSIX TZ text such as `GMT0BST,M3.5.0/1,M10.5.0`, with the
/// extensions of RFC 9636, section 3.3.1.
enum ZoneFooter: Equatable, Sendable {
    /// One offset for ever.
    case fixed(Int64)
    /// Daylight saving time by a yearly rule.
    case yearly(YearlyOffsets)

    /// Reads the text; the error names the zone.
    init(_ text: UnsafeRawBufferPointer, zone: String) throws(ValueError) {
        var reader = FooterReader(text: text, zone: zone)
        self = try reader.footer()
    }

    /// The offset at a second since 1970.
    func offset(at seconds: Int64) -> Int64 {
        switch self {
        case .fixed(let offset): offset
        case .yearly(let yearly): yearly.span(at: seconds).offset
        }
    }
}

private struct FooterReader {
    private var scanner: TextScanner
    private let zone: String

    init(text: UnsafeRawBufferPointer, zone: String) {
        scanner = TextScanner(text)
        self.zone = zone
    }

    mutating func footer() throws(ValueError) -> ZoneFooter {
        try skipName()
        // POSIX counts hours west of Greenwich, everything else here hours east.
        let standard = -(try clock(hoursMax: 24))
        if scanner.isAtEnd { return .fixed(standard) }
        try skipName()
        let isShiftGiven = scanner.current != .comma
        let daylight = isShiftGiven ? -(try clock(hoursMax: 24)) : standard + 3_600
        let start = try moment()
        let end = try moment()
        guard scanner.isAtEnd else { throw fault() }
        let yearly = YearlyOffsets(standard: standard, daylight: daylight, start: start, end: end)
        return yearly.isDaylightAlways ? .fixed(daylight) : .yearly(yearly)
    }

    /// Steps over a zone abbreviation, `GMT` or `<+03>`.
    private mutating func skipName() throws(ValueError) {
        let isQuoted = scanner.take(UInt8(ascii: "<"))
        let start = scanner.position
        while let byte = scanner.current, FooterReader.isNameByte(byte, isQuoted: isQuoted) {
            _ = scanner.take(byte)
        }
        guard scanner.position - start >= 3, !isQuoted || scanner.take(UInt8(ascii: ">")) else { throw fault() }
    }

    private static func isNameByte(_ byte: UInt8, isQuoted: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), .plus, .minus: isQuoted
        default: false
        }
    }

    /// Reads `[+-]h[h[h]][:mm[:ss]]` as seconds.
    private mutating func clock(hoursMax: Int) throws(ValueError) -> Int64 {
        let isNegative = scanner.current == .minus
        _ = scanner.take(.minus) || scanner.take(.plus)
        guard let hours = scanner.number(digitsMax: 3), hours <= hoursMax else { throw fault() }
        var seconds = hours * 3_600
        for unitSeconds in [60, 1] {
            guard scanner.take(.colon) else { break }
            guard let count = scanner.number(digits: 2), count <= 59 else { throw fault() }
            seconds += count * unitSeconds
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    /// Reads `,date[/time]`; without a time it is two o'clock.
    private mutating func moment() throws(ValueError) -> YearlyMoment {
        guard scanner.take(.comma) else { throw fault() }
        let day = try day()
        let seconds = scanner.take(.slash) ? try clock(hoursMax: 167) : 7_200
        return YearlyMoment(day: day, seconds: seconds)
    }

    private mutating func day() throws(ValueError) -> YearlyMoment.Day {
        if scanner.take(UInt8(ascii: "J")) {
            return .withoutLeapDay(try number(in: 1...365))
        }
        guard scanner.take(UInt8(ascii: "M")) else { return .withLeapDay(try number(in: 0...365)) }
        let month = try number(in: 1...12)
        guard scanner.take(.dot) else { throw fault() }
        let week = try number(in: 1...5)
        guard scanner.take(.dot) else { throw fault() }
        return .weekday(month: month, week: week, weekday: try number(in: 0...6))
    }

    private mutating func number(in range: ClosedRange<Int>) throws(ValueError) -> Int {
        guard let number = scanner.number(digitsMax: 3), range.contains(number) else { throw fault() }
        return number
    }

    private func fault() -> ValueError {
        ValueError(
            scanner.bytes, isNot: "a rule for future years",
            because: "time zone \(zone) has it at the end of its file and it breaks off or goes wrong at byte "
                + "\(scanner.position)",
            expected: "POSIX TZ text such as \"GMT0BST,M3.5.0/1,M10.5.0\"")
    }
}
