import Imports
import SegmentModel
import TestSupport
import Testing

@Suite("Contacts from a file")
struct ContactFileTests {
    private static let mapping = """
        {"rows": "contact", "source": "crm", "delimiter": ";", "decimal": ",", "dates": ["dd.MM.yyyy HH:mm", "dd.MM.yyyy"],
         "timezone": "Europe/Berlin", "time": "Changed",
         "columns": {
           "contact": {"column": "Mail", "lowercase": true}, "email": "Mail",
           "status": {"column": "State", "values": {"aktiv": "subscribed", "weg": "unsubscribed"}},
           "city": {"column": "City", "blank": "clear"}, "country": {"constant": "DE"},
           "vip": {"column": "VIP", "values": {"ja": true, "nein": false}},
           "rating": "Stars", "birthday": "Born", "signedUpAt": "Since",
           "tags": {"column": "Tags", "separator": "|"},
           "fields.points": {"column": "Points", "type": "number"},
           "fields.renewal": {"column": "Renewal", "type": "date"},
           "fields.likes": {"column": "Likes", "type": "list", "separator": "|"}}}
        """
    private static let header = "Mail;State;City;VIP;Stars;Born;Since;Tags;Points;Renewal;Likes;Changed\n"

    private func convert(_ rows: String, piece: Int? = nil) throws -> Converted {
        try Converted(
            Self.header + rows, CSVConversion(Self.mapping, zone: .installed("Europe/Berlin")), piece: piece)
    }

    @Test("Every kind of value arrives as the mapping says")
    func values() throws {
        let converted = try convert(
            "Anna@Example.com;aktiv;München;ja;4;24.12.1980;29.03.2026 02:30;Gold| early bird;1,5;01.02.2027;tea|cake;01.03.2026 10:00\n"
        )
        #expect(converted.problems == [])
        let event = try #require(converted.events.first)
        #expect(event.source == "crm")
        #expect(event.time == (try Instant(rfc3339: "2026-03-01T09:00:00Z")))
        let contact = try #require(converted.contacts()["anna@example.com"])
        #expect(contact[.email] == .text("Anna@Example.com"))
        #expect(contact[.status] == .text("subscribed"))
        #expect(contact[.city] == .text("München"))
        #expect(contact[.country] == .text("DE"))
        #expect(contact[.vip] == .boolean(true))
        #expect(contact[.rating] == .number(Number(4)))
        #expect(contact[.birthday] == .birthday(month: 12, day: 24))
        // The clocks skip that half hour: half past two is half past three.
        #expect(contact[.signedUpAt] == .instant(try Instant(rfc3339: "2026-03-29T01:30:00Z")))
        #expect(contact.tags.values.sorted() == ["Gold", "early bird"])
        #expect(contact.attributes[.custom("points")] == .number(try Number(decimal: "1.5")))
        #expect(contact.attributes[.custom("renewal")] == .text("2027-02-01"))
        #expect(contact.attributes[.custom("likes")] == .list(["tea", "cake"]))
    }

