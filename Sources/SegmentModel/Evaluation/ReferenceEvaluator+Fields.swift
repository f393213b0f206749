extension ReferenceEvaluator {
    func isTrue(_ condition: FieldCondition, of contact: Contact, at now: Instant) -> Bool {
        let value = contact.value(of: condition.field)
        return switch condition.test {
        case .text(let test): isTrue(test, of: value)
        case .number(let test): test.holds(for: value?.asNumber)
        case .boolean(let test): test.holds(for: value?.asBoolean)
        case .day(let test): holds(test, for: value?.asDay, today: context.zone.date(at: now))
        case .instant(let test): holds(test, for: value?.asInstant, at: now)
        case .birthday(let test): holds(test, for: value?.asBirthday, today: context.zone.date(at: now))
        case .list(let test): test.holds(for: value?.asList)
        case .untyped(let test): test.holds(isBlank: value?.isBlank ?? true)
        }
    }

    /// A field nobody declared may hold a list; text "contained" in it is then one of its elements.
    private func isTrue(_ test: TextTest, of value: AttributeValue?) -> Bool {
        switch (test, value?.asList) {
        case (.contains(let operand), .some(let list)): ListTest.contains(operand).holds(for: list)
        case (.doesNotContain(let operand), .some(let list)): ListTest.doesNotContain(operand).holds(for: list)
        default: test.holds(for: value?.asText)
        }
    }
}

extension Contact {
    /// What the field says about the contact; nil if nothing. A contact without a status is subscribed.
    public func value(of field: ContactField) -> AttributeValue? {
        switch field {
        case .attribute(.known(.status)):
            attributes[.known(.status)] ?? .text(ContactStatus.subscribed.rawValue)
        case .attribute(let key): attributes[key]
        case .emailDomain: emailDomain.map { .text($0) }
        case .firstSeenAt: .instant(firstSeenAt)
        case .tags: .list(tags.keys.sorted().compactMap { tags[$0] })
        }
    }

    private var emailDomain: String? {
        guard let email = attributes[.known(.email)]?.asText, let at = email.unicodeScalars.lastIndex(of: "@") else {
            return nil
        }
        return String(email.unicodeScalars[email.unicodeScalars.index(after: at)...])
    }
}

// A value of another type than asked for is no value.
extension AttributeValue {
    /// True of the empty text and the empty list.
    public var isBlank: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .list(let elements): elements.isEmpty
        case .number, .boolean, .instant, .birthday: false
        }
    }

    /// The text, if this is one.
    public var asText: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    /// The number, or the one that the text spells.
    public var asNumber: Number? {
        switch self {
        case .number(let number): number
        case .text(let text): try? Number(decimal: text)
        default: nil
        }
    }

    /// True or false, if this is one of them.
    public var asBoolean: Bool? {
        if case .boolean(let value) = self { return value }
        return nil
    }

    /// The calendar day that the text spells.
    public var asDay: LocalDate? {
        asText.flatMap { try? LocalDate(iso: $0) }
    }

    /// The instant, or the one that the text spells.
    public var asInstant: Instant? {
        switch self {
        case .instant(let instant): instant
        case .text(let text): try? Instant(rfc3339: text)
        default: nil
        }
    }

    /// The birthday, if this is one.
    public var asBirthday: MonthDay? {
        guard case .birthday(let month, let day) = self else { return nil }
        return MonthDay(month: month, day: day)
    }

    /// The elements, if this is a list.
    public var asList: [String]? {
        if case .list(let elements) = self { return elements }
        return nil
    }
}
