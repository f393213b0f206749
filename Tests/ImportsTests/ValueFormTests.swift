import SegmentModel
import TestSupport
import Testing

@testable import Imports

@Suite("How dates and numbers are written in files")
struct ValueFormTests {
    private func reading(_ pattern: String, _ text: String) throws -> DateReading? {
        try #require(DatePattern(pattern)).read(text)
    }

    private func wall(_ iso: String) throws -> DateReading {
        .wall(TimeZoneRules.utc.wallClock(at: try Instant(rfc3339: iso + "Z")))
    }

    @Test("Patterns read what they say and nothing else")
    func patterns() throws {
        #expect(try reading("dd.MM.yyyy HH:mm", "01.03.2026 14:05") == wall("2026-03-01T14:05:00"))
        #expect(try reading("d.M.yy", "1.3.26") == .day(LocalDate(iso: "2026-03-01")))
        #expect(try reading("M/d/yyyy h:mm a", "3/1/2026 12:05 AM") == wall("2026-03-01T00:05:00"))
        #expect(try reading("M/d/yyyy h:mm a", "3/1/2026 12:05 pm") == wall("2026-03-01T12:05:00"))
        #expect(try reading("d MMM yyyy", "1 Mar 2026") == .day(LocalDate(iso: "2026-03-01")))
        #expect(try reading("yyyy-MM-dd'T'HH:mm:ss.S", "2026-03-01T14:05:00.25") == wall("2026-03-01T14:05:00.250"))
        #expect(
            try reading("yyyy-MM-dd HH:mm:ss Z", "2026-03-01 14:05:00 +0200")
                == .instant(Instant(rfc3339: "2026-03-01T12:05:00Z")))
        #expect(try reading("unix", "1772373900") == .instant(Instant(rfc3339: "2026-03-01T14:05:00Z")))
        #expect(try reading("MM-dd", "02-29") == .monthDay(month: 2, day: 29))
        for (pattern, text) in [
            ("dd.MM.yyyy", "1.3.2026"), ("dd.MM.yyyy", "31.02.2026"), ("dd.MM.yyyy", "01.03.2026 "),
            ("d/M/yyyy HH:mm", "1/3/2026 24:00"), ("M/d/yyyy h:mm a", "3/1/2026 13:00 PM"), ("unix", "soon"),
            ("rfc3339", "2026-03-01"), ("yyyy-MM-dd", "２026-03-01"),
        ] { #expect(try reading(pattern, text) == nil, "\(text) as \(pattern)") }
    }

    @Test("Patterns that cannot tell a date are refused")
    func badPatterns() {
        for text in [
            "", "yyyy", "MM.yyyy", "dd.MM.yyyy hh:mm", "d.M.yyyy mm", "YYYY-MM-DD", "dd.MM.yyyy 'Uhr", "d d M",
        ] {
            #expect(DatePattern(text) == nil, "\(text)")
        }
    }

    @Test("Decimals are exact in their declared form, and a group has three digits")
    func decimals() {
        let german = DecimalForm(sign: ",", grouping: ".")
        #expect(german.json("1.234.567,50") == "1234567.50")
        #expect(german.json("1234,5") == "1234.5")
        #expect(german.json("-0,05") == "-0.05")
        #expect(german.json("1.50") == nil)
        #expect(german.json("1.2345") == nil)
        #expect(DecimalForm().json("1,234.50") == nil)
        #expect(DecimalForm(sign: ".", grouping: ",").json("1,234.50") == "1234.50")
        #expect(DecimalForm(sign: ",", grouping: " ").json("1\u{202F}234,50") == "1234.50")
        #expect(DecimalForm(sign: ".", grouping: "'").json("1’234.50") == "1234.50")
        #expect(DecimalForm().json("007.10") == "7.10")
        for text in ["", "-", ".", "1.", ".5", "1e3", "12 €", "1.2.3", "--1", "٣"] {
            #expect(DecimalForm().json(text) == nil, "\(text)")
        }
    }

    @Test("Every day of eight years is read back as it was written")
    func everyDay() throws {
        let pattern = try #require(DatePattern("d.M.yyyy"))
        var day = try LocalDate(iso: "2020-01-01")
        let end = try LocalDate(iso: "2028-01-01")
        while day < end {
            #expect(pattern.read("\(day.day).\(day.month).\(day.year)") == .day(day))
            day = day.adding(days: 1)
        }
    }

    @Test("Windows 1252 and Latin 1 give the characters they stand for")
    func encodings() {
        #expect(TextEncoding(name: "latin-1")?.text([0x4D, 0xFC, 0x6C, 0x80]) == "Mül€")
        #expect(TextEncoding.utf8.text([0x4D, 0xFC]) == nil)
        #expect(TextEncoding(name: "utf-16") == nil)
    }
}
