public import SegmentModel

/// The events that the fold of one contact depends on, found in as many looks at the log as it takes.
///
/// These are, and no others:
///
/// - every event that names the contact;
/// - of every order that one of the found events names: its states, whoever's it was then, its cancellations, and the
///   refunds that name it;
/// - of every refund among them: what was said about it before and after, as the latest statement holds;
/// - the erasures of every contact that one of the found events names: with a contact go its orders and their refunds.
///
/// So folding them leaves this contact as folding the whole log does, up to any event. The other contacts they leave
/// are not whole.
struct ContactHistory {
    private let contact: Subject
    /// The orders and refunds found so far, and the contacts whose erasures matter.
    private var known: Set<Subject>
    /// Those found by the present look, to be looked for by the next.
    private var news: Set<Subject> = []
    /// Those that the present look is for.
    private var wanted: Set<Subject>
    private(set) var found: [UInt64: LoggedEvent] = [:]

    init(of contact: Identifier) {
        self.contact = .contact(contact)
        wanted = [self.contact]
        known = [self.contact]
    }

    /// What the present look is for; nothing once all events are found.
    var subjects: Set<Subject> { wanted }

    /// Begins the next look, for what the last one brought up.
    mutating func beginNextLook() {
        wanted = news
        news = []
    }

    /// Takes an event if it is one of those looked for.
    mutating func take(_ event: StoredEvent) throws {
        guard let subjects = EventSubjects(event.bytes) else { throw EventBlock.malformed(event.sequence) }
        let contact = subjects.contactSubject
        let order = subjects.orderSubject
        let refund = subjects.refundSubject
        guard isWanted(contact, subjects.code) || isWanted(order) || isWanted(refund) else { return }
        for subject in [contact, order, refund] {
            if let subject, known.insert(subject).inserted { news.insert(subject) }
        }
        if found[event.sequence] == nil { found[event.sequence] = try event.logged() }
    }

    private func isWanted(_ subject: Subject?) -> Bool { subject.map(wanted.contains) ?? false }

    /// Of other contacts only erasures matter.
    private func isWanted(_ named: Subject?, _ code: EventCode) -> Bool {
        guard let named, named == contact || code == .contactErased else { return false }
        return wanted.contains(named)
    }
}

extension EventLog {
    /// Every event, visible or not, that what is known of a contact depends on, in log order: those that name it, and of
    /// its orders and refunds what was said about them anywhere else (see `ContactHistory`).
    ///
    /// Cost: the blocks that may have such events, which filters tell apart, twice as a rule; their memory.
    ///
    /// - Parameter last: the last sequence to look at.
    public func events(of contact: Identifier, through last: UInt64 = .max) throws(LogError) -> [LoggedEvent] {
        do {
            let storage = storage
            var history = ContactHistory(of: contact)
            while !history.subjects.isEmpty {
                try storage.forEachStored(about: history.subjects, through: last) { try history.take($0) }
                history.beginNextLook()
            }
            return history.found.values.sorted { $0.sequence < $1.sequence }
        } catch {
            throw LogError.wrapping(error)
        }
    }

    /// Makes a part of what a look for a contact needs, which the first look would else make all at once.
    ///
    /// - Returns: whether there is nothing more to make. Cost: reading half a million events or so.
    public func prepareLooks() throws(LogError) -> Bool {
        do {
            return try storage.index.filters.makeSome(storage)
        } catch {
            throw LogError.wrapping(error)
        }
    }
}
