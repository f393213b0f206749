internal import SegmentModel

extension Contact {
    /// Reads a record into the form that people and the reference evaluator look at. Cost: linear in the record.
    init(record: UnsafeRawBufferPointer, vocabulary: Vocabulary) {
        let reader = RecordReader(record)
        var decoded = DecodedContact()
        decoded.decode(record)
        var head = ContactHead()
        var cursor = reader.cursor
        cursor.seek(reader.head.lowerBound)
        head.read(&cursor, of: record)
        let texts = RecordTexts(record: record, vocabulary: vocabulary)
        self.init(
            id: Identifier(String(decoding: reader.id, as: UTF8.self)),
            firstSeenAt: Instant(microseconds: decoded.firstSeenAt))
        for (slot, value) in decoded.attributes { attributes[texts.key(of: slot)] = texts.attribute(value) }
        for tag in head.tags where tag.isPresent {
            tags[Identifier(vocabulary.text(of: tag.folded))] = vocabulary.text(of: tag.spelling)
        }
        orders = decoded.orders.map { texts.order($0, lines: decoded.lines[$0.lines]) }.sorted { $0.key < $1.key }
        unlinkedRefunds = decoded.refunds.map { refund in
            UnlinkedRefund(
                currency: vocabulary.text(of: refund.currency), amount: Amount(tenThousandths: refund.amount),
                occurredAt: Instant(microseconds: refund.occurredAt), sequence: refund.sequence)
        }.sorted { $0.sequence < $1.sequence }
        activities = decoded.activities.map { texts.activity($0, properties: decoded.properties[$0.properties]) }
    }
}

/// Puts texts in the place of symbols and ranges.
struct RecordTexts {
    let record: UnsafeRawBufferPointer
    let vocabulary: Vocabulary

    func key(of slot: AttributeSlot) -> AttributeKey {
        if let known = KnownAttribute(code: UInt8(truncatingIfNeeded: slot.rawValue)),
            slot.rawValue < AttributeSlot.customFirst
        {
            return .known(known)
        }
        return .custom(vocabulary.text(of: Symbol(rawValue: slot.rawValue - AttributeSlot.customFirst)))
    }

    func attribute(_ value: DecodedValue) -> AttributeValue {
        switch value {
        case .symbol(let symbol): .text(vocabulary.text(of: symbol))
        case .text(let range): .text(record.string(range))
        case .number(let billionths): .number(Number(billionths: billionths))
        case .boolean(let value): .boolean(value)
        case .list(let range, let count): .list(list(range, count: count))
        case .instant(let microseconds): .instant(Instant(microseconds: microseconds))
        case .birthday(let month, let day): .birthday(month: month, day: day)
        }
    }

    private func list(_ range: Range<Int>, count: Int) -> [String] {
        guard count > 0 else { return [] }
        let bytes = record.slice(range)
        var cursor = ByteCursor(bytes)
        return (0..<count).map { _ in bytes.string(cursor.text()) }
    }

    func order(_ order: DecodedOrder, lines: ArraySlice<DecodedLine>) -> Order {
        guard let status = OrderStatus(code: order.status) else {
            preconditionFailure("an order has a status that no record holds")
        }
        return Order(
            key: OrderKey(
                store: Identifier(vocabulary.text(of: order.store)), order: Identifier(record.string(order.orderBytes))),
            currency: vocabulary.text(of: order.currency), amount: Amount(tenThousandths: order.amount),
            status: status, isTest: order.isTest, placedAt: Instant(microseconds: order.placedAt),
            lines: lines.map(line), sequence: order.sequence)
    }

    private func line(_ line: DecodedLine) -> OrderLine {
        OrderLine(
            product: Identifier(vocabulary.text(of: line.product)),
            variant: text(line.variant).map { Identifier($0) }, title: text(line.title), vendor: text(line.vendor),
            category: text(line.category), quantity: Amount(tenThousandths: line.quantity),
            price: Amount(tenThousandths: line.price))
    }

    private func text(_ symbol: Symbol) -> String? {
        symbol == .none ? nil : vocabulary.text(of: symbol)
    }

    func activity(
        _ activity: DecodedActivity, properties: ArraySlice<(name: Symbol, value: DecodedValue)>
    ) -> Activity {
        let kind: Activity.Kind =
            if let campaignKind = CampaignActivityKind(activity.kind) {
                .campaign(
                    campaignKind, campaign: Identifier(vocabulary.text(of: activity.subject)),
                    url: activity.urlBytes.map { record.string($0) })
            } else {
                .recorded(
                    name: vocabulary.text(of: activity.subject),
                    properties: properties.map {
                        ActivityProperty(name: vocabulary.text(of: $0.name), value: property($0.value))
                    })
            }
        return Activity(
            kind: kind, occurredAt: Instant(microseconds: activity.occurredAt), sequence: activity.sequence)
    }

    private func property(_ value: DecodedValue) -> PropertyValue {
        switch attribute(value) {
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        case .boolean(let boolean): .boolean(boolean)
        case .list, .instant, .birthday: preconditionFailure("a property has a value that no event has")
        }
    }
}

extension CampaignActivityKind {
    /// Nil for recorded activity.
    init?(_ kind: ActivityKind) {
        switch kind {
        case .sent: self = .sent
        case .opened: self = .opened
        case .clicked: self = .clicked
        case .bounced: self = .bounced
        case .recorded: return nil
        }
    }
}
