import FoundationEssentials
import SegmentModel

/// Time zone files of the system the tests run on.
enum ZoneFixture {
    /// The bytes of a zone's file.
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name)))
    }

    /// The rules of a zone.
    static func zone(_ name: String) throws -> TimeZoneRules {
        try TimeZoneRules(name: name, tzif: bytes(name))
    }

    /// A time zone file without transitions, for zones that no system has.
    static func file(
        footer: String, version: Character = "2", transitions: [(time: Int64, type: UInt8)] = [],
        offsets: [Int32] = [0], leapSeconds: Int = 0
    ) -> [UInt8] {
        let leaps = [UInt8](repeating: 0, count: leapSeconds * 12)
        var block = transitions.flatMap { bigEndian($0.time) } + transitions.map(\.type)
        block += offsets.flatMap { bigEndian($0) + [0, 0] } + Array("LMT\u{0}".utf8) + leaps
        let counts = [0, 0, leapSeconds, transitions.count, offsets.count, 4].flatMap { bigEndian(Int32($0)) }
        let magic = Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
        let old = magic + [UInt8](repeating: 0, count: 24)
        return old + magic + counts + block + Array("\n\(footer)\n".utf8)
    }

    /// A zone that is nothing but a rule for all years.
    static func zone(footer: String) throws -> TimeZoneRules {
        try TimeZoneRules(name: "Test/Zone", tzif: file(footer: footer))
    }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}

extension ZoneFixture {
    /// An instant from its text.
    static func at(_ text: String) throws -> Instant { try Instant(rfc3339: text) }

    /// A day from its text.
    static func day(_ text: String) throws -> LocalDate { try LocalDate(iso: text) }

    /// A period from its text.
    static func period(_ text: String) throws -> Period { try Period(iso8601: text) }
}
