internal import SegmentModel

/// What a contact's orders come to at one instant: the measures of a condition without `where` and window.
///
/// Orders count as for `ReferenceEvaluator`: neither test nor of a status that does not count, placed by the instant;
/// measures of money take the audience's currency alone.
struct OrderFigures {
    private let countedStatuses: Set<UInt8>
    private let currency: String
    private let instant: Int64
    private let texts: Vocabulary

    init(context: EvaluationContext, instant: Instant, texts: Vocabulary) {
        countedStatuses = Set(context.countedStatuses.map(\.code))
        currency = TextFolding.folded(context.currency)
        self.instant = instant.microseconds
        self.texts = texts
    }

    /// The value of a measure; those without a column are blank.
    func cell(of measure: Measure, _ contact: DecodedContact) -> MemberCell {
        let orders = contact.orders.filter { order in
            !order.isTest && countedStatuses.contains(order.status) && order.placedAt <= instant
                && (!measure.isMoney || isCurrency(order.currency))
        }
        switch measure {
        case .count: return .value(.number(Number(orders.count)))
        case .total: return .money(money(total(orders)))
        case .netTotal: return .money(money(total(orders) - refunded(contact)))
        case .average: return orders.isEmpty ? .blank : .money(money(average(orders)))
        case .largest: return orders.map(\.amount).max().map { .money(money(Int128($0))) } ?? .blank
        case .smallest: return orders.map(\.amount).min().map { .money(money(Int128($0))) } ?? .blank
        case .quantity:
            let sum = orders.reduce(Int128(0)) { sum, order in
                contact.lines[order.lines].reduce(sum) { $0 + Int128($1.quantity) }
            }
            return .value(.number(money(sum)))
        case .products:
            let products = orders.reduce(into: Set<Symbol>()) { products, order in
                products.formUnion(contact.lines[order.lines].map(\.product))
            }
            return .value(.number(Number(products.count)))
        case .first: return orders.map(\.placedAt).min().map(Self.instant) ?? .blank
        case .last: return orders.map(\.placedAt).max().map(Self.instant) ?? .blank
        case .lineTotal, .averageQuantity, .daysSinceFirst, .daysSinceLast: return .blank
        }
    }

    /// Currencies are compared whatever their case.
    private func isCurrency(_ symbol: Symbol) -> Bool {
        TextFolding.folded(texts.text(of: symbol)) == currency
    }

    // In ten-thousandths; wide, since a contact may have any number of orders.

    private func total(_ orders: [DecodedOrder]) -> Int128 {
        orders.reduce(0) { $0 + Int128($1.amount) }
    }

    private func refunded(_ contact: DecodedContact) -> Int128 {
        contact.refunds.reduce(0) { sum, refund in
            refund.occurredAt <= instant && isCurrency(refund.currency) ? sum + Int128(refund.amount) : sum
        }
    }

    /// Rounded half away from zero: what is shown need not be exact, what is compared is.
    private func average(_ orders: [DecodedOrder]) -> Int128 {
        let (total, count) = (total(orders), Int128(orders.count))
        return (2 * total + (total < 0 ? -count : count)) / (2 * count)
    }

    private func money(_ tenThousandths: Int128) -> Number { Number(billionths: tenThousandths * 100_000) }

    private static func instant(_ microseconds: Int64) -> MemberCell {
        .value(.instant(Instant(microseconds: microseconds)))
    }
}
