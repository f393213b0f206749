// The binary form of an event, as the log stores it. Byte by byte in docs/format-events.md.
//
// Invariant: one event has one form. Events of equal content give equal bytes, and bytes that decode at all are the
// bytes that the decoded event encodes to; so stored forms can be compared and hashed in place of events.

extension Event {
    /// Appends the event's binary form. The form is canonical whatever the order of attributes and properties.
    public func encode(into bytes: inout [UInt8]) {
        var writer = EventWriter()
        canonical.write(to: &writer)
        bytes.append(contentsOf: writer.bytes)
    }

    /// The event's binary form.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    private func write(to writer: inout EventWriter) {
        writer.byte(EventFormat.version)
        writer.byte(
            presence((time != nil, EventFormat.hasTime), (!extensions.isEmpty, EventFormat.hasExtensions)))
        writer.byte(fact.code.rawValue)
        writer.identifier(source)
        writer.identifier(id)
        if let time { writer.instant(time) }
        if !extensions.isEmpty {
            writer.count(extensions.count)
            for attribute in extensions {
                writer.text(attribute.name)
                writer.json(attribute.value)
            }
        }
        fact.write(to: &writer)
    }
}

extension Fact {
    fileprivate func write(to writer: inout EventWriter) {
        switch self {
        case .contactChanged(let change): change.write(to: &writer)
        case .contactErased(let contact): writer.identifier(contact)
        case .orderPlaced(let state), .orderChanged(let state): state.write(to: &writer)
        case .orderCancelled(let key):
            writer.identifier(key.store)
            writer.identifier(key.order)
        case .orderRefunded(let refund): refund.write(to: &writer)
        case .integrationConnected(let connection): connection.write(to: &writer)
        case .integrationDisconnected(let integration): writer.identifier(integration)
        case .campaignActivity(let activity): activity.write(to: &writer)
        case .activityRecorded(let activity): activity.write(to: &writer)
        case .hole: break
        }
    }
}

extension ContactChange {
    fileprivate func write(to writer: inout EventWriter) {
        writer.identifier(contact)
        writer.count(attributes.count)
        for attribute in attributes {
            switch attribute.key {
            case .known(let known): writer.byte(known.code)
            case .custom(let name):
                writer.byte(0)
                writer.text(name)
            }
            write(attribute.value, to: &writer)
        }
        switch tags {
        case nil: writer.byte(TagCode.unchanged.rawValue)
        case .edit(let add, let remove):
            writer.byte(TagCode.edit.rawValue)
            writer.texts(add)
            writer.texts(remove)
        case .set(let all):
            writer.byte(TagCode.set.rawValue)
            writer.texts(all)
        }
    }

    private func write(_ value: AttributeValue?, to writer: inout EventWriter) {
        switch value {
        case nil: writer.value(.null)
        case .text(let text):
            writer.value(.text)
            writer.text(text)
        case .number(let number):
            writer.value(.number)
            writer.number(number)
        case .boolean(let boolean): writer.boolean(boolean)
        case .list(let texts):
            writer.value(.list)
            writer.texts(texts)
        case .instant(let instant):
            writer.value(.instant)
            writer.instant(instant)
        case .birthday(let month, let day):
            writer.value(.birthday)
            writer.count(month)
            writer.count(day)
        }
    }
}

extension OrderState {
    fileprivate func write(to writer: inout EventWriter) {
        writer.byte(
            presence((placedAt != nil, EventFormat.orderHasPlacedAt), (isTest, EventFormat.orderIsTest)))
        writer.byte(status.code)
        writer.identifier(key.store)
        writer.identifier(key.order)
        writer.identifier(contact)
        writer.text(currency)
        writer.amount(total)
        if let placedAt { writer.instant(placedAt) }
        writer.count(lines.count)
        for line in lines { line.write(to: &writer) }
    }
}

extension OrderLine {
    fileprivate func write(to writer: inout EventWriter) {
        writer.byte(
            presence(
                (variant != nil, EventFormat.lineHasVariant), (title != nil, EventFormat.lineHasTitle),
                (vendor != nil, EventFormat.lineHasVendor), (category != nil, EventFormat.lineHasCategory)))
        writer.identifier(product)
        writer.identifier(variant)
        writer.text(title)
        writer.text(vendor)
        writer.text(category)
        writer.amount(quantity)
        writer.amount(price)
    }
}

extension Refund {
    fileprivate func write(to writer: inout EventWriter) {
        writer.byte(presence((store != nil, EventFormat.refundHasStore), (order != nil, EventFormat.refundHasOrder)))
        writer.identifier(refund)
        writer.identifier(contact)
        writer.text(currency)
        writer.amount(amount)
        writer.identifier(store)
        writer.identifier(order)
    }
}

extension IntegrationConnection {
    fileprivate func write(to writer: inout EventWriter) {
        writer.identifier(integration)
        writer.text(platform)
        writer.count(stores.count)
        for store in stores { store.write(to: &writer) }
        writer.byte(capabilities == nil ? 0 : 1)
        if let capabilities { writer.texts(capabilities) }
    }
}

extension IntegrationConnection.Store {
    fileprivate func write(to writer: inout EventWriter) {
        writer.byte(
            presence(
                (name != nil, EventFormat.storeHasName), (currency != nil, EventFormat.storeHasCurrency),
                (timezone != nil, EventFormat.storeHasTimezone)))
        writer.identifier(store)
        writer.text(name)
        writer.text(currency)
        writer.text(timezone)
    }
}

extension CampaignActivity {
    fileprivate func write(to writer: inout EventWriter) {
        writer.byte(url == nil ? 0 : 1)
        writer.identifier(contact)
        writer.identifier(campaign)
        writer.text(url)
    }
}

extension RecordedActivity {
    fileprivate func write(to writer: inout EventWriter) {
        writer.identifier(contact)
        writer.text(name)
        writer.count(properties.count)
        for property in properties {
            writer.text(property.name)
            switch property.value {
            case .text(let text):
                writer.value(.text)
                writer.text(text)
            case .number(let number):
                writer.value(.number)
                writer.number(number)
            case .boolean(let boolean): writer.boolean(boolean)
            }
        }
    }
}
