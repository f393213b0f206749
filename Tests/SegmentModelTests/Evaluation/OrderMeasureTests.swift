import SegmentModel
import Testing

@Suite("Measures over orders")
struct OrderMeasureTests {
    /// Three orders that count in euros: 30, 12.5 and 100; one in pounds; five that do not count.
    let ask = Asking(
        contact: Sample.contact(
            orders: [
                Sample.order(
                    "1", "2026-01-01T10:00:00Z", "30",
                    lines: [
                        Sample.line("tea", quantity: "2", price: "10", vendor: "Acme", category: "Drinks"),
                        Sample.line("cup", quantity: "1", price: "10", vendor: "Bolt"),
                    ], sequence: 11),
                Sample.order(
                    "2", "2026-02-01T10:00:00Z", "12.5",
                    lines: [Sample.line("tea", quantity: "1.25", price: "10", vendor: "ACME", category: "Drinks")],
                    sequence: 12),
                Sample.order("3", "2026-02-20T10:00:00Z", "100", store: "shop", sequence: 13),
                Sample.order("4", "2026-02-21T10:00:00Z", "500", currency: "GBP", sequence: 14),
                Sample.order("5", "2026-02-22T10:00:00Z", "999", status: .cancelled),
                Sample.order("6", "2026-02-22T10:00:00Z", "999", status: .refunded),
                Sample.order("7", "2026-02-22T10:00:00Z", "999", status: .pending),
                Sample.order("8", "2026-02-22T10:00:00Z", "999", isTest: true),
                Sample.order("9", "2026-04-01T10:00:00Z", "999"),
            ],
            refunds: [
                UnlinkedRefund(
                    currency: "EUR", amount: Sample.amount("50"), occurredAt: Sample.instant("2026-02-25T00:00:00Z"),
                    sequence: 20),
                UnlinkedRefund(
                    currency: "GBP", amount: Sample.amount("7"), occurredAt: Sample.instant("2026-02-25T00:00:00Z"),
                    sequence: 21),
            ]))

    private func measures(
        _ measure: String, _ value: String, where filters: JSONValue? = nil, within: JSONValue? = nil,
        now: String? = nil
    ) throws -> Bool {
        var node: [JSONValue.Member] = [.init("activity", "order"), .init("measure", .string(measure))]
        if let filters { node.append(.init("where", filters)) }
        if let within { node.append(.init("within", within)) }
        node += [.init("op", "is"), .init("value", .number(value))]
        return try ask(.object(node), now: now)
    }

    private func filter(_ field: String, _ op: String, _ value: JSONValue) -> JSONValue {
        [["field": .string(field), "op": .string(op), "value": value]]
    }

    @Test("Only placed, paid and fulfilled orders that are no tests and not in the future count")
    func counted() throws {
        #expect(try measures("count", "4"))
        #expect(try measures("count", "5", now: "2026-04-01T10:00:00Z"))
        #expect(try measures("count", "0", where: filter("status", "is", "cancelled")))
        #expect(try measures("count", "4", where: filter("status", "in", ["placed", "paid"])))
        #expect(try measures("count", "0", now: "2026-01-01T09:59:59Z"))
    }

    @Test("An audience may count other statuses")
    func countedStatuses() throws {
        let context = EvaluationContext(
            zone: .utc, currency: "EUR", countedStatuses: [.cancelled, .pending], fieldTypes: [:])
        let condition = try Condition(parsing: ["activity": "order", "op": "is", "value": 2])
        let evaluator = ReferenceEvaluator(context: context)
        #expect(evaluator.isTrue(condition, of: ask.contact, at: Sample.instant(ask.now)))
    }

    @Test("Amounts are those of orders in the audience's currency")
    func amounts() throws {
        #expect(try measures("total", "142.5"))
        #expect(try measures("average", "47.5"))
        #expect(try measures("largest", "100"))
        #expect(try measures("smallest", "12.5"))
        #expect(try measures("count", "2", where: filter("amount", "at_least", 30)))
        #expect(try measures("count", "3", where: filter("amount", "at_least", 0)))
    }

    @Test("A filter on the currency takes the orders of that one instead")
    func namedCurrency() throws {
        #expect(try measures("total", "500", where: filter("currency", "is", "gbp")))
        #expect(try measures("total", "500", where: filter("currency", "in", ["GBP"])))
        #expect(try measures("largest", "500", where: filter("currency", "in", ["GBP", "EUR"])))
        #expect(try measures("count", "1", where: filter("currency", "is_not", "EUR")))
        #expect(try measures("total", "0", where: filter("currency", "is", "USD")))
    }

    @Test("The net total lacks refunds that name no order, from when they occurred")
    func netTotal() throws {
        #expect(try measures("netTotal", "92.5"))
        #expect(try measures("netTotal", "142.5", now: "2026-02-24T23:59:59.999999Z"))
        let poor = Asking(contact: Sample.contact(refunds: ask.contact.unlinkedRefunds))
        #expect(try poor(["activity": "order", "measure": "netTotal", "op": "is", "value": -50]))
    }

    @Test("An average is compared without rounding")
    func exactAverage() throws {
        let thirds = Asking(
            contact: Sample.contact(
                orders: ["0.01", "0", "0"].map { Sample.order("1", "2026-01-01T00:00:00Z", $0) }))
        func average(_ op: String, _ value: JSONValue) throws -> Bool {
            try thirds(["activity": "order", "measure": "average", "op": .string(op), "value": value])
        }
        // A third of a hundredth: 0.00333…
        #expect(try average("greater_than", .number("0.003333333")))
        #expect(try average("less_than", .number("0.003333334")))
        #expect(try !average("is", .number("0.003333333")))
        #expect(try average("between", [.number("0.003333333"), .number("0.003333334")]))
        #expect(try average("not_in", [.number("0.003333333"), .number("0.003333334")]))
    }

