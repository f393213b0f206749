/// Why a condition is true or false of a contact: the same tree, with what was compared.
public struct Explanation: Hashable, Sendable {
    /// Whether the condition of this node holds.
    public var isTrue: Bool
    /// The condition of this node in English.
    public var sentence: String
    /// What was compared, such as `3 orders` or `country “France”`; nil for `all`, `any`, `not` and segments.
    public var value: String?
    /// The event that decided: the last matching activity's, or the one that gave the field or tag what it has.
    public var sequence: UInt64?
    /// Its type, such as `order.placed`, where the contact's events are known.
    public var type: String?
    /// When that activity happened, or that change.
    public var instant: Instant?
    /// The nodes below; for a segment its own condition.
    public var children: [Explanation]

    /// Makes a node from its parts.
    public init(
        isTrue: Bool, sentence: String, value: String? = nil, sequence: UInt64? = nil, type: String? = nil,
        instant: Instant? = nil, children: [Explanation] = []
    ) {
        self.isTrue = isTrue
        self.sentence = sentence
        self.value = value
        self.sequence = sequence
        self.type = type
        self.instant = instant
        self.children = children
    }
}

extension ReferenceEvaluator {
    /// Why the condition is true or false of the contact at the instant. Cost: as `isTrue`, once per level.
    ///
    /// - Parameter origins: the contact's events, to name those that decided about fields and tags.
    public func explain(
        _ condition: Condition, _ contact: Contact, at now: Instant, origins: ContactOrigins? = nil,
        segmentName: (String) -> String = { $0 }
    ) -> Explanation {
        explain(condition, contact, at: now, inside: [], origins, segmentName)
    }

    private func explain(
        _ condition: Condition, _ contact: Contact, at now: Instant, inside: [String], _ origins: ContactOrigins?,
        _ segmentName: (String) -> String
    ) -> Explanation {
        var explanation = Explanation(
            isTrue: isTrue(condition, of: contact, at: now, inside: inside),
            sentence: condition.sentence(segmentName: segmentName))
        switch condition {
        case .all, .any, .not:
            explanation.children = condition.children.map {
                explain($0, contact, at: now, inside: inside, origins, segmentName)
            }
        case .segment(let reference):
            if let definition = definition(of: reference, inside: inside) {
                let inside = inside + [reference]
                explanation.children = [explain(definition, contact, at: now, inside: inside, origins, segmentName)]
            }
        case .tag(let tag):
            explanation.value = contact.phrase(of: .tags)
            explanation.decided(by: origins?.event(ofTag: tag))
        case .field(let field):
            explanation.value = contact.phrase(of: field.field)
            explanation.decided(by: origins?.event(of: field.field))
        case .activity(let activity):
            explain(activity, contact, at: now, in: &explanation)
            explanation.type = explanation.sequence.flatMap { origins?.event($0)?.event.fact.type }
        }
        return explanation
    }

    private func explain(
        _ condition: ActivityCondition, _ contact: Contact, at now: Instant, in explanation: inout Explanation
    ) {
        let matches = matches(occurrences(of: condition, in: contact), in: condition.window, at: now)
        let value = measured(condition.measure, over: matches, of: contact, at: now)
        explanation.value = condition.phrase(of: value, currency: context.currency)
        explanation.sequence = matches.last?.sequence
        explanation.instant = matches.last?.instant
    }
}

extension Explanation {
    fileprivate mutating func decided(by event: LoggedEvent?) {
        sequence = event?.sequence
        type = event?.event.fact.type
        instant = event?.occurredAt
    }
}

extension Contact {
    /// The field with its value: `country “France”`, `rating 3`, `tags “a” and “b”`, `city blank`.
    fileprivate func phrase(of field: ContactField) -> String {
        guard let value = value(of: field), !value.isBlank else { return "\(field.phrase) blank" }
        return "\(field.phrase) \(value.phrase)"
    }
}

extension AttributeValue {
    fileprivate var phrase: String {
        switch self {
        case .text(let text): text.inQuotes
        case .number(let number): number.description
        case .boolean(let value): value ? "true" : "false"
        case .list(let elements): joined(elements.map(\.inQuotes), by: "and")
        case .instant(let instant): instant.description
        case .birthday(let month, let day): MonthDay(month: month, day: day)?.description ?? "\(month)-\(day)"
        }
    }
}

extension ActivityCondition {
    /// The value with what it is: `3 orders`, `total 1200.50 EUR`, `last 2026-03-01T09:00:00Z`, `average 2402 / 3 EUR`.
    fileprivate func phrase(of value: Measured, currency: String) -> String {
        switch (value, measure) {
        case (.blank, _): return "\(measure.rawValue) blank"
        case (.number(let number, _), .count):
            return "\(number) \(number == Number(1) ? activity.noun : activity.plural)"
        case (.number(let number, let divisor), _):
            let text = number.text(dividedBy: divisor, isMoney: measure.isMoney)
            // A condition that names currencies itself may have found several.
            return "\(measure.rawValue) \(text)" + (measure.isMoney && !namesCurrency ? " \(currency)" : "")
        case (.instant(let instant), _): return "\(measure.rawValue) \(instant)"
        }
    }
}

extension Number {
    /// The quotient as a decimal if it is one, else as it was compared: `2402 / 3`. Money has two decimals at least.
    fileprivate func text(dividedBy divisor: Int, isMoney: Bool) -> String {
        let (quotient, remainder) = billionths.quotientAndRemainder(dividingBy: Int128(divisor))
        guard remainder == 0 else { return "\(self) / \(divisor)" }
        let number = Number(billionths: quotient)
        return isMoney ? number.moneyText : number.description
    }

    /// With two fraction digits at least: `1200.50`.
    var moneyText: String {
        let text = description
        guard let dot = text.firstIndex(of: ".") else { return text + ".00" }
        return text.distance(from: dot, to: text.endIndex) == 2 ? text + "0" : text
    }
}
