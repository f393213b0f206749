extension Event {
    /// Reads an event back from its binary form, all of `bytes`. Never traps, whatever the bytes are.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(EventDecodingError) {
        var reader = EventReader(bytes)
        self = try Event(from: &reader)
        guard reader.isAtEnd else { throw reader.failure(.trailingBytes) }
    }

    /// Reads an event back from its binary form, all of `bytes`.
    public init(decoding bytes: [UInt8]) throws(EventDecodingError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(EventDecodingError) in
            try Event(decoding: UnsafeRawBufferPointer(buffer))
        }
    }

    private init(from reader: inout EventReader) throws(EventDecodingError) {
        guard try reader.byte() == EventFormat.version else { throw reader.failure(.unknownVersion) }
        let bits = try reader.bits(EventFormat.hasTime, EventFormat.hasExtensions)
        guard let code = EventCode(rawValue: try reader.byte()) else { throw reader.failure(.unknownCode) }
        let source = try reader.identifier()
        let id = try reader.identifier()
        let time = try reader.instant(if: bits & EventFormat.hasTime != 0)
        var extensions: [ExtensionAttribute] = []
        if bits & EventFormat.hasExtensions != 0 {
            extensions = try reader.list { (reader) throws(EventDecodingError) in
                ExtensionAttribute(name: try reader.text(), value: try reader.json())
            }
            guard !extensions.isEmpty, extensions.rises(by: { $0.name.isBefore($1.name) }) else {
                throw reader.failure(.notCanonical)
            }
        }
        let fact = try Fact(code, from: &reader)
        self.init(source: source, id: id, time: time, extensions: extensions, fact: fact)
    }
}

extension Fact {
    fileprivate init(_ code: EventCode, from reader: inout EventReader) throws(EventDecodingError) {
        switch code {
        case .contactChanged: self = .contactChanged(try ContactChange(from: &reader))
        case .contactErased: self = .contactErased(contact: try reader.identifier())
        case .orderPlaced: self = .orderPlaced(try OrderState(from: &reader))
        case .orderChanged: self = .orderChanged(try OrderState(from: &reader))
        case .orderCancelled: self = .orderCancelled(try OrderKey(from: &reader))
        case .orderRefunded: self = .orderRefunded(try Refund(from: &reader))
        case .integrationConnected: self = .integrationConnected(try IntegrationConnection(from: &reader))
        case .integrationDisconnected: self = .integrationDisconnected(integration: try reader.identifier())
        case .campaignSent: self = .campaignActivity(try CampaignActivity(.sent, from: &reader))
        case .campaignOpened: self = .campaignActivity(try CampaignActivity(.opened, from: &reader))
        case .campaignClicked: self = .campaignActivity(try CampaignActivity(.clicked, from: &reader))
        case .campaignBounced: self = .campaignActivity(try CampaignActivity(.bounced, from: &reader))
        case .activityRecorded: self = .activityRecorded(try RecordedActivity(from: &reader))
        case .hole: self = .hole
        }
    }
}

extension ContactChange {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        contact = try reader.identifier()
        attributes = try reader.list { (reader) throws(EventDecodingError) in
            let key = try AttributeKey(from: &reader)
            return AttributeChange(key: key, value: try AttributeValue.read(from: &reader))
        }
        guard attributes.rises(by: { $0.key.canonicallyPrecedes($1.key) }) else { throw reader.failure(.notCanonical) }
        switch TagCode(rawValue: try reader.byte()) {
        case .unchanged: tags = nil
        case .edit: tags = .edit(add: try reader.texts(), remove: try reader.texts())
        case .set: tags = .set(try reader.texts())
        case nil: throw reader.failure(.unknownCode)
        }
    }
}

extension AttributeKey {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        let code = try reader.byte()
        if code == 0 {
            self = .custom(try reader.text())
        } else if let known = KnownAttribute(code: code) {
            self = .known(known)
        } else {
            throw reader.failure(.unknownCode)
        }
    }
}

extension AttributeValue {
    fileprivate static func read(from reader: inout EventReader) throws(EventDecodingError) -> AttributeValue? {
        switch try reader.value() {
        case .null: return nil
        case .text: return .text(try reader.text())
        case .number: return .number(try reader.number())
        case .no: return .boolean(false)
        case .yes: return .boolean(true)
        case .list: return .list(try reader.texts())
        case .instant: return .instant(try reader.instant())
        case .birthday:
            let month = try reader.varint()
            let day = try reader.varint()
            guard (1...12).contains(month), (1...31).contains(day) else { throw reader.failure(.outOfRange) }
            return .birthday(month: Int(month), day: Int(day))
        case .object: throw reader.failure(.unknownCode)
        }
    }
}

