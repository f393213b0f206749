import SegmentModel

// The order of WooCommerce's REST API, version 3, and of its webhooks order.created and order.updated.
extension ShopOrder {
    init(wooCommerce order: ShopValue, _ options: ShopOptions) throws(Fault) {
        let email = try order["billing"]?["email"]?.nonBlank()
        let number = try order["customer_id"]?.name()
        let createdAt = try order.required("date_created_gmt").instantInUTC()
        let changedAt = try order["date_modified_gmt"]?.instantInUTC() ?? createdAt
        let key = OrderKey(store: options.store, order: try order.required("id").identifier())
        let state = OrderState(
            key: key, contact: try options.contactID(number: number, email: email),
            currency: try order.required("currency").text(), total: try order.required("total").amount(),
            status: try Self.status(wooCommerce: try order.required("status")), placedAt: createdAt,
            lines: try Self.lines(wooCommerce: order))
        self.init(state: state, changedAt: changedAt, isChanged: changedAt > createdAt, email: email)
        for refund in try order["refunds"]?.elements() ?? [] {
            let total = try refund.required("total").amount()
            // The order says what a refund is, not when it was: without a time it stays the same event for ever.
            let made = Refund(
                refund: try refund.required("id").identifier(), contact: state.contact, currency: state.currency,
                amount: Amount(tenThousandths: abs(total.tenThousandths)), store: key.store, order: key.order)
            refunds.append((made, nil))
        }
    }

    private static func status(wooCommerce status: ShopValue) throws(Fault) -> OrderStatus {
        switch try status.text() {
        case "pending", "on-hold", "checkout-draft", "auto-draft": return .pending
        case "processing": return .paid
        case "completed": return .fulfilled
        case "refunded": return .refunded
        case "cancelled", "failed", "trash": return .cancelled
        default:
            throw Fault(
                "unknown_value",
                """
                \(quoted(status.json.text)) is no status of WooCommerce itself; expected is pending, on-hold, \
                processing, completed, cancelled, refunded, failed or trash.
                """, pointer: status.pointer)
        }
    }

    private static func lines(wooCommerce order: ShopValue) throws(Fault) -> [OrderLine] {
        var lines: [OrderLine] = []
        for line in try order["line_items"]?.elements() ?? [] {
            let quantity = try line.required("quantity").amount()
            lines.append(
                OrderLine(
                    product: try ShopOrderLine.product(line, "product_id", "sku", "name"),
                    variant: try line["variation_id"]?.name().map { Identifier($0) },
                    title: try line["name"]?.nonBlank(), quantity: quantity,
                    price: try ShopOrderLine.price(
                        total: try line.required(anyOf: "subtotal", "total").amount(), quantity: quantity)))
        }
        return lines
    }
}
