import SegmentModel
import TestSupport
import Testing

@Suite struct ZoneFileTests {
    private func message(_ bytes: [UInt8]) -> String {
        do {
            _ = try TimeZoneRules(name: "Test/Zone", tzif: bytes)
            return "was read"
        } catch {
            return error.message
        }
    }

    @Test func `a file that begins at the beginning of the universe is read`() throws {
        let file = ZoneFixture.file(
            footer: "AAA-1", transitions: [(-576_460_752_303_423_488, 1), (1_000_000_000, 2)],
            offsets: [5, 7_200, 3_600])
        let zone = try TimeZoneRules(name: "Test/Zone", tzif: file)
        #expect(zone.offsetSeconds(at: .earliest) == 7_200)
        #expect(zone.offsetSeconds(at: Instant(microseconds: 999_999_999_999_999)) == 7_200)
        #expect(zone.offsetSeconds(at: Instant(microseconds: 1_000_000_000_000_000)) == 3_600)
        #expect(zone.nextTransition(after: .earliest) == Instant(microseconds: 1_000_000_000_000_000))
    }

    @Test func `without a footer the last offset stays`() throws {
        let file = ZoneFixture.file(footer: "", transitions: [(0, 1)], offsets: [0, 3_600])
        let zone = try TimeZoneRules(name: "Test/Zone", tzif: file)
        #expect(zone.offsetSeconds(at: .latest) == 3_600)
        #expect(zone.offsetSeconds(at: .earliest) == 0)
    }

    @Test func `the rule goes on where a short table ends`() throws {
        // The last transition changes no offset, as when only an abbreviation changes.
        let file = ZoneFixture.file(
            footer: "GMT0BST,M3.5.0/1,M10.5.0", transitions: [(0, 1), (1_000_000, 2)], offsets: [3_600, 0, 0])
        let zone = try TimeZoneRules(name: "Test/Zone", tzif: file)
        #expect(try zone.nextTransition(after: .earliest) == ZoneFixture.at("1970-01-01T00:00:00Z"))
        #expect(try zone.nextTransition(after: Instant(microseconds: 0)) == ZoneFixture.at("1970-03-29T01:00:00Z"))
    }

    @Test func `files that cannot be used are refused with the reason`() {
        #expect(message([]).contains("is not a time zone file"))
        #expect(message(Array("hello".utf8)).contains("The file of time zone Test/Zone is not a time zone file"))
        #expect(message(ZoneFixture.file(footer: "UTC0", version: "\u{0}")).contains("is of version 1"))
        #expect(message(ZoneFixture.file(footer: "UTC0", leapSeconds: 1)).contains("counts leap seconds"))
        #expect(message(ZoneFixture.file(footer: "UTC0", offsets: [90_000])) == "was read")
        #expect(message(ZoneFixture.file(footer: "UTC0", offsets: [93_600])).contains("has an offset of 93600 seconds"))
        let unordered = ZoneFixture.file(footer: "", transitions: [(5, 0), (5, 0)])
        #expect(message(unordered).contains("out of order"))
        #expect(message(ZoneFixture.file(footer: "", transitions: [(5, 1)])).contains("a local time type"))
        #expect(message(ZoneFixture.file(footer: "AAA-1", transitions: [(5, 0)])).contains("contradicts itself"))
        let late = ZoneFixture.file(footer: "", transitions: [(1_000_000_000_000, 0)])
        #expect(message(late).contains("after year 9999"))
    }

    @Test(arguments: [
        "U0", "UTC", "UTC25", "<+3>-3x", "<+03-3", "GMT0BST", "GMT0BST,M3.5.0/1", "GMT0BST,M13.5.0,M10.5.0",
        "GMT0BST,M3.6.0,M10.5.0", "GMT0BST,M3.5.7,M10.5.0", "GMT0BST,J0,J5", "GMT0BST,366,5", "GMT0BST,M3.5.0/168,5",
        "GMT0BST,M3.5.0/1,M10.5.0,", "UTC0:60",
    ])
    func `a faulty rule is refused and quoted`(footer: String) {
        let message = message(ZoneFixture.file(footer: footer))
        #expect(message.hasPrefix("\"\(footer)\" is not a rule for future years: time zone Test/Zone has it"))
    }

    @Test func `a file cut off anywhere or with any byte changed never crashes the reader`() throws {
        let file = try ZoneFixture.bytes("America/New_York")
        for count in 0..<file.count where count % 13 == 0 || count > file.count - 40 {
            #expect(message(Array(file.prefix(count))) != "was read")
        }
        var random = SeededGenerator(seed: 17)
        for _ in 0..<150 {
            var changed = file
            changed[Int.random(in: 0..<file.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            guard let zone = try? TimeZoneRules(name: "Test/Zone", tzif: changed) else { continue }
            let instant = Instant(microseconds: Int64.random(in: -(1 << 52)...(1 << 52), using: &random))
            #expect(abs(zone.offsetSeconds(at: instant)) < 93_600)
            #expect(zone.date(at: zone.startOfDay(zone.date(at: instant))) <= zone.date(at: instant))
        }
    }
}