extension OrderKey {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        self.init(store: try reader.identifier(), order: try reader.identifier())
    }
}

extension OrderState {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        let bits = try reader.bits(EventFormat.orderHasPlacedAt, EventFormat.orderIsTest)
        guard let status = OrderStatus(code: try reader.byte()) else { throw reader.failure(.unknownCode) }
        self.init(
            key: try OrderKey(from: &reader), contact: try reader.identifier(), currency: try reader.text(),
            total: try reader.amount(), status: status,
            placedAt: try reader.instant(if: bits & EventFormat.orderHasPlacedAt != 0),
            isTest: bits & EventFormat.orderIsTest != 0,
            lines: try reader.list { (reader) throws(EventDecodingError) in try OrderLine(from: &reader) })
    }
}

extension OrderLine {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        let bits = try reader.bits(
            EventFormat.lineHasVariant, EventFormat.lineHasTitle, EventFormat.lineHasVendor,
            EventFormat.lineHasCategory)
        self.init(
            product: try reader.identifier(),
            variant: try reader.identifier(if: bits & EventFormat.lineHasVariant != 0),
            title: try reader.text(if: bits & EventFormat.lineHasTitle != 0),
            vendor: try reader.text(if: bits & EventFormat.lineHasVendor != 0),
            category: try reader.text(if: bits & EventFormat.lineHasCategory != 0),
            quantity: try reader.amount(), price: try reader.amount())
    }
}

extension Refund {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        let bits = try reader.bits(EventFormat.refundHasStore, EventFormat.refundHasOrder)
        self.init(
            refund: try reader.identifier(), contact: try reader.identifier(), currency: try reader.text(),
            amount: try reader.amount(), store: try reader.identifier(if: bits & EventFormat.refundHasStore != 0),
            order: try reader.identifier(if: bits & EventFormat.refundHasOrder != 0))
    }
}

extension IntegrationConnection {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        integration = try reader.identifier()
        platform = try reader.text()
        stores = try reader.list { (reader) throws(EventDecodingError) in try Store(from: &reader) }
        capabilities = try reader.bits(1) == 1 ? try reader.texts() : nil
    }
}

extension IntegrationConnection.Store {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        let bits = try reader.bits(
            EventFormat.storeHasName, EventFormat.storeHasCurrency, EventFormat.storeHasTimezone)
        self.init(
            store: try reader.identifier(), name: try reader.text(if: bits & EventFormat.storeHasName != 0),
            currency: try reader.text(if: bits & EventFormat.storeHasCurrency != 0),
            timezone: try reader.text(if: bits & EventFormat.storeHasTimezone != 0))
    }
}

extension CampaignActivity {
    fileprivate init(
        _ kind: CampaignActivityKind, from reader: inout EventReader
    ) throws(EventDecodingError) {
        let hasURL = try reader.bits(1) == 1
        self.init(
            kind: kind, contact: try reader.identifier(), campaign: try reader.identifier(),
            url: try reader.text(if: hasURL))
    }
}

extension RecordedActivity {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        contact = try reader.identifier()
        name = try reader.text()
        properties = try reader.list { (reader) throws(EventDecodingError) in
            ActivityProperty(name: try reader.text(), value: try PropertyValue(from: &reader))
        }
        guard properties.rises(by: { $0.name.isBefore($1.name) }) else { throw reader.failure(.notCanonical) }
    }
}

extension PropertyValue {
    fileprivate init(from reader: inout EventReader) throws(EventDecodingError) {
        switch try reader.value() {
        case .text: self = .text(try reader.text())
        case .number: self = .number(try reader.number())
        case .no: self = .boolean(false)
        case .yes: self = .boolean(true)
        default: throw reader.failure(.unknownCode)
        }
    }
}

extension String {
    fileprivate func isBefore(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension Array {
    /// Whether every element is strictly before the next one, so that none is repeated.
    fileprivate func rises(by precedes: (Element, Element) -> Bool) -> Bool {
        zip(self, dropFirst()).allSatisfy { precedes($0, $1) }
    }
}