    @Test("A blank leaves a value as it was, or clears it where the mapping says so")
    func blanks() throws {
        let change = try #require(try convert("a@example.com;;;;;;;;;;;01.03.2026\n").changes.first)
        #expect(change.tags == nil)
        #expect(
            change.attributes.map(\.key)
                == [.known(.email), .known(.country), .known(.city)])
        #expect(change.attributes.first { $0.key == .known(.city) }?.value == nil)
    }

    @Test("A bad row is named with its line and column, and stops no other")
    func badRows() throws {
        let converted = try convert(
            """
            a@example.com;aktiv;;;;;;;;;;01.03.2026
            b@example.com;neu;;;;;;;;;;01.03.2026
            c@example.com;;;vielleicht;;;;;;;;01.03.2026
            d@example.com;;;;;;;;1.5;;;01.03.2026
            e@example.com;;;;;31.02.1980;;;;;;01.03.2026
            f@example.com;;
            ;;;;;;;;;;;01.03.2026
            g@example.com;;;;;;;;;;;
            h@example.com;"un"closed;;;;;;;;;;01.03.2026
            z@example.com;weg;;;;;;;;;;01.03.2026

            """)
        #expect(
            converted.complaints == [
                "3 unknown_value", "4 wrong_type", "5 invalid_number", "6 invalid_time", "7 ragged_row",
                "8 missing_key",
                "9 missing_key", "10 malformed_row",
            ])
        #expect(converted.changes.map(\.contact) == ["a@example.com", "z@example.com"])
        #expect(converted.places == [2, 11])
        #expect(converted.lastPlace == 11)
        let messages = converted.problems.map(\.message)
        #expect(messages[0].contains("Column “State”: “neu”"))
        #expect(messages[0].contains("/columns/status"))
        #expect(messages[2].contains("“1.5” is not a number such as “1234,50”"))
        #expect(messages[4].contains("“VIP” is the first column that is missing"))
    }

    @Test("Bytes of another encoding are named, and read once it is declared")
    func encodings() throws {
        let mapping = #"{"rows": "contact", "source": "s", "columns": {"contact": "Id", "city": "City"}}"#
        let file = Array("Id,City\n1,K".utf8) + [0xF6] + Array("ln\n2,Bonn\n".utf8)
        let converted = try Converted(file, CSVConversion(mapping, asOf: "2026-01-01T00:00:00Z"))
        #expect(converted.complaints == ["2 invalid_utf8"])
        #expect(converted.problems[0].message.contains("Column “City” is not UTF-8"))
        let declared = mapping.replacing(#""rows""#, with: #""encoding": "latin-1", "rows""#)
        let read = try Converted(file, CSVConversion(declared, asOf: "2026-01-01T00:00:00Z"))
        #expect(try read.contacts()["1"]?[.city] == .text("Köln"))
        let utf16 = try importError {
            _ = try Converted([0xFF, 0xFE, 0x49, 0x00], CSVConversion(mapping, asOf: "2026-01-01T00:00:00Z"))
        }
        #expect(utf16.message.contains("UTF-16"))
    }

    @Test("The same file gives the same bytes however it is cut; a changed row changes its own event only")
    func determinism() throws {
        let rows = (1...50).map { "c\($0)@example.com;aktiv;City \($0);;;;;a|b;\($0),25;;;01.03.2026 10:00\n" }.joined()
        let whole = try convert(rows)
        for piece in [1, 13, 100] { #expect(try convert(rows, piece: piece).bytes == whole.bytes) }
        #expect(Set(whole.events.map(\.id)).count == 50)
        let other = try convert(rows.replacing("City 7;", with: "Town 7;"))
        let changed = zip(whole.events, other.events).filter { $0.id != $1.id }
        #expect(changed.count == 1)
        #expect(changed.first?.1.fact.contact == "c7@example.com")
        #expect(zip(whole.events, other.events).count { $0 == $1 } == 49)
    }

    @Test("A value that goes back to what it was in a later file is a new event")
    func thereAndBack() throws {
        let mapping = #"{"rows": "contact", "source": "s", "columns": {"contact": "Id", "country": "C"}}"#
        let files = [("FR", "2026-01-01"), ("DE", "2026-01-02"), ("FR", "2026-01-03")].map { country, day in
            ("Id,C\n1,\(country)\n", day + "T00:00:00Z")
        }
        let events = try files.flatMap { try Converted($0.0, CSVConversion(mapping, asOf: $0.1)).events }
        #expect(Set(events.map(\.id)).count == 3)
    }

    @Test("Rows before the line to begin from are passed over")
    func fromLine() throws {
        let mapping = #"{"rows": "contact", "source": "s", "columns": {"contact": "Id"}}"#
        let conversion = try CSVConversion(mapping, asOf: "2026-01-01T00:00:00Z", firstPlace: 4)
        let converted = try Converted("Id\n1\n2,x\n3\n4\n", conversion)
        #expect(converted.changes.map(\.contact) == ["3", "4"])
        #expect(converted.problems == [])
    }
}
