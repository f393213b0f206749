/// Which events made a contact what it is: for each field and tag the one that holds.
public struct ContactOrigins: Sendable {
    private var attributes: [AttributeKey: LoggedEvent] = [:]
    private var tagChanges: [(change: TagChange, event: LoggedEvent)] = []
    private var first: LoggedEvent?
    private var bySequence: [UInt64: LoggedEvent] = [:]

    /// - Parameter events: those that are visible of it, in log order; others that name it not are kept apart.
    public init(of contact: Identifier, from events: [LoggedEvent]) {
        for event in events {
            bySequence[event.sequence] = event
            guard event.event.fact.contact == contact else { continue }
            if case .contactErased = event.event.fact {
                (attributes, tagChanges, first) = ([:], [], nil)
                continue
            }
            first = first ?? event
            if case .contactChanged(let change) = event.event.fact { take(change, event) }
        }
        tagChanges.sort { Stamp($0.event) < Stamp($1.event) }
    }

    private mutating func take(_ change: ContactChange, _ event: LoggedEvent) {
        for attribute in change.attributes {
            if let known = attributes[attribute.key], Stamp(known) > Stamp(event) { continue }
            attributes[attribute.key] = event
        }
        if let tags = change.tags { tagChanges.append((tags, event)) }
    }

    /// The event of that sequence.
    public func event(_ sequence: UInt64) -> LoggedEvent? { bySequence[sequence] }

    /// The event that gave the field its value, or cleared it.
    public func event(of field: ContactField) -> LoggedEvent? {
        switch field {
        case .attribute(let key): attributes[key]
        case .emailDomain: attributes[.known(.email)]
        case .firstSeenAt: first
        case .tags: tagChanges.last?.event
        }
    }

    /// The last event that gave the tag, or took it away.
    public func event(ofTag tag: TextOperand) -> LoggedEvent? {
        tagChanges.last { change, _ in
            switch change {
            case .set: true
            case .edit(let add, let remove):
                (add + remove).contains { sameScalars(TextFolding.folded($0), tag.folded) }
            }
        }?.event
    }
}
