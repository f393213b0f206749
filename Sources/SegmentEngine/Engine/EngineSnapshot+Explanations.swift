internal import EventLog
public import SegmentModel

// Why a contact is in a segment or not, by the reference evaluator over its record.
extension EngineSnapshot {
    /// Why the condition holds for the contact, or not; of an unknown contact, as of one without anything.
    public func explain(
        _ condition: Condition, contact id: Identifier, origins: ContactOrigins? = nil,
        segmentName: (String) -> String = { $0 }
    ) -> Explanation {
        let contact = contact(id) ?? Contact(id: id, firstSeenAt: .earliest)
        return evaluator(for: condition).explain(
            condition, contact, at: frontier, origins: origins, segmentName: segmentName)
    }

    /// The next change of the condition's truth for the contact that comes with no event; nil if there is none.
    ///
    /// Looks through at most `edgesMax` edges; nil beyond.
    public func nextChange(of condition: Condition, contact id: Identifier?) -> NextChange? {
        id.flatMap(contact).flatMap { nextChange(of: condition, contact: $0, after: frontier) }
    }

    /// The same of a contact as it will be, after an instant.
    public func nextChange(of condition: Condition, contact: Contact, after instant: Instant) -> NextChange? {
        evaluator(for: condition).nextChange(of: condition, contact, after: instant, edgesMax: Self.edgesMax)
    }

    /// Days make edges: that is some years of them.
    private static let edgesMax = 1_000

    /// The audience's time zone.
    public var zone: TimeZoneRules { context.zone }

    /// A change of the contact that would make the condition true, if there is one that is simple to say.
    public func smallestChange(entering condition: Condition, contact id: Identifier) -> SmallestChange? {
        contact(id).flatMap { evaluator(for: condition).smallestChange(entering: condition, $0, at: frontier) }
    }
}
