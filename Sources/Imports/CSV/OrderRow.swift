import SegmentModel

/// Makes an order, or a line of one, from a row.
struct OrderRow {
    /// What the mapping says of an order, by key.
    let columns: [String: ColumnReader]
    /// What it says of a line, by key; empty where orders have none.
    let lines: [String: ColumnReader]
    /// The columns that say something of the whole order.
    let orderIndices: [Int]

    init(columns: [ColumnReader], lines: [ColumnReader]) {
        self.columns = Dictionary(columns.map { ($0.key, $0) }) { first, _ in first }
        self.lines = Dictionary(lines.map { ($0.key, $0) }) { first, _ in first }
        orderIndices = Set(columns.compactMap(\.index)).subtracting(lines.compactMap(\.index)).sorted()
    }

    /// What tells the order from all others.
    func key(_ cells: [String]) throws(Fault) -> OrderKey {
        OrderKey(
            store: try required("store").identifier(cells), order: try required("order").identifier(cells))
    }

    /// The order without its lines.
    func state(_ cells: [String]) throws(Fault) -> OrderState {
        let total = try required("total")
        let currency = try required("currency")
        var state = OrderState(
            key: try key(cells), contact: try required("contact").identifier(cells),
            currency: try currency.required(currency.text(cells)),
            total: try total.required(total.amount(cells)))
        if let refunded = try columns["refunded"]?.amount(cells) {
            guard refunded >= .zero else {
                throw Fault("negative", "“refunded” is \(refunded); what was paid back is written without a sign.")
            }
            state.total = max(.zero, Amount(tenThousandths: state.total.tenThousandths - refunded.tenThousandths))
        }
        state.status = try columns["status"]?.choice(of: OrderStatus.self, cells) ?? .placed
        state.placedAt = try columns["placedAt"]?.instant(cells)
        state.isTest = try columns["test"]?.boolean(cells) ?? false
        return state
    }

    func line(_ cells: [String]) throws(Fault) -> OrderLine {
        guard let product = lines["product"], let quantity = lines["quantity"], let price = lines["price"] else {
            throw Fault("missing_key", "The mapping says nothing of lines.")
        }
        return OrderLine(
            product: try product.identifier(cells), variant: try lines["variant"]?.text(cells).map { Identifier($0) },
            title: try lines["title"]?.text(cells), vendor: try lines["vendor"]?.text(cells),
            category: try lines["category"]?.text(cells),
            quantity: try quantity.required(quantity.amount(cells)), price: try price.required(price.amount(cells)))
    }

    private func required(_ key: String) throws(Fault) -> ColumnReader {
        if let reader = columns[key] { return reader }
        throw Fault("missing_key", "The mapping says nothing of “\(key)”.")
    }
}
