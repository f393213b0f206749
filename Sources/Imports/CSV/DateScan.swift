import SegmentModel

/// Reads the parts of a date one after the other.
struct DateScan {
    private let bytes: [UInt8]
    private var position = 0
    private var year: Int?
    private var month = 0
    private var day = 0
    private var hour: Int?
    private var minute = 0
    private var second = 0
    private var microseconds: Int64 = 0
    private var isAfternoon: Bool?
    private var offsetSeconds: Int?

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ part: DatePattern.Part) -> Bool {
        switch part {
        case .literal(let character):
            guard bytes[position...].starts(with: character.utf8) else { return false }
            position += character.utf8.count
            return true
        case .digits(let field, let least, let most):
            guard let number = digits(least, most) else { return false }
            set(field, number)
            return true
        case .fraction: return takeFraction()
        case .monthName: return takeMonthName()
        case .halfOfDay: return takeHalfOfDay()
        case .offset: return takeOffset()
        }
    }

    private mutating func digits(_ least: Int, _ most: Int) -> Int? {
        var value = 0
        var count = 0
        while count < most, position < bytes.count, bytes[position] &- 0x30 <= 9 {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
            count += 1
        }
        return count >= least ? value : nil
    }

    private mutating func set(_ field: DatePattern.Field, _ number: Int) {
        switch field {
        case .year: year = number
        case .shortYear: year = 2_000 + number
        case .month: month = number
        case .day: day = number
        case .hour, .hourOfTwelve: hour = number
        case .minute: minute = number
        case .second: second = number
        }
    }

    private mutating func takeFraction() -> Bool {
        var unit: Int64 = 100_000
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 <= 9 {
            microseconds += Int64(bytes[position] - 0x30) * unit
            unit /= 10
            position += 1
        }
        return position > start
    }

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private mutating func word(_ size: Int) -> String? {
        guard position + size <= bytes.count else { return nil }
        defer { position += size }
        return String(decoding: bytes[position..<position + size], as: UTF8.self).lowercased()
    }

    private mutating func takeMonthName() -> Bool {
        guard let name = word(3), let index = Self.monthNames.firstIndex(of: name) else { return false }
        month = index + 1
        return true
    }

    private mutating func takeHalfOfDay() -> Bool {
        guard let half = word(2), half == "am" || half == "pm" else { return false }
        isAfternoon = half == "pm"
        return true
    }

    private mutating func takeOffset() -> Bool {
        guard position < bytes.count else { return false }
        let sign = bytes[position]
        position += 1
        if sign == UInt8(ascii: "Z") {
            offsetSeconds = 0
            return true
        }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = digits(2, 2) else { return false }
        if position < bytes.count, bytes[position] == UInt8(ascii: ":") { position += 1 }
        guard let minutes = digits(2, 2), hours <= 23, minutes <= 59 else { return false }
        offsetSeconds = (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
        return true
    }

    /// What the parts say together; nil if there is no such day or time.
    var reading: DateReading? {
        guard let year else {
            return MonthDay(month: month, day: day).map { .monthDay(month: $0.month, day: $0.day) }
        }
        guard let date = LocalDate(year: year, month: month, day: day) else { return nil }
        guard let hour else { return .day(date) }
        guard let microsecondOfDay = microsecondOfDay(hour: hour) else { return nil }
        guard let offsetSeconds else { return .wall(WallClock(date: date, microsecondOfDay: microsecondOfDay)) }
        let days = Int64(date.daysSinceEpoch) * 86_400_000_000
        let instant = Instant(microseconds: days + microsecondOfDay - Int64(offsetSeconds) * 1_000_000)
        return instant >= .earliest && instant <= .latest ? .instant(instant) : nil
    }

    private func microsecondOfDay(hour: Int) -> Int64? {
        var hour = hour
        if let isAfternoon {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard hour <= 23, minute <= 59, second <= 59 else { return nil }
        return Int64(hour * 3_600 + minute * 60 + second) * 1_000_000 + microseconds
    }
}
