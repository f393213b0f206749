import SegmentModel
import Testing

@Suite("Which event decided")
struct ContactOriginsTests {
    private static func event(_ sequence: UInt64, at hour: Int, _ fact: Fact) -> LoggedEvent {
        let instant = Sample.instant("2026-03-01T00:00:00Z").advanced(byMicroseconds: Int64(hour) * 3_600_000_000)
        return LoggedEvent(
            sequence: sequence, recordedAt: instant, visibleAt: instant,
            event: Event(source: "crm", id: Identifier("\(sequence)"), time: instant, fact: fact))
    }

    private static func country(_ value: AttributeValue?) -> Fact {
        .contactChanged(
            ContactChange(contact: "ada", attributes: [AttributeChange(key: .known(.country), value: value)]))
    }

    private static func tags(_ change: TagChange) -> Fact {
        .contactChanged(ContactChange(contact: "ada", tags: change))
    }

    @Test("The latest statement about a field is its origin, also one that cleared it")
    func fields() {
        let field = ContactField.attribute(.known(.country))
        let events = [
            Self.event(1, at: 1, Self.country("FR".attribute)), Self.event(2, at: 5, Self.country(nil)),
            Self.event(3, at: 3, Self.country("DE".attribute)),
        ]
        let origins = ContactOrigins(of: "ada", from: events)
        #expect(origins.event(of: field)?.sequence == 2)
        #expect(origins.event(of: .firstSeenAt)?.sequence == 1)
        #expect(origins.event(of: .emailDomain) == nil)
        #expect(origins.event(3)?.event.fact.type == "contact.changed")
    }

    @Test("A tag's origin is the last change that named it, or that named all")
    func tags() {
        let events = [
            Self.event(1, at: 1, Self.tags(.edit(add: ["VIP"], remove: []))),
            Self.event(2, at: 2, Self.tags(.edit(add: ["new"], remove: []))),
        ]
        #expect(ContactOrigins(of: "ada", from: events).event(ofTag: "vip")?.sequence == 1)
        let later = events + [Self.event(3, at: 3, Self.tags(.set(["new"])))]
        #expect(ContactOrigins(of: "ada", from: later).event(ofTag: "vip")?.sequence == 3)
        #expect(ContactOrigins(of: "ada", from: later).event(of: .tags)?.sequence == 3)
    }

    @Test("What was before an erasure decides nothing")
    func erasure() {
        let events = [
            Self.event(1, at: 1, Self.country("FR".attribute)), Self.event(2, at: 2, .contactErased(contact: "ada")),
            Self.event(3, at: 3, Self.tags(.set(["new"]))),
        ]
        let origins = ContactOrigins(of: "ada", from: events)
        #expect(origins.event(of: .attribute(.known(.country))) == nil)
        #expect(origins.event(of: .firstSeenAt)?.sequence == 3)
    }
}

extension String {
    fileprivate var attribute: AttributeValue { .text(self) }
}
