extension Period {
    /// Reads the ISO 8601 form: `P30D`, `P8M`, `P1Y2M3DT4H`, `P2W`, `PT30H`.
    ///
    /// Whole numbers of units only, each unit at most once and in descending order; weeks may stand beside other
    /// units. A period of nothing, or of more than about a thousand years, is refused.
    public init(iso8601 text: String) throws(ValueError) {
        self = try withBytes(of: text) { (bytes) throws(ValueError) in try Period(iso8601: bytes) }
    }

    init(iso8601 text: UnsafeRawBufferPointer) throws(ValueError) {
        let counts = try Period.unitCounts(text)
        guard counts.contains(where: { $0 > 0 }) else { throw Period.fault(text, "it lasts no time at all") }
        let period = Period(
            years: counts[0], months: counts[1], weeks: counts[2], days: counts[3], hours: counts[4],
            minutes: counts[5], seconds: counts[6])
        guard let period else { throw Period.fault(text, "it is longer than about a thousand years") }
        self = period
    }

    /// The letters of the units in descending order; the last three come after `T`.
    private static let letters = Array("YMWDHMS".utf8)
    private static let dateUnitCount = 4
    /// Enough for the longest period in seconds.
    private static let digitsMax = 11

    /// Counts of the seven units, in the order of `letters`.
    private static func unitCounts(_ text: UnsafeRawBufferPointer) throws(ValueError) -> [Int] {
        var scanner = TextScanner(text)
        guard scanner.take(UInt8(ascii: "P")) else { throw fault(text, "it does not begin with P") }
        var counts = [Int](repeating: 0, count: letters.count)
        var allowed = 0..<dateUnitCount
        while !scanner.isAtEnd {
            if allowed.upperBound == dateUnitCount, scanner.take(UInt8(ascii: "T")) {
                allowed = dateUnitCount..<letters.count
                guard !scanner.isAtEnd else { throw fault(text, "nothing follows the T") }
            }
            guard let count = scanner.number(digitsMax: digitsMax) else {
                throw fault(text, "units are counted in whole numbers of at most \(digitsMax) digits")
            }
            guard let letter = scanner.current else { throw fault(text, "its last number has no unit") }
            guard let unit = allowed.first(where: { letters[$0] == letter }), scanner.take(letter) else {
                throw fault(text, "the units are Y, M, W, D and after a T then H, M, S, each once and in this order")
            }
            counts[unit] = count
            allowed = (unit + 1)..<allowed.upperBound
        }
        return counts
    }

    private static func fault(_ text: UnsafeRawBufferPointer, _ reason: String) -> ValueError {
        ValueError(
            text, isNot: "a period", because: reason,
            expected: "ISO 8601, such as \"P30D\" (30 days), \"P8M\" (8 months) or \"PT12H\" (12 hours)")
    }
}

extension Period: CustomStringConvertible {
    /// The ISO 8601 form in the units given, without those that are zero.
    public var description: String {
        let date = Period.text([(years, "Y"), (months, "M"), (weeks, "W"), (days, "D")])
        let time = Period.text([(hours, "H"), (minutes, "M"), (seconds, "S")])
        return "P" + date + (time.isEmpty ? "" : "T" + time)
    }

    /// The period in English: `30 days`, `1 year and 2 months`.
    public var phrase: String {
        let units = [
            (years, "year"), (months, "month"), (weeks, "week"), (days, "day"), (hours, "hour"), (minutes, "minute"),
            (seconds, "second"),
        ]
        let parts = units.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        guard let last = parts.last, parts.count > 1 else { return parts.joined() }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func text(_ units: [(count: Int, letter: String)]) -> String {
        units.filter { $0.count > 0 }.map { "\($0.count)\($0.letter)" }.joined()
    }
}
