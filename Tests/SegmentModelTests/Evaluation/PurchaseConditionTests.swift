import SegmentModel
import Testing

/// The nine purchase conditions of the mail tool, each in the form that replaces it.
@Suite("Purchase conditions")
struct PurchaseConditionTests {
    let buyer = Asking(
        contact: Sample.contact(orders: [
            Sample.order(
                "1", "2025-06-01T09:00:00Z", "80",
                lines: [Sample.line("p1", quantity: "3", vendor: "Acme", category: "Garden")]),
            Sample.order("2", "2026-02-15T09:00:00Z", "40", store: "outlet", lines: [Sample.line("p2")]),
        ]))
    let stranger = Asking(contact: Sample.contact())

    @Test("Purchase activity: has purchased, has not purchased")
    func activity() throws {
        #expect(try buyer(["activity": "order"]))
        #expect(try !stranger(["activity": "order"]))
        #expect(try stranger(["not": ["activity": "order"]]))
    }

    @Test("Product purchased")
    func product() throws {
        #expect(try buyer(order(["field": "product", "op": "is", "value": "P1"])))
        #expect(try !buyer(order(["field": "product", "op": "is", "value": "p3"])))
    }

    @Test("Vendor or category purchased")
    func vendorOrCategory() throws {
        #expect(try buyer(order(["field": "vendor", "op": "contains", "value": "acm"])))
        #expect(try buyer(order(["field": "category", "op": "is", "value": "garden"])))
        #expect(try !stranger(order(["field": "vendor", "op": "is_not", "value": "Acme"])))
    }

    @Test("Total number of orders")
    func numberOfOrders() throws {
        #expect(try buyer(["activity": "order", "op": "is", "value": 2]))
        #expect(try buyer(["activity": "order", "op": "greater_than", "value": 1]))
        #expect(try stranger(["activity": "order", "op": "less_than", "value": 1]))
    }

    @Test("Purchase date: any order on, before, after; the last order")
    func date() throws {
        #expect(try buyer(["activity": "order", "within": ["on": "2025-06-01"]]))
        #expect(try buyer(["activity": "order", "within": ["before": "2025-06-02"]]))
        #expect(try buyer(["activity": "order", "within": ["after": "2026-02-14"]]))
        #expect(try !buyer(["activity": "order", "measure": "last", "op": "before", "value": "2025-06-02"]))
        #expect(try buyer(["activity": "order", "measure": "last", "op": "on", "value": "2026-02-15"]))
    }

    @Test("Average spent per order, amount of a single order, total amount spent")
    func amounts() throws {
        #expect(try buyer(["activity": "order", "measure": "average", "op": "is", "value": 60]))
        #expect(try buyer(["activity": "order", "measure": "largest", "op": "at_least", "value": 80]))
        #expect(try buyer(["activity": "order", "measure": "total", "op": "between", "value": [120, 120]]))
    }

    @Test("Total number of products and average number per order")
    func products() throws {
        #expect(try buyer(["activity": "order", "measure": "quantity", "op": "is", "value": 4]))
        #expect(try buyer(["activity": "order", "measure": "averageQuantity", "op": "is", "value": 2]))
        #expect(try buyer(["activity": "order", "measure": "products", "op": "is", "value": 2]))
    }

    @Test("Store purchased from")
    func store() throws {
        #expect(try buyer(order(["field": "store", "op": "is", "value": "outlet"])))
        #expect(try !buyer(order(["field": "store", "op": "is", "value": "market"])))
    }

    @Test("Recent, first-time, repeat, lapsed and potential customers")
    func prebuilt() throws {
        let recent: JSONValue = ["activity": "order", "within": ["last": "P30D"]]
        let repeating: JSONValue = ["activity": "order", "value": 2]
        let lapsed: JSONValue = [
            "all": [["activity": "order"], ["not": ["activity": "order", "within": ["last": "P8M"]]]]
        ]
        let potential: JSONValue = ["not": ["activity": "order"]]
        #expect(try buyer(recent) && buyer(repeating) && !buyer(lapsed) && !buyer(potential))
        #expect(try !stranger(recent) && !stranger(repeating) && !stranger(lapsed) && stranger(potential))
        #expect(try !buyer(lapsed, now: "2026-10-15T08:59:59Z"))
        #expect(try buyer(lapsed, now: "2026-10-15T09:00:00Z"))
    }

