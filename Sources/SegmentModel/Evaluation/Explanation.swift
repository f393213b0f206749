/// Why a condition is true or false of a contact: the same tree, with what was compared.
public struct Explanation: Hashable, Sendable {
    /// Whether the condition of this node holds.
    public var isTrue: Bool
    /// The condition of this node in English.
    public var sentence: String
    /// What was compared, such as `3 orders` or `country “France”`; nil for `all`, `any`, `not` and segments.
    public var value: String?
    /// The event that decided: the last matching activity, if there is one.
    public var sequence: UInt64?
    /// When that activity happened.
    public var instant: Instant?
    /// The nodes below; for a segment its own condition.
    public var children: [Explanation]

    /// Makes a node from its parts.
    public init(
        isTrue: Bool, sentence: String, value: String? = nil, sequence: UInt64? = nil, instant: Instant? = nil,
        children: [Explanation] = []
    ) {
        self.isTrue = isTrue
        self.sentence = sentence
        self.value = value
        self.sequence = sequence
        self.instant = instant
        self.children = children
    }
}

extension ReferenceEvaluator {
    /// Why the condition is true or false of the contact at the instant. Cost: as `isTrue`, once per level.
    public func explain(
        _ condition: Condition, _ contact: Contact, at now: Instant, segmentName: (String) -> String = { $0 }
    ) -> Explanation {
        explain(condition, contact, at: now, inside: [], segmentName)
    }

    private func explain(
        _ condition: Condition, _ contact: Contact, at now: Instant, inside: [String],
        _ segmentName: (String) -> String
    ) -> Explanation {
        var explanation = Explanation(
            isTrue: isTrue(condition, of: contact, at: now, inside: inside),
            sentence: condition.sentence(segmentName: segmentName))
        switch condition {
        case .all, .any, .not:
            explanation.children = condition.children.map {
                explain($0, contact, at: now, inside: inside, segmentName)
            }
        case .segment(let reference):
            if let definition = definition(of: reference, inside: inside) {
                let inside = inside + [reference]
                explanation.children = [explain(definition, contact, at: now, inside: inside, segmentName)]
            }
        case .tag: explanation.value = contact.phrase(of: .tags)
        case .field(let field): explanation.value = contact.phrase(of: field.field)
        case .activity(let activity): explain(activity, contact, at: now, in: &explanation)
        }
        return explanation
    }

    private func explain(
        _ condition: ActivityCondition, _ contact: Contact, at now: Instant, in explanation: inout Explanation
    ) {
        let matches = matches(occurrences(of: condition, in: contact), in: condition.window, at: now)
        let value = measured(condition.measure, over: matches, of: contact, at: now)
        explanation.value = condition.phrase(of: value)
        explanation.sequence = matches.last?.sequence
        explanation.instant = matches.last?.instant
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
    /// The value with what it is: `3 orders`, `total 1200.5`, `last 2026-03-01T09:00:00Z`, `average 2402 / 3`.
    fileprivate func phrase(of value: Measured) -> String {
        switch (value, measure) {
        case (.blank, _): "\(measure.rawValue) blank"
        case (.number(let number, _), .count): "\(number) \(number == Number(1) ? activity.noun : activity.plural)"
        case (.number(let number, let divisor), _):
            divisor == 1 ? "\(measure.rawValue) \(number)" : "\(measure.rawValue) \(number.text(dividedBy: divisor))"
        case (.instant(let instant), _): "\(measure.rawValue) \(instant)"
        }
    }
}

extension Number {
    /// The quotient as a decimal if it is one, else as it was compared: `2402 / 3`.
    fileprivate func text(dividedBy divisor: Int) -> String {
        let (quotient, remainder) = billionths.quotientAndRemainder(dividingBy: Int128(divisor))
        return remainder == 0 ? Number(billionths: quotient).description : "\(self) / \(divisor)"
    }
}
