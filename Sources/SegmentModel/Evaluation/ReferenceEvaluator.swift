/// The meaning of conditions: one contact, one instant, the plainest computation.
///
/// Slow on purpose: it looks at everything every time and keeps nothing. The engine must give the same answer for
/// every contact at every instant.
public struct ReferenceEvaluator: Sendable {
    /// What the meaning depends on besides contact and instant.
    public let context: EvaluationContext
    let calendar: CalendarRule

    /// An evaluator for one audience.
    public init(context: EvaluationContext) {
        self.context = context
        calendar = CalendarRule(zone: context.zone)
    }

    /// Whether the condition holds for the contact at the instant. Cost: linear in the contact's history per leaf.
    public func isTrue(_ condition: Condition, of contact: Contact, at now: Instant) -> Bool {
        isTrue(condition, of: contact, at: now, inside: [])
    }

    /// `inside` names the saved segments being evaluated, outermost first. One that comes back to itself is false
    /// there; saving refuses such cycles, so this only keeps an unchecked one from running for ever.
    func isTrue(_ condition: Condition, of contact: Contact, at now: Instant, inside: [String]) -> Bool {
        switch condition {
        case .all(let children): children.allSatisfy { isTrue($0, of: contact, at: now, inside: inside) }
        case .any(let children): children.contains { isTrue($0, of: contact, at: now, inside: inside) }
        case .not(let child): !isTrue(child, of: contact, at: now, inside: inside)
        case .field(let field): isTrue(field, of: contact, at: now)
        case .tag(let tag): ListTest.contains(tag).holds(for: Array(contact.tags.values))
        case .activity(let activity): isTrue(activity, of: contact, at: now)
        case .segment(let reference):
            definition(of: reference, inside: inside).map {
                isTrue($0, of: contact, at: now, inside: inside + [reference])
            } ?? false
        }
    }

    /// The condition of a saved segment; nil if there is none or it is being evaluated already.
    func definition(of reference: String, inside: [String]) -> Condition? {
        inside.contains(reference) ? nil : context.segments[reference]
    }
}
