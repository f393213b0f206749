import SegmentModel

// The order of Shopify's Admin REST API and of its webhooks orders/create, orders/updated, orders/paid and others.
extension ShopOrder {
    init(shopify order: ShopValue, _ options: ShopOptions) throws(Fault) {
        let customer = order["customer"]
        let addresses = [order["email"], order["contact_email"], customer?["email"]]
        var email: String?
        for address in addresses where email == nil { email = try address?.nonBlank() }
        let number = try customer?["id"]?.name()
        let createdAt = try order.required("created_at").instant()
        let changedAt = try order["updated_at"]?.instant() ?? createdAt
        let key = OrderKey(store: options.store, order: try order.required("id").identifier())
        let state = OrderState(
            key: key, contact: try options.contactID(number: number, email: email),
            currency: try order.required("currency").text(), total: try order.required("total_price").amount(),
            status: try Self.status(shopify: order), placedAt: try order["processed_at"]?.instant() ?? createdAt,
            isTest: try order["test"]?.boolean() ?? false, lines: try Self.lines(shopify: order))
        self.init(state: state, changedAt: changedAt, isChanged: changedAt > createdAt, email: email)
        for refund in try order["refunds"]?.elements() ?? [] {
            do throws(Fault) {
                if let refund = try Self.refund(shopify: refund, of: state) { refunds.append(refund) }
            } catch {
                faults.append(error)
            }
        }
    }

    private static func status(shopify order: ShopValue) throws(Fault) -> OrderStatus {
        if order["cancelled_at"] != nil { return .cancelled }
        let isFulfilled = try order["fulfillment_status"]?.text() == "fulfilled"
        guard let payment = order["financial_status"] else { return isFulfilled ? .fulfilled : .placed }
        switch try payment.text() {
        case "refunded": return .refunded
        case "voided", "expired": return .cancelled
        // Handed over is bought, also where it is paid later.
        case "pending": return isFulfilled ? .fulfilled : .pending
        case "authorized", "partially_paid": return isFulfilled ? .fulfilled : .placed
        case "paid", "partially_refunded": return isFulfilled ? .fulfilled : .paid
        default:
            throw Fault(
                "unknown_value", "\(quoted(payment.json.text)) is no financial status that is known.",
                pointer: payment.pointer)
        }
    }

    private static func lines(shopify order: ShopValue) throws(Fault) -> [OrderLine] {
        var lines: [OrderLine] = []
        for line in try order["line_items"]?.elements() ?? [] {
            lines.append(
                OrderLine(
                    product: try ShopOrderLine.product(line, "product_id", "sku", "title"),
                    variant: try line["variant_id"]?.name().map { Identifier($0) },
                    title: try line["title"]?.nonBlank(), vendor: try line["vendor"]?.nonBlank(),
                    category: try line["product_type"]?.nonBlank(), quantity: try line.required("quantity").amount(),
                    price: try line.required("price").amount()))
        }
        return lines
    }

    /// Nil if no money was given back: goods can be taken back, or a payment be under way.
    private static func refund(
        shopify refund: ShopValue, of order: OrderState
    ) throws(Fault) -> (refund: Refund, at: Instant?)? {
        var sum = Amount.zero
        for transaction in try refund["transactions"]?.elements() ?? [] {
            guard try transaction.required("kind").text() == "refund",
                try transaction.required("status").text() == "success"
            else { continue }
            if let currency = transaction["currency"], try currency.text() != order.currency {
                throw Fault(
                    "refund_currency",
                    """
                    The refund is in \(try currency.text()) and the order in \(order.currency); amounts of different \
                    currencies are never added, so the refund is not handed in.
                    """, pointer: currency.pointer)
            }
            let amount = try transaction.required("amount").amount()
            sum = try Amount(within: Int128(sum.tenThousandths) + Int128(amount.tenThousandths))
        }
        guard sum > .zero else { return nil }
        let made = Refund(
            refund: try refund.required("id").identifier(), contact: order.contact, currency: order.currency,
            amount: sum, store: order.key.store, order: order.key.order)
        return (made, try refund.required(anyOf: "processed_at", "created_at").instant())
    }
}
