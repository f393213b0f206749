import SegmentModel

/// A form in which dates are written: letters for parts, everything else for itself.
///
/// | letters | part |
/// |---|---|
/// | `yyyy` `yy` | year; two digits are of this century |
/// | `MM` `M` `MMM` | month: two digits, one or two, `Jan` |
/// | `dd` `d` | day |
/// | `HH` `H` `hh` `h` `a` | hour of 24; hour of 12 with `AM` or `PM` |
/// | `mm` `ss` `S` | minute, second, fraction of a second of any length |
/// | `Z` | offset from UTC: `Z`, `+02:00`, `+0200` |
/// | `'…'` | the text in quotes |
///
/// Two names stand for whole forms: `rfc3339`, and `unix` for seconds since 1970.
public struct DatePattern: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case digits(Field, min: Int, max: Int)
        case monthName
        case halfOfDay
        case fraction
        case offset
        case literal(Character)
    }

    enum Field: Sendable { case year, shortYear, month, day, hour, hourOfTwelve, minute, second }

    enum Form: Equatable, Sendable {
        case parts([Part])
        case rfc3339
        case unix
    }

    /// The pattern as it was written.
    public let text: String
    let form: Form

    /// Nil if letters are not known, or a date cannot be told from these parts.
    public init?(_ text: String) {
        self.text = text
        switch text {
        case "rfc3339": form = .rfc3339
        case "unix": form = .unix
        default:
            guard let parts = Self.parts(of: text) else { return nil }
            form = .parts(parts)
        }
    }

    private static let letters: [String: Part] = [
        "yyyy": .digits(.year, min: 4, max: 4), "yy": .digits(.shortYear, min: 2, max: 2),
        "MM": .digits(.month, min: 2, max: 2), "M": .digits(.month, min: 1, max: 2), "MMM": .monthName,
        "dd": .digits(.day, min: 2, max: 2), "d": .digits(.day, min: 1, max: 2),
        "HH": .digits(.hour, min: 2, max: 2), "H": .digits(.hour, min: 1, max: 2),
        "hh": .digits(.hourOfTwelve, min: 2, max: 2), "h": .digits(.hourOfTwelve, min: 1, max: 2),
        "mm": .digits(.minute, min: 2, max: 2), "ss": .digits(.second, min: 2, max: 2), "S": .fraction,
        "a": .halfOfDay, "Z": .offset,
    ]

    private static func parts(of text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "'" {
                let literal = rest.dropFirst().prefix { $0 != "'" }
                guard literal.endIndex < rest.endIndex else { return nil }
                parts += literal.map { .literal($0) }
                rest = rest[rest.index(after: literal.endIndex)...]
            } else if first.isLetter {
                let run = rest.prefix { $0 == first }
                guard let part = letters[String(run)] else { return nil }
                parts.append(part)
                rest = rest.dropFirst(run.count)
            } else {
                parts.append(.literal(first))
                rest = rest.dropFirst()
            }
        }
        return isTelling(parts) ? parts : nil
    }

    /// A day needs its month; an hour of twelve its half; nothing is said twice.
    private static func isTelling(_ parts: [Part]) -> Bool {
        func has(_ fields: Field...) -> Bool {
            parts.contains { part in
                guard case .digits(let field, _, _) = part else { return false }
                return fields.contains(field)
            }
        }
        let fields = parts.filter { part in
            guard case .literal = part else { return true }
            return false
        }
        return has(.day) && (has(.month) || parts.contains(.monthName)) && !(has(.year) && has(.shortYear))
            && has(.hourOfTwelve) == parts.contains(.halfOfDay) && !(has(.hour) && has(.hourOfTwelve))
            && !(has(.minute) && !has(.hour, .hourOfTwelve))
            && fields.indices.allSatisfy { !fields[..<$0].contains(fields[$0]) }
    }

    /// The text read in this form; nil if it is not written so, or names no date.
    func read(_ text: String) -> DateReading? {
        switch form {
        case .rfc3339: return (try? Instant(rfc3339: text)).map { .instant($0) }
        case .unix:
            guard let seconds = Int64(text), abs(seconds) <= 253_402_300_799 else { return nil }
            return .instant(Instant(microseconds: seconds * 1_000_000))
        case .parts(let parts):
            var scan = DateScan(text)
            for part in parts { guard scan.take(part) else { return nil } }
            return scan.isAtEnd ? scan.reading : nil
        }
    }
}

/// What a text says about a date.
enum DateReading: Equatable {
    case instant(Instant)
    /// A date with a time on the wall.
    case wall(WallClock)
    case day(LocalDate)
    /// A day without a year.
    case monthDay(month: Int, day: Int)
}
