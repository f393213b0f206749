extension Event {
    /// The event as a CloudEvents 1.0 JSON object, as a source could have sent it.
    ///
    /// Keys stand in a fixed order; what equals its default is left out. Admission reads it back to an equal event.
    public var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("specversion", "1.0")
        object.add("id", id.text)
        object.add("source", source.text)
        object.add("type", fact.type)
        object.add("time", time?.description)
        let event = canonical
        for attribute in event.extensions { object.add(attribute.name, attribute.value) }
        object.add("data", event.fact.json)
        return object.value
    }
}

/// Collects the members of an object; absent values add nothing.
private struct JSONObjectBuilder {
    private var members: [JSONValue.Member] = []

    var isEmpty: Bool { members.isEmpty }
    var value: JSONValue { .object(members) }

    mutating func add(_ key: String, _ value: JSONValue?) {
        if let value { members.append(JSONValue.Member(key, value)) }
    }

    mutating func add(_ key: String, _ text: String?) {
        add(key, text.map { JSONValue.string($0) })
    }

    mutating func add(_ key: String, _ identifier: Identifier?) {
        add(key, identifier?.text)
    }

    mutating func add(_ key: String, _ amount: Amount) {
        add(key, JSONValue.number(amount.description))
    }
}

extension JSONValue {
    fileprivate init(texts: [String]) {
        self = .array(texts.map { .string($0) })
    }
}

extension Fact {
    /// The CloudEvents `data` of the event.
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        switch self {
        case .contactChanged(let change): return change.json
        case .contactErased(let contact): object.add("contact", contact)
        case .orderPlaced(let state), .orderChanged(let state): return state.json
        case .orderCancelled(let key):
            object.add("store", key.store)
            object.add("order", key.order)
        case .orderRefunded(let refund): return refund.json
        case .integrationConnected(let connection): return connection.json
        case .integrationDisconnected(let integration): object.add("integration", integration)
        case .campaignActivity(let activity):
            object.add("contact", activity.contact)
            object.add("campaign", activity.campaign)
            object.add("url", activity.url)
        case .activityRecorded(let activity): return activity.json
        case .hole: break
        }
        return object.value
    }
}

extension ContactChange {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        var fields = JSONObjectBuilder()
        object.add("contact", contact)
        for attribute in attributes {
            let value = attribute.value?.json ?? JSONValue.null
            switch attribute.key {
            case .known(let known): object.add(known.rawValue, value)
            case .custom(let name): fields.add(name, value)
            }
        }
        if !fields.isEmpty { object.add("fields", fields.value) }
        object.add("tags", tags?.json)
        return object.value
    }
}

extension AttributeValue {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .number(number.description)
        case .boolean(let boolean): .bool(boolean)
        case .list(let texts): JSONValue(texts: texts)
        case .instant(let instant): .string(instant.description)
        case .birthday(let month, let day): .string(twoDigits(month) + "-" + twoDigits(day))
        }
    }

    private func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

extension TagChange {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        switch self {
        case .edit(let add, let remove):
            if !add.isEmpty { object.add("add", JSONValue(texts: add)) }
            if !remove.isEmpty { object.add("remove", JSONValue(texts: remove)) }
        case .set(let all): object.add("set", JSONValue(texts: all))
        }
        return object.value
    }
}

extension OrderState {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("store", key.store)
        object.add("order", key.order)
        object.add("contact", contact)
        object.add("currency", currency)
        object.add("total", total)
        if status != .placed { object.add("status", status.rawValue) }
        object.add("placedAt", placedAt?.description)
        if isTest { object.add("test", JSONValue.bool(true)) }
        if !lines.isEmpty { object.add("lines", JSONValue.array(lines.map(\.json))) }
        return object.value
    }
}

extension OrderLine {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("product", product)
        object.add("variant", variant)
        object.add("title", title)
        object.add("vendor", vendor)
        object.add("category", category)
        object.add("quantity", quantity)
        object.add("price", price)
        return object.value
    }
}

extension Refund {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("refund", refund)
        object.add("contact", contact)
        object.add("currency", currency)
        object.add("amount", amount)
        object.add("store", store)
        object.add("order", order)
        return object.value
    }
}

extension IntegrationConnection {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("integration", integration)
        object.add("platform", platform)
        object.add("stores", JSONValue.array(stores.map(\.json)))
        object.add("capabilities", capabilities.map { JSONValue(texts: $0) })
        return object.value
    }
}

extension IntegrationConnection.Store {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("store", store)
        object.add("name", name)
        object.add("currency", currency)
        object.add("timezone", timezone)
        return object.value
    }
}

extension RecordedActivity {
    fileprivate var json: JSONValue {
        var object = JSONObjectBuilder()
        object.add("contact", contact)
        object.add("name", name)
        if !properties.isEmpty {
            var named = JSONObjectBuilder()
            for property in properties { named.add(property.name, property.value.json) }
            object.add("properties", named.value)
        }
        return object.value
    }
}

extension PropertyValue {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .number(number.description)
        case .boolean(let boolean): .bool(boolean)
        }
    }
}
