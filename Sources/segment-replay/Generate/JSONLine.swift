import SegmentModel

/// JSON put together byte by byte; the caller sees to it that the pieces make a document.
///
/// Numbers are written from integers, so that no formatting of binary fractions can differ between machines.
struct JSONLine {
    private(set) var bytes: [UInt8] = []
    /// The day last written and its text, since most events of a line of events fall on the same one.
    private var dayWritten = Int64.min
    private var dayText: [UInt8] = []

    /// Forgets the bytes and keeps their space.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    /// JSON as it is.
    mutating func raw(_ json: String) {
        bytes.append(contentsOf: json.utf8)
    }

    /// JSON as it is.
    mutating func raw(_ json: some Collection<UInt8>) {
        bytes.append(contentsOf: json)
    }

    /// A string, quoted, with what JSON forbids in it escaped.
    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            raw(text)
        } else {
            escaped(text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                raw("\\u00")
                bytes.append(Self.hexadecimal[Int(byte >> 4)])
                bytes.append(Self.hexadecimal[Int(byte & 0xF)])
            default:
                bytes.append(byte)
            }
        }
    }

    /// A whole number.
    mutating func integer(_ number: some BinaryInteger) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = UInt64(number.magnitude)
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// A non-negative amount with two digits after the point: 1250 is `12.50`.
    mutating func amount(cents: Int) {
        integer(cents / 100)
        bytes.append(UInt8(ascii: "."))
        twoDigits(cents % 100)
    }

    /// A number from 0 to 99 with both its digits, unquoted.
    mutating func twoDigits(_ number: Int) {
        bytes.append(UInt8(ascii: "0") + UInt8(number / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// An instant as a quoted RFC 3339 text in UTC, to the second.
    mutating func instant(_ instant: Instant) {
        var (day, rest) = instant.microseconds.quotientAndRemainder(dividingBy: Instant.microsecondsPerDay)
        if rest < 0 {
            day -= 1
            rest += Instant.microsecondsPerDay
        }
        if day != dayWritten {
            dayText = Array(LocalDate(daysSinceEpoch: Int(day)).description.utf8)
            dayWritten = day
        }
        let second = Int(rest / 1_000_000)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: dayText)
        bytes.append(UInt8(ascii: "T"))
        twoDigits(second / 3_600)
        bytes.append(UInt8(ascii: ":"))
        twoDigits(second / 60 % 60)
        bytes.append(UInt8(ascii: ":"))
        twoDigits(second % 60)
        raw("Z\"")
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}

extension JSONLine {
    /// The name of an object's member, which needs no escaping, with the comma before it if it is not the first.
    mutating func name(_ name: String) {
        if let last = bytes.last, last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        raw(name)
        raw("\":")
    }

    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        self.text(text)
    }

    mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        integer(number)
    }

    mutating func member(_ name: String, _ truth: Bool) {
        self.name(name)
        raw(truth ? "true" : "false")
    }

    mutating func member(_ name: String, _ instant: Instant) {
        self.name(name)
        self.instant(instant)
    }

    mutating func member(_ name: String, cents: Int) {
        self.name(name)
        amount(cents: cents)
    }

    /// A member whose value is a list of strings.
    mutating func member(_ name: String, _ texts: [String]) {
        self.name(name)
        raw("[")
        for (index, text) in texts.enumerated() {
            if index > 0 { raw(",") }
            self.text(text)
        }
        raw("]")
    }

    /// A member whose value is JSON as it is.
    mutating func member(_ name: String, raw json: String) {
        self.name(name)
        raw(json)
    }

    /// A member whose value is an object of the members that `body` writes.
    mutating func object(_ name: String, _ body: (inout JSONLine) -> Void) {
        self.name(name)
        raw("{")
        body(&self)
        raw("}")
    }
}
