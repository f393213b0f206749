import SegmentModel

extension ShopEventWriter {
    /// `order.placed`.
    mutating func orderPlaced(_ order: ShopOrder, at moment: Moment) {
        event("order.placed", source: order.isTill ? .till : .shop, at: moment) { id in
            id.raw("order-")
            id.integer(order.number)
        } data: { [plan, catalog] data in
            // Placed is what an order is that does not say.
            let status = order.fate.status == .placed ? nil : order.fate.status
            data.order(order, status: status, placedAt: nil, plan: plan, catalog: catalog)
        }
    }

    /// `order.changed`: the order again, in another state.
    mutating func orderChanged(_ order: ShopOrder, to status: ShopOrder.Status, placedAt: Instant, at moment: Moment) {
        event("order.changed", source: .shop, at: moment) { id in
            id.raw("order-")
            id.integer(order.number)
            id.raw("-")
            id.raw(status.rawValue)
        } data: { [plan, catalog] data in
            data.order(order, status: status, placedAt: placedAt, plan: plan, catalog: catalog)
        }
    }

    /// `order.cancelled`.
    mutating func orderCancelled(_ order: ShopOrder, at moment: Moment) {
        event("order.cancelled", source: .shop, at: moment) { id in
            id.raw("order-")
            id.integer(order.number)
            id.raw("-cancelled")
        } data: { [plan] data in
            data.orderKey(order, plan: plan)
        }
    }

    /// `order.refunded` for an order.
    mutating func orderRefunded(_ order: ShopOrder, cents: Int, at moment: Moment) {
        event("order.refunded", source: .shop, at: moment) { id in
            id.raw("order-")
            id.integer(order.number)
            id.raw("-refund")
        } data: { [plan] data in
            data.refund(order, prefix: "r", cents: cents, plan: plan)
            data.orderKey(order, plan: plan)
        }
    }

    /// `order.refunded` that names no order.
    mutating func goodwillRefunded(_ order: ShopOrder, cents: Int, at moment: Moment) {
        event("order.refunded", source: .shop, at: moment) { id in
            id.raw("goodwill-")
            id.integer(order.number)
        } data: { [plan] data in
            data.refund(order, prefix: "g", cents: cents, plan: plan)
        }
    }
}

extension JSONLine {
    fileprivate mutating func refund(_ order: ShopOrder, prefix: String, cents: Int, plan: ShopPlan) {
        name("refund")
        raw("\"")
        raw(prefix)
        integer(order.number)
        raw("\"")
        contact(order.contact)
        member("currency", plan.currency)
        member("amount", cents: cents)
    }

    fileprivate mutating func orderKey(_ order: ShopOrder, plan: ShopPlan) {
        member("store", order.isTill ? plan.tillStore : plan.store)
        name("order")
        raw("\"")
        integer(order.number)
        raw("\"")
    }

    fileprivate mutating func order(
        _ order: ShopOrder, status: ShopOrder.Status?, placedAt: Instant?, plan: ShopPlan, catalog: ShopCatalog
    ) {
        orderKey(order, plan: plan)
        contact(order.contact)
        member("currency", plan.currency)
        member("total", cents: order.totalCents)
        if let status { member("status", status.rawValue) }
        if let placedAt { member("placedAt", placedAt) }
        if order.isTest { member("test", true) }
        name("lines")
        raw("[")
        for (index, line) in order.lines.enumerated() {
            if index > 0 { raw(",") }
            self.line(line, catalog: catalog)
        }
        raw("]")
    }

    private mutating func line(_ line: ShopOrder.Line, catalog: ShopCatalog) {
        raw("{")
        raw(catalog.products[line.product].lineJSON)
        if let variant = line.variant { member("variant", catalog.products[line.product].variants[variant].name) }
        member("quantity", line.quantity)
        member("price", cents: line.priceCents)
        raw("}")
    }
}
