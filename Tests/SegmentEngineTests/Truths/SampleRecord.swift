import SegmentModel

@testable import SegmentEngine

/// A vocabulary for tests, which grows while records are made and while they are evaluated.
final class SampleTexts: SymbolTexts {
    private var texts = [""]
    private var symbols: [[UInt8]: Symbol] = [:]

    func text(of symbol: Symbol) -> String { texts[Int(symbol.rawValue)] }

    func symbol(of text: String) -> Symbol? { symbols[Array(text.utf8)] }

    func intern(_ text: String) -> Symbol {
        if let known = symbol(of: text) { return known }
        let symbol = Symbol(rawValue: UInt32(texts.count))
        texts.append(text)
        symbols[Array(text.utf8)] = symbol
        return symbol
    }
}

/// A contact as records hold it, made without the codec of records.
struct SampleRecord {
    private(set) var contact = DecodedContact()
    private(set) var bytes: [UInt8] = []
    private let texts: SampleTexts

    init(_ contact: Contact, _ texts: SampleTexts) {
        self.texts = texts
        self.contact.firstSeenAt = contact.firstSeenAt.microseconds
        for (key, value) in contact.attributes { self.contact.attributes.append((slot(of: key), decoded(value, key))) }
        self.contact.attributes.sort { $0.slot < $1.slot }
        self.contact.tags = contact.tags.keys.map { texts.intern($0.text) }
        for order in contact.orders { append(order) }
        for refund in contact.unlinkedRefunds {
            self.contact.refunds.append(
                DecodedRefund(
                    currency: texts.intern(refund.currency), amount: refund.amount.tenThousandths,
                    occurredAt: refund.occurredAt.microseconds, sequence: refund.sequence))
        }
        for activity in contact.activities { append(activity) }
    }

    private func slot(of key: AttributeKey) -> AttributeSlot {
        switch key {
        case .known(let attribute): AttributeSlot(rawValue: UInt32(attribute.code))
        case .custom(let name): AttributeSlot(rawValue: AttributeSlot.customFirst + texts.intern(name).rawValue)
        }
    }

    private static let shared: Set<KnownAttribute> = [.status, .country, .language, .region, .city, .signupSource]

    private mutating func decoded(_ value: AttributeValue, _ key: AttributeKey) -> DecodedValue {
        switch value {
        case .text(let text):
            if case .known(let attribute) = key, Self.shared.contains(attribute) {
                return .symbol(text.isEmpty ? .none : texts.intern(text))
            }
            return .text(append(text))
        case .number(let number): return .number(number.billionths)
        case .boolean(let boolean): return .boolean(boolean)
        case .list(let elements):
            let start = bytes.count
            for element in elements {
                var length = element.utf8.count
                while length >= 0x80 {
                    bytes.append(UInt8(length & 0x7F) | 0x80)
                    length >>= 7
                }
                bytes.append(UInt8(length))
                _ = append(element)
            }
            return .list(start..<bytes.count, count: elements.count)
        case .instant(let instant): return .instant(instant.microseconds)
        case .birthday(let month, let day): return .birthday(month: month, day: day)
        }
    }

    private mutating func append(_ text: String) -> Range<Int> {
        bytes.append(contentsOf: text.utf8)
        return (bytes.count - text.utf8.count)..<bytes.count
    }

    private mutating func append(_ order: Order) {
        let first = contact.lines.count
        for line in order.lines {
            contact.lines.append(
                DecodedLine(
                    product: texts.intern(line.product.text), variant: symbol(line.variant?.text),
                    title: symbol(line.title), vendor: symbol(line.vendor), category: symbol(line.category),
                    quantity: line.quantity.tenThousandths, price: line.price.tenThousandths))
        }
        contact.orders.append(
            DecodedOrder(
                store: texts.intern(order.key.store.text), currency: texts.intern(order.currency),
                amount: order.amount.tenThousandths, status: order.status.code, isTest: order.isTest,
                placedAt: order.placedAt.microseconds, sequence: order.sequence,
                lines: first..<contact.lines.count, orderBytes: append(order.key.order.text)))
    }

    private func symbol(_ text: String?) -> Symbol {
        text.map { $0.isEmpty ? .none : texts.intern($0) } ?? .none
    }

    private mutating func append(_ activity: Activity) {
        let first = contact.properties.count
        var decoded = DecodedActivity(
            kind: .recorded, subject: .none, urlBytes: nil, occurredAt: activity.occurredAt.microseconds,
            sequence: activity.sequence, properties: first..<first)
        switch activity.kind {
        case .campaign(let kind, let campaign, let url):
            decoded.kind =
                switch kind {
                case .sent: .sent
                case .opened: .opened
                case .clicked: .clicked
                case .bounced: .bounced
                }
            decoded.subject = texts.intern(campaign.text)
            decoded.urlBytes = url.map { append($0) }
        case .recorded(let name, let properties):
            decoded.subject = texts.intern(name)
            for property in properties {
                let value: DecodedValue =
                    switch property.value {
                    case .text(let text): .text(append(text))
                    case .number(let number): .number(number.billionths)
                    case .boolean(let boolean): .boolean(boolean)
                    }
                contact.properties.append((texts.intern(property.name), value))
            }
            decoded.properties = first..<contact.properties.count
        }
        contact.activities.append(decoded)
    }
}