    private func order(_ filter: JSONValue) -> JSONValue {
        ["activity": "order", "where": [filter]]
    }
}

@Suite("Campaign and recorded activity")
struct ActivityTests {
    let ask = Asking(
        contact: Sample.contact(activities: [
            Sample.campaign(.sent, "2026-01-10T08:00:00Z", campaign: "Winter", sequence: 1),
            Sample.campaign(.opened, "2026-01-11T08:00:00Z", campaign: "Winter", sequence: 2),
            Sample.campaign(.sent, "2026-02-10T08:00:00Z", sequence: 3),
            Sample.campaign(.clicked, "2026-02-11T08:00:00Z", url: "https://a.example/Tea", sequence: 4),
            Sample.recorded(
                "viewed", "2026-02-12T08:00:00Z",
                ["product": .text("Tea"), "seconds": .number(Number(90)), "app": .boolean(true)], sequence: 5),
            Sample.recorded("viewed", "2026-02-13T08:00:00Z", ["seconds": .text("30")], sequence: 6),
            Sample.campaign(.bounced, "2026-05-01T00:00:00Z", sequence: 7),
        ]))

    @Test("Sent, opened, clicked, did not")
    func campaigns() throws {
        #expect(try ask(["activity": "sent", "op": "is", "value": 2]))
        #expect(try ask(["activity": "open", "where": [["field": "campaign", "op": "is", "value": "WINTER"]]]))
        #expect(try !ask(["activity": "open", "where": [["field": "campaign", "op": "is", "value": "spring"]]]))
        #expect(try ask(["activity": "click", "where": [["field": "url", "op": "contains", "value": "/tea"]]]))
        #expect(try ask(["activity": "open", "where": [["field": "url", "op": "is_blank"]]]))
        #expect(try ask(["not": ["activity": "open", "within": ["last": "P30D"]]]))
        #expect(try !ask(["activity": "bounce"]))
        #expect(try ask(["activity": "bounce"], now: "2026-05-01T00:00:00Z"))
    }

    @Test("Recorded activities go by their exact name, properties by the operand's type")
    func recorded() throws {
        func viewed(_ filters: JSONValue...) -> JSONValue {
            ["activity": "activity:viewed", "op": "is", "value": 1, "where": .array(filters)]
        }
        #expect(try ask(["activity": "activity:viewed", "op": "is", "value": 2]))
        #expect(try !ask(["activity": "activity:Viewed"]))
        #expect(try ask(viewed(["field": "product", "op": "is", "value": "tea"])))
        #expect(try ask(viewed(["field": "seconds", "op": "at_least", "value": 60])))
        #expect(try ask(viewed(["field": "seconds", "op": "less_than", "value": 60])))
        #expect(try ask(viewed(["field": "app", "op": "is", "value": true])))
        #expect(try ask(viewed(["field": "app", "op": "is_blank"])))
        #expect(
            try ask(
                viewed(
                    ["field": "app", "op": "is", "value": true],
                    ["field": "seconds", "op": "is", "value": 90])))
        #expect(try !ask(viewed(["field": "Product", "op": "is", "value": "tea"])))
    }

    @Test("First, last and days since them are measured of every activity")
    func measures() throws {
        #expect(try ask(["activity": "sent", "measure": "first", "op": "on", "value": "2026-01-10"]))
        #expect(try ask(["activity": "sent", "measure": "last", "op": "within", "value": ["last": "P1M"]]))
        #expect(try ask(["activity": "click", "measure": "daysSinceLast", "op": "is", "value": 18]))
    }
}
