import Imports
import SegmentModel
import TestSupport
import Testing

@Suite("Orders from a file")
struct OrderFileTests {
    private static let columns = """
        "order": "No", "contact": {"column": "Mail", "lowercase": true}, "store": {"constant": "web"},
        "currency": {"constant": "EUR"}, "total": "Total", "placedAt": "Date",
        "status": {"column": "State", "values": {"storniert": "cancelled"}, "otherwise": "paid"}
        """
    private static let orders = """
        {"rows": "order", "source": "erp", "dates": ["yyyy-MM-dd"], "timezone": "UTC", "time": "Date",
         "columns": {\(columns), "refunded": "Back", "test": "Test"}}
        """
    private static let lines = """
        {"rows": "line", "source": "erp", "dates": ["yyyy-MM-dd"], "timezone": "UTC", "time": "Date",
         "columns": {\(columns)},
         "lines": {"product": "SKU", "quantity": "Qty", "price": "Price", "title": "Item", "vendor": {"constant": "Acme"}}}
        """
    private static let header = "No,Mail,Total,Date,State,SKU,Qty,Price,Item\n"

    private func lines(_ rows: String, piece: Int? = nil, firstPlace: Int = 1) throws -> Converted {
        try Converted(Self.header + rows, CSVConversion(Self.lines, firstPlace: firstPlace), piece: piece)
    }

    @Test("One row makes one order, less what was paid back, and those cancelled or for a test do not count")
    func rows() throws {
        let converted = try Converted(
            """
            No,Mail,Total,Date,State,Back,Test
            1,A@example.com,100.00,2026-03-01,offen,30.00,no
            2,a@example.com,50,2026-03-02,storniert,,
            3,a@example.com,20,2026-03-03,,25,0
            4,a@example.com,70,2026-03-04,,,yes
            5,a@example.com,9.99,2026-03-05,,0,

            """, CSVConversion(Self.orders))
        #expect(converted.problems == [])
        let contact = try converted.contacts()["a@example.com"]
        #expect(contact?.orders.map(\.amount.description) == ["70", "50", "0", "70", "9.99"])
        #expect(try holds(["activity": "order", "measure": "total", "op": "is", "value": 79.99], for: contact))
        #expect(try holds(["activity": "order", "op": "is", "value": 3], for: contact))
    }

    @Test("Rows with the same order make one order of several lines")
    func severalLines() throws {
        let rows = """
            1,a@example.com,30,2026-03-01,,p1,1,10,Lamp
            1,a@example.com,30,2026-03-01,,p2,2,10,Bulb
            2,b@example.com,5,2026-03-02,,p1,1,5,Lamp
            3,c@example.com,7,2026-03-03,,p3,1,7,"Shade, red"
            3,,,,,p4,1,0,Screw

            """
        let converted = try lines(rows)
        #expect(converted.problems == [])
        #expect(converted.places == [2, 4, 5])
        #expect(converted.lastPlace == 6)
        #expect(converted.orders.map { $0.lines.map(\.product) } == [["p1", "p2"], ["p1"], ["p3", "p4"]])
        #expect(converted.orders[2].lines[0].title == "Shade, red")
        #expect(converted.orders[0].lines[1].vendor == "Acme")
        for piece in [1, 50] { #expect(try lines(rows, piece: piece).bytes == converted.bytes) }
    }

    @Test("Part of an order is never taken for all of it")
    func spoiltOrders() throws {
        let converted = try lines(
            """
            1,a@example.com,30,2026-03-01,,p1,1,10,Lamp
            1,a@example.com,30,2026-03-01,,p2,two,10,Bulb
            2,b@example.com,5,2026-03-02,,p1,1,5,Lamp
            2,b@example.com,6,2026-03-02,,p2,1,5,Bulb
            3,c@example.com,7,2026-03-03,,p3,1,7
            3,c@example.com,7,2026-03-03,,p4,1,7,Shade
            4,d@example.com,7,2026-03-03,,p4,1,7,Shade
            5,e@example.com,x,2026-03-03,,p4,1,7,Shade
            4,d@example.com,7,2026-03-03,,p5,1,7,Screw
            6,f@example.com,7,2026-03-03,,p4,1,7,Shade

            """)
        #expect(converted.orders.map(\.key.order) == ["4", "6"])
        #expect(
            converted.complaints == [
                "3 invalid_number", "3 incomplete_order", "5 contradiction", "6 ragged_row", "6 incomplete_order",
                "7 incomplete_order", "9 invalid_number", "10 scattered_order", "10 incomplete_order",
            ])
    }

    @Test("An order that stands twice in a file of orders is told, since only its last row would hold")
    func repeated() throws {
        let converted = try Converted(
            "No,Mail,Total,Date,State,Back,Test\n1,a@example.com,1,2026-03-01,,,\n1,a@example.com,2,2026-03-01,,,\n",
            CSVConversion(Self.orders))
        #expect(converted.complaints == ["3 repeated_order"])
        #expect(converted.problems[0].message.contains(#""rows": "line""#))
    }

    @Test("Beginning within an order is told, and beginning at one is not")
    func fromLine() throws {
        let rows = "1,a@example.com,3,2026-03-01,,p1,1,1,x\n1,,,,,p2,1,2,y\n2,b@example.com,5,2026-03-02,,p1,1,5,z\n"
        #expect(try lines(rows, firstPlace: 4).complaints == [])
        let within = try lines(rows, firstPlace: 3)
        #expect(within.complaints.first == "3 incomplete_order")
        #expect(within.orders.map(\.key.order) == ["2"])
    }

    @Test("Random orders come out as they were written, however the file is cut", arguments: 0..<50)
    func property(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var rows = ""
        var expected: [[String]] = []
        for order in 0..<Int.random(in: 1...30, using: &random) {
            let count = Int.random(in: 1...4, using: &random)
            let cents = (0..<count).map { _ in Int.random(in: 0...99_999, using: &random) }
            for (index, price) in cents.enumerated() {
                let euros = "\(price / 100).\(price % 100 < 10 ? "0" : "")\(price % 100)"
                rows +=
                    "\(order),c\(order % 7)@example.com,\(order).5,2026-03-01,,p\(index),\(index + 1),\(euros),\"a, \"\"b\"\"\"\n"
            }
            expected.append(cents.map { Amount(tenThousandths: Int64($0) * 100).description })
        }
        let converted = try lines(rows, piece: Int.random(in: 1...300, using: &random))
        #expect(converted.problems == [], "seed \(seed)")
        #expect(converted.orders.map { $0.lines.map(\.price.description) } == expected, "seed \(seed)")
    }
}
