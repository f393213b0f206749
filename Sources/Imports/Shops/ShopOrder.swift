import SegmentModel

/// What an order of a shop says, in the words of events.
struct ShopOrder {
    var state: OrderState
    /// When the shop last changed the order.
    var changedAt: Instant
    /// Whether it was changed after it was made.
    var isChanged: Bool
    var refunds: [(refund: Refund, at: Instant?)] = []
    /// The e-mail address of the one who ordered.
    var email: String?
    /// Parts that cannot be handed in; the rest is.
    var faults: [Fault] = []
}

/// Values that stand in one order and are taken together.
struct ShopOrderLine {
    /// Product, else article number, else title: lines of goods that the shop does not keep have no product.
    static func product(_ line: ShopValue, _ keys: String...) throws(Fault) -> Identifier {
        for key in keys {
            if let name = try line[key]?.name() { return Identifier(name) }
        }
        throw Fault("missing_key", "The line has neither \(keys.joined(separator: " nor ")).", pointer: line.pointer)
    }

    /// A total over so many pieces as the price of one, rounded half up to four digits.
    static func price(total: Amount, quantity: Amount) throws(Fault) -> Amount {
        guard quantity > .zero else { return .zero }
        let (dividend, divisor) = (Int128(total.tenThousandths) * 10_000, Int128(quantity.tenThousandths))
        return try Amount(within: (dividend * 2 + divisor) / (divisor * 2))
    }
}

extension Amount {
    /// An amount from ten-thousandths that may be beyond what is admitted.
    init(within tenThousandths: Int128) throws(Fault) {
        guard tenThousandths.magnitude <= Amount.magnitudeMax.tenThousandths.magnitude else {
            throw Fault("invalid_amount", "An amount beyond \(Amount.magnitudeMax) results.")
        }
        self.init(tenThousandths: Int64(tenThousandths))
    }
}
