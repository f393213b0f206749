import Imports
import SegmentModel
import Testing

@Suite("Mappings")
struct MappingTests {
    private func fault(_ mapping: String) throws -> ImportError {
        try importError { _ = try Mapping(parsing: Array(mapping.utf8)) }
    }

    private static let order = """
        "order": "No", "contact": "Mail", "store": {"constant": "web"}, "currency": {"constant": "EUR"}, "total": "Total"
        """

    @Test(
        "What is wrong with a mapping is named with its place",
        arguments: [
            (#"{"rows": "contact""#, nil, "not JSON"),
            (#"{"rows": "contacts", "source": "s", "columns": {}}"#, "/rows", "contact"),
            (#"{"rows": "contact", "columns": {}}"#, "/source", "missing"),
            (#"{"rows": "contact", "source": "s", "column": {}}"#, "/column", "Did you mean “columns”?"),
            (#"{"rows": "contact", "source": "s", "columns": {}}"#, "/columns/contact", "missing"),
            (
                #"{"rows": "contact", "source": "s", "columns": {"contact": "Id", "citty": "City"}}"#,
                "/columns/citty", "Did you mean “city”?"
            ),
            (
                #"{"rows": "contact", "source": "s", "columns": {"contact": {"colum": "Id"}}}"#,
                "/columns/contact/colum", "column"
            ),
            (
                #"{"rows": "contact", "source": "s", "columns": {"contact": {}}}"#, "/columns/contact", "column"
            ),
            (
                #"{"rows": "contact", "source": "s", "columns": {"contact": "Id", "signedUpAt": "At"}}"#, "/dates",
                "How are dates written"
            ),
            (
                #"{"rows": "contact", "source": "s", "dates": "YYYY", "columns": {"contact": "Id"}}"#, "/dates",
                "dd.MM.yyyy"
            ),
            (
                #"""
                {"rows": "contact", "source": "s", "dates": ["yyyy-MM-dd"], "columns": {"contact": "Id", "signedUpAt": "At"}}
                """#, "/timezone", "time zone"
            ),
            (#"{"rows": "line", "source": "s", "columns": {\#(order)}}"#, "/lines", "missing"),
            (
                #"{"rows": "line", "source": "s", "columns": {\#(order)}, "lines": {"product": "P", "price": "X"}}"#,
                "/lines/quantity", "missing"
            ),
            (#"{"rows": "order", "source": "s", "columns": {"order": "No"}}"#, "/columns/contact", "missing"),
            (
                #"{"rows": "order", "source": "s", "decimal": ",", "grouping": ",", "columns": {\#(order)}}"#,
                "/grouping", "decimal sign"
            ),
            (
                #"{"rows": "order", "source": "s", "delimiter": "::", "columns": {\#(order)}}"#, "/delimiter",
                "one character"
            ),
            (#"{"rows": "order", "source": "s", "encoding": "ebcdic", "columns": {\#(order)}}"#, "/encoding", "utf-8"),
            (#"{"rows": "order", "rows": "line"}"#, nil, "second time"),
        ] as [(String, String?, String)])
    func faults(mapping: String, pointer: String?, words: String) throws {
        let error = try fault(mapping)
        #expect(error.pointer == pointer)
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test("Birthdays need no time zone, and days of a calendar none either")
    func noZoneNeeded() throws {
        _ = try Mapping(
            parsing: Array(
                #"""
                {"rows": "contact", "source": "s", "dates": ["dd.MM.yyyy"],
                 "columns": {"contact": "Id", "birthday": {"column": "B", "dates": ["d.M."]},
                             "fields.since": {"column": "S", "type": "date"}}}
                """#.utf8))
    }

    @Test("A file without the mapped column names the nearest one it has")
    func unknownColumn() throws {
        let mapping = #"{"rows": "contact", "source": "s", "columns": {"contact": "E-Mial"}}"#
        let error = try importError {
            _ = try Converted("E-Mail,City\na@example.com,Bonn\n", CSVConversion(mapping, asOf: "2026-01-01T00:00:00Z"))
        }
        #expect(error.pointer == "/columns/contact")
        #expect(error.message.contains("Did you mean “E-Mail”?"))
        let semicolons = try importError {
            _ = try Converted("E-Mial;City\nx;y\n", CSVConversion(mapping, asOf: "2026-01-01T00:00:00Z"))
        }
        #expect(semicolons.message.contains(#""delimiter": ";""#))
        let twice = try importError {
            _ = try Converted("E-Mial,E-Mial\nx,y\n", CSVConversion(mapping, asOf: "2026-01-01T00:00:00Z"))
        }
        #expect(twice.message.contains("2 columns"))
    }

    @Test("Without a column for the time an instant has to be given for the file, and only then")
    func time() throws {
        let mapping = #"{"rows": "contact", "source": "s", "columns": {"contact": "Id"}}"#
        #expect(try importError { _ = try CSVConversion(mapping) }.pointer == "/time")
        let timed = #"{"rows": "contact", "source": "s", "time": "T", "dates": ["unix"], "columns": {"contact": "Id"}}"#
        #expect(try importError { _ = try CSVConversion(timed, asOf: "2026-01-01T00:00:00Z") }.pointer == "/time")
    }

    @Test("A proposal reads the file it was made of")
    func proposal() throws {
        let file = """
            Order ID;E-Mail;Status;Order date;Total;Currency;SKU;Title;Qty;Unit price
            1001;a@example.com;paid;01.03.2026 10:00;1.234,50;EUR;sku-1;Lamp;2;617,25
            1002;b@example.com;paid;13.03.2026 11:30;20,00;EUR;sku-2;Bulb;4;5,00

            """
        let proposal = try MappingProposal(beginning: Array(file.utf8), source: "orders")
        let text = proposal.json.prettyText
        #expect(proposal.json["rows"] == "line")
        #expect(proposal.json["delimiter"] == ";")
        #expect(proposal.json["decimal"] == ",")
        #expect(proposal.json["dates"] == ["d.M.yyyy HH:mm"])
        #expect(proposal.json["columns"]?["contact"] == ["column": "E-Mail", "lowercase": true])
        #expect(proposal.json["grouping"] == ".")
        let converted = try Converted(file, CSVConversion(text))
        #expect(converted.problems == [])
        #expect(converted.orders.map(\.total.description) == ["1234.5", "20"])
    }

    @Test("A proposal marks what it does not find")
    func poorProposal() throws {
        let proposal = try MappingProposal(beginning: Array("Order no,Amount\n1,2\n".utf8), source: "s", rows: .order)
        #expect(proposal.json["columns"]?["currency"] == "?")
        #expect(proposal.json["columns"]?["contact"] == "?")
        #expect(proposal.notes.contains { $0.contains("--as-of") })
        #expect(throws: ImportError.self) { try MappingProposal(beginning: [], source: "s") }
    }
}