    @Test("Lines: quantities, totals and products range over matching lines")
    func lines() throws {
        let tea = filter("product", "is", "tea")
        #expect(try measures("quantity", "4.25"))
        #expect(try measures("quantity", "3.25", where: tea))
        #expect(try measures("lineTotal", "42.5"))
        #expect(try measures("lineTotal", "32.5", where: tea))
        #expect(try measures("products", "2"))
        #expect(try measures("products", "1", where: filter("vendor", "is", "acme")))
        #expect(try measures("count", "2", where: tea))
        #expect(try measures("total", "42.5", where: tea))
        // Two orders with 3.25 of it together.
        #expect(try measures("averageQuantity", "1.625", where: tea))
        #expect(try measures("averageQuantity", "1.0625"))
    }

    @Test("All filters on lines hold for the same line, all filters for the same order")
    func sameLine() throws {
        let both: JSONValue = [
            ["field": "product", "op": "is", "value": "tea"], ["field": "vendor", "op": "is", "value": "Bolt"],
        ]
        #expect(try measures("count", "0", where: both))
        let order: JSONValue = [
            ["field": "product", "op": "is", "value": "tea"], ["field": "amount", "op": "less_than", "value": 20],
        ]
        #expect(try measures("count", "1", where: order))
        #expect(try measures("count", "1", where: filter("store", "is", "SHOP")))
        #expect(try measures("count", "1", where: filter("category", "is_blank", 1).withoutValue))
        #expect(try measures("count", "2", where: filter("price", "is", 10)))
        #expect(try measures("count", "1", where: filter("quantity", "greater_than", 1.5)))
        #expect(try measures("count", "0", where: filter("variant", "contains", "x")))
        #expect(try measures("count", "2", where: filter("title", "is_not", "x")))
    }

    @Test("Windows narrow before anything is measured")
    func windows() throws {
        #expect(try measures("total", "112.5", within: ["last": "P29D"]))
        #expect(try measures("total", "30", within: ["before": "2026-02-01"]))
        #expect(try measures("count", "0", within: ["last": "P1D"]))
    }

    @Test("First and last take date operators, days since them are whole days of 24 hours")
    func firstAndLast() throws {
        func compares(_ measure: String, _ op: String, _ value: JSONValue, now: String? = nil) throws -> Bool {
            try ask(["activity": "order", "measure": .string(measure), "op": .string(op), "value": value], now: now)
        }
        #expect(try compares("first", "on", "2026-01-01"))
        #expect(try compares("last", "on", "2026-02-21"))
        #expect(try compares("last", "within", ["last": "P9D"]))
        #expect(try !compares("last", "within", ["last": "P8D"]))
        #expect(try compares("first", "not_within", ["last": "P1M"]))
        #expect(try compares("last", "between", ["2026-02-21", "2026-02-22"]))
        #expect(try compares("daysSinceLast", "is", 8))
        #expect(try compares("daysSinceLast", "is", 8, now: "2026-03-02T09:59:59Z"))
        #expect(try compares("daysSinceLast", "is", 9, now: "2026-03-02T10:00:00Z"))
        #expect(try compares("daysSinceFirst", "is", 59))
    }

    @Test("Over nothing, counts and sums are 0 and everything else is blank")
    func nothing() throws {
        let nobody = Asking(contact: Sample.contact())
        for measure in ["count", "total", "netTotal", "quantity", "lineTotal", "products"] {
            #expect(
                try nobody(["activity": "order", "measure": .string(measure), "op": "is", "value": 0]), "\(measure)")
            #expect(try !nobody(["activity": "order", "measure": .string(measure), "op": "is_blank"]), "\(measure)")
        }
        for measure in ["average", "largest", "smallest", "averageQuantity", "daysSinceFirst", "daysSinceLast"] {
            #expect(try nobody(["activity": "order", "measure": .string(measure), "op": "is_blank"]), "\(measure)")
            #expect(try !nobody(["activity": "order", "measure": .string(measure), "op": "at_most", "value": 9]))
            #expect(try nobody(["activity": "order", "measure": .string(measure), "op": "is_not", "value": 9]))
        }
        #expect(try nobody(["activity": "order", "measure": "last", "op": "is_blank"]))
        #expect(try nobody(["activity": "order", "measure": "last", "op": "not_within", "value": ["last": "P1D"]]))
        #expect(try !nobody(["activity": "order", "measure": "last", "op": "before", "value": "2030-01-01"]))
    }

    @Test("A sum too large to hold stays above every operand")
    func sumTooLarge() throws {
        // Far beyond what is admitted: two such lines exceed 128 bits.
        let line = OrderLine(
            product: "p", quantity: Amount(tenThousandths: .max),
            price: Amount(tenThousandths: 1_000_000_000_000_000_000))
        let heavy = Asking(
            contact: Sample.contact(orders: [Sample.order("1", "2026-01-01T00:00:00Z", lines: [line, line])]))
        #expect(try heavy(["activity": "order", "measure": "lineTotal", "value": .number("999999999999999999")]))
    }
}

extension JSONValue {
    /// Filters without their operands, for operators that take none.
    fileprivate var withoutValue: JSONValue {
        .array((arrayValue ?? []).map { .object(($0.members ?? []).filter { $0.key != "value" }) })
    }
}
