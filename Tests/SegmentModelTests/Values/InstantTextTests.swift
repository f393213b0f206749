import SegmentModel
import TestSupport
import Testing

@Suite struct InstantTextTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-01T14:05:00Z", 1_772_373_900_000_000),
        ("2026-03-01t14:05:00z", 1_772_373_900_000_000),
        ("2026-03-01 16:05:00+02:00", 1_772_373_900_000_000),
        ("2026-03-01T08:35:00-05:30", 1_772_373_900_000_000),
        ("2026-03-01T14:05:00.5Z", 1_772_373_900_500_000),
        ("2026-03-01T14:05:00.123456+00:00", 1_772_373_900_123_456),
        ("2026-03-01T14:05:00.123456999-00:00", 1_772_373_900_123_456),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func `an instant is read to the microsecond`(text: String, microseconds: Int64) throws {
        #expect(try Instant(rfc3339: text) == Instant(microseconds: microseconds))
    }

    @Test(arguments: [
        ("", "does not begin with a date"),
        ("2026-3-01T14:05:00Z", "does not begin with a date"),
        ("2026-02-30T14:05:00Z", "February 2026 has no day 30"),
        ("2026-13-01T14:05:00Z", "months are 01 to 12"),
        ("2026-00-01T14:05:00Z", "months are 01 to 12"),
        ("2026-01-00T14:05:00Z", "days begin at 01"),
        ("1900-02-29T14:05:00Z", "February 1900 has no day 29"),
        ("0000-01-01T00:00:00Z", "years are 0001 to 9999"),
        ("2026-03-01", "not followed by a time"),
        ("2026-03-01T14:05", "not followed by a time"),
        ("2026-03-01T14:05Z", "not followed by a time"),
        ("2026-03-01T24:00:00Z", "hours end at 23"),
        ("2026-03-01T14:60:00Z", "minutes end at 59"),
        ("2016-12-31T23:59:60Z", "leap seconds are not taken"),
        ("2016-12-31T23:59:61Z", "seconds end at 59"),
        ("2026-03-01T14:05:00", "offset from UTC is missing"),
        ("2026-03-01T14:05:00.25", "offset from UTC is missing"),
        ("2026-03-01T14:05:00.Z", "one to nine digits"),
        ("2026-03-01T14:05:00.1234567890Z", "one to nine digits"),
        ("2026-03-01T14:05:00+0200", "offset like +02:00"),
        ("2026-03-01T14:05:00+24:00", "offset like +02:00"),
        ("2026-03-01T14:05:00+01:60", "offset like +02:00"),
        ("2026-03-01T14:05:00 Z", "offset like +02:00"),
        ("2026-03-01T14:05:00Z ", "something follows the offset"),
        ("0001-01-01T00:00:00+00:01", "outside the years"),
        ("9999-12-31T23:59:59-00:01", "outside the years"),
        ("२०२६-03-01T14:05:00Z", "does not begin with a date"),
    ])
    func `a faulty instant is refused with its reason`(text: String, reason: String) {
        let error = #expect(throws: ValueError.self) { try Instant(rfc3339: text) }
        #expect(error?.message.contains(reason) == true)
        #expect(error?.message.hasPrefix("\"\(text)\" is not an instant: ") == true)
        #expect(error?.message.contains("2026-03-01T14:05:00Z") == true)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_772_373_900_000_000, "2026-03-01T14:05:00Z"), (1_772_373_900_500_000, "2026-03-01T14:05:00.500Z"),
        (1_772_373_900_000_001, "2026-03-01T14:05:00.000001Z"),
    ])
    func `an instant is written in UTC with a fraction only if it has one`(microseconds: Int64, text: String) throws {
        #expect(Instant(microseconds: microseconds).description == text)
        #expect(try Instant(rfc3339: text).microseconds == microseconds)
    }

    @Test func `the earliest and the latest instant have a text form`() throws {
        #expect(try Instant(rfc3339: Instant.earliest.description) == .earliest)
        #expect(try Instant(rfc3339: Instant.latest.description) == .latest)
    }

    @Test func `an error repeats only the beginning of a long text and no control characters`() {
        let error = #expect(throws: ValueError.self) {
            try Instant(rfc3339: "\u{1B}[2J\n" + String(repeating: "x", count: 10_000))
        }
        #expect((error?.message.utf8.count ?? .max) < 400)
        #expect(error?.message.unicodeScalars.contains { $0.value < 0x20 } == false)
    }

    @Test func `the usual text and its spelling with a space are one instant, or none`() {
        var random = SeededGenerator(seed: 8)
        var refused = 0
        for _ in 0..<3_000 {
            let instant = Instant(
                microseconds: .random(
                    in: Instant.earliest.microseconds...Instant.latest.microseconds, using: &random))
            var text = Array(instant.description.utf8)
            text[10] = UInt8(ascii: "T")
            if random.chance(0.7) {
                let at = Int.random(in: 0..<text.count, using: &random)
                if at != 10 { text[at] = random.pick(Array("0123456789-:TZ. ".utf8)) }
            }
            var spaced = text
            spaced[10] = UInt8(ascii: " ")
            let read = try? Instant(rfc3339: String(decoding: text, as: UTF8.self))
            #expect(read == (try? Instant(rfc3339: String(decoding: spaced, as: UTF8.self))))
            refused += read == nil ? 1 : 0
        }
        #expect((500...2_500).contains(refused))
    }
}
