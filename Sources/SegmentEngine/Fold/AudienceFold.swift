internal import SegmentModel

/// The contacts of an audience as its visible events leave them, kept current event by event.
///
/// Comes in: visible events in log order. Goes out: which contacts each event touched, and each contact's state.
/// Invariant: after any prefix of the log, `contacts` equals `ReferenceFold.contacts` of that prefix.
struct AudienceFold: Sendable {
    private var states: [ContactOrdinal: ContactState] = [:]
    private var ordinals: [Identifier: ContactOrdinal] = [:]
    private var orders = OrderBook()
    private var nextOrdinal: ContactOrdinal = 0

    /// Contacts that exist.
    var count: Int { states.count }

    /// The ordinals of the contacts that exist, in no particular order.
    var existing: some Sequence<ContactOrdinal> { states.keys }

    func contact(_ ordinal: ContactOrdinal) -> Contact? {
        states[ordinal]?.contact
    }

    func ordinal(of contact: Identifier) -> ContactOrdinal? {
        ordinals[contact]
    }

    /// Applies the next visible event.
    ///
    /// - Parameter touched: receives every contact whose state may have changed.
    mutating func apply(_ logged: LoggedEvent, touched: inout Set<ContactOrdinal>) {
        if case .contactErased(let contact) = logged.event.fact {
            erase(contact, touched: &touched)
            return
        }
        if let contact = logged.event.fact.contact { touched.insert(ensure(contact, seenIn: logged)) }
        let stamp = Stamp(occurredAt: logged.occurredAt, sequence: logged.sequence)
        switch logged.event.fact {
        case .contactChanged(let change):
            update(change.contact) { $0.apply(change, stamp: stamp) }
        case .orderPlaced(let state), .orderChanged(let state):
            publish(orders.apply(state, stamp: stamp), touched: &touched)
        case .orderCancelled(let key):
            publish(orders.cancel(key, stamp: stamp), touched: &touched)
        case .orderRefunded(let refund):
            publish(orders.apply(refund, source: logged.event.source, stamp: stamp), touched: &touched)
        case .campaignActivity(let activity):
            let kind = Activity.Kind.campaign(activity.kind, campaign: activity.campaign, url: activity.url)
            update(activity.contact) { $0.append(kind, stamp: stamp) }
        case .activityRecorded(let activity):
            let kind = Activity.Kind.recorded(name: activity.name, properties: activity.properties)
            update(activity.contact) { $0.append(kind, stamp: stamp) }
        case .contactErased, .integrationConnected, .integrationDisconnected:
            break
        }
    }

    private mutating func ensure(_ contact: Identifier, seenIn logged: LoggedEvent) -> ContactOrdinal {
        if let ordinal = ordinals[contact] { return ordinal }
        let ordinal = nextOrdinal
        nextOrdinal += 1
        ordinals[contact] = ordinal
        states[ordinal] = ContactState(Contact(id: contact, firstSeenAt: logged.occurredAt))
        return ordinal
    }

    private mutating func update(_ contact: Identifier, _ body: (inout ContactState) -> Void) {
        guard let ordinal = ordinals[contact] else { return }
        body(&states[ordinal, default: ContactState(Contact(id: contact, firstSeenAt: .earliest))])
    }

    /// Carries what the order book changed into the contacts it belongs to.
    private mutating func publish(_ changes: [OrderBook.Change], touched: inout Set<ContactOrdinal>) {
        for change in changes {
            guard let ordinal = ordinals[change.contact] else { continue }
            touched.insert(ordinal)
            update(change.contact) { $0.apply(change.what) }
        }
    }

    /// Removes the contact with everything it had; a later event of the same id starts a new contact.
    private mutating func erase(_ contact: Identifier, touched: inout Set<ContactOrdinal>) {
        guard let ordinal = ordinals.removeValue(forKey: contact) else { return }
        let state = states.removeValue(forKey: ordinal)
        touched.insert(ordinal)
        orders.erase(contact, orders: state?.contact.orders.map(\.key) ?? [])
    }
}

/// A contact's number within a running engine, in order of first sight, never reused.
typealias ContactOrdinal = Int

/// The order of statements about one thing: the later occurredAt wins, between equals the later sequence.
struct Stamp: Comparable {
    var occurredAt: Instant
    var sequence: UInt64

    static func < (left: Stamp, right: Stamp) -> Bool {
        (left.occurredAt, left.sequence) < (right.occurredAt, right.sequence)
    }
}
