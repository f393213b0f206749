/// One change of a contact that would make a condition true, simple enough to be said.
public struct SmallestChange: Equatable, Sendable {
    /// As it follows “would enter”: `with one more order`, `if it had the tag “vip”`.
    public var words: String
    /// What is done.
    public var action: Action

    /// What could happen to a contact.
    public enum Action: Equatable, Sendable {
        /// So many equal orders, now; their keys are for the doer to choose.
        case orders(Order, count: Int)
        /// So many equal activities, now.
        case activities(Activity, count: Int)
        case tag(TextOperand)
        case untag(TextOperand)
        case attribute(AttributeKey, AttributeValue)
    }
}

extension SmallestChange {
    /// The contact after it.
    public func applied(to contact: Contact) -> Contact {
        var contact = contact
        switch action {
        case .orders(let order, let count):
            for number in 0..<count {
                var order = order
                order.key.order = Identifier("\u{0}\(number)")
                // Later than every event there is, and each by itself.
                order.sequence = UInt64.max - UInt64(count - number)
                contact.orders.append(order)
            }
        case .activities(let activity, let count):
            contact.activities += (0..<count).map { number in
                var activity = activity
                activity.sequence = UInt64.max - UInt64(count - number)
                return activity
            }
        case .tag(let tag): contact.tags[Identifier(tag.folded)] = tag.spelling
        case .untag(let tag): contact.tags[Identifier(tag.folded)] = nil
        case .attribute(let key, let value): contact.attributes[key] = value
        }
        return contact
    }
}

extension ReferenceEvaluator {
    /// A single change of the contact, now, that would make the condition true: the simplest to say of those that follow
    /// from one of its elementary conditions. Nil if none of them would, or the condition is true.
    ///
    /// Cost: an evaluation for each elementary condition, those of referred segments among them.
    public func smallestChange(
        entering condition: Condition, _ contact: Contact, at now: Instant
    ) -> SmallestChange? {
        guard !isTrue(condition, of: contact, at: now) else { return nil }
        var candidates: [(effort: Int, change: SmallestChange)] = []
        collect(condition, wanted: true, contact, at: now, inside: [], into: &candidates)
        let sorted = candidates.enumerated().sorted { ($0.element.effort, $0.offset) < ($1.element.effort, $1.offset) }
        return sorted.lazy.map(\.element.change).first {
            isTrue(condition, of: $0.applied(to: contact), at: now)
        }
    }

    /// What would turn the elementary conditions that are not as they should be.
    private func collect(
        _ condition: Condition, wanted: Bool, _ contact: Contact, at now: Instant, inside: [String],
        into candidates: inout [(effort: Int, change: SmallestChange)]
    ) {
        guard isTrue(condition, of: contact, at: now, inside: inside) != wanted else { return }
        switch condition {
        case .all(let children), .any(let children):
            for child in children {
                collect(child, wanted: wanted, contact, at: now, inside: inside, into: &candidates)
            }
        case .not(let child): collect(child, wanted: !wanted, contact, at: now, inside: inside, into: &candidates)
        case .segment(let reference):
            guard let definition = definition(of: reference, inside: inside) else { return }
            collect(
                definition, wanted: wanted, contact, at: now, inside: inside + [reference], into: &candidates)
        case .tag(let tag): candidates.append((Self.tagEffort, change(of: tag, isAdded: wanted)))
        case .field(let field):
            if let change = change(of: field, wanted: wanted) { candidates.append((Self.fieldEffort, change)) }
        case .activity(let activity):
            if wanted, let change = change(of: activity, contact, at: now) { candidates.append(change) }
        }
    }

    // In this order changes are tried: what is least to say, and to do, first.
    private static let tagEffort = 2
    private static let fieldEffort = 3

    private func change(of tag: TextOperand, isAdded: Bool) -> SmallestChange {
        isAdded
            ? SmallestChange(words: "if it had the tag \(tag.quoted)", action: .tag(tag))
            : SmallestChange(words: "without the tag \(tag.quoted)", action: .untag(tag))
    }

    /// A field given the value that it is compared with.
    private func change(of condition: FieldCondition, wanted: Bool) -> SmallestChange? {
        if case .list(let test) = condition.test, condition.field == .tags {
            switch test {
            case .contains(let tag): return change(of: tag, isAdded: wanted)
            case .doesNotContain(let tag): return change(of: tag, isAdded: !wanted)
            case .containsAll, .isBlank, .isNotBlank: return nil
            }
        }
        // Nobody gets another address to be in a segment.
        guard wanted, case .attribute(let key) = condition.field, key != .known(.email),
            let value = condition.test.simplestValue
        else { return nil }
        return SmallestChange(
            words: "if \(condition.field.phrase) were \(value.words)", action: .attribute(key, value))
    }
}

extension FieldTest {
    /// A value that passes, where one stands in the test.
    fileprivate var simplestValue: AttributeValue? {
        switch self {
        case .text(.is(let operand)): .text(operand.spelling)
        case .text(.in(let operands)): operands.first.map { .text($0.spelling) }
        case .number(let test): test.simplestOperand.map { .number($0) }
        case .boolean(.is(let operand)): .boolean(operand)
        default: nil
        }
    }
}

extension NumberTest {
    /// The operand, where it passes itself.
    var simplestOperand: Number? {
        switch self {
        case .is(let operand), .atMost(let operand), .atLeast(let operand): operand
        case .between(let low, _): low
        case .in(let operands): operands.first
        case .isNot, .lessThan, .greaterThan, .notIn, .isBlank, .isNotBlank: nil
        }
    }
}

extension AttributeValue {
    fileprivate var words: String {
        switch self {
        case .text(let text): text.inQuotes
        case .number(let number): number.description
        case .boolean(let boolean): boolean ? "true" : "false"
        case .list, .instant, .birthday: "another"
        }
    }
}
