internal import SegmentModel

/// The lives of contacts that erasures ended: the same id may begin a new one after each.
struct ErasedLives {
    private var ends: [Identifier: [UInt64]] = [:]

    init(_ erasures: [LoggedEvent]) {
        for erasure in erasures {
            if let contact = erasure.event.fact.contact { ends[contact, default: []].append(erasure.sequence) }
        }
        for contact in ends.keys { ends[contact]?.sort() }
    }

    var contacts: some Sequence<Identifier> { ends.keys }

    /// Takes a stand-in, whose life an earlier erasure ended; false if it is known.
    mutating func take(standIn: Identifier) -> Bool {
        guard ends[standIn] == nil, let end = ErasedEvent.erasure(of: standIn) else { return false }
        ends[standIn] = [end]
        return true
    }

    /// The erasure that ended the life in which something was said of the contact at that sequence; nil if it goes on.
    func end(of contact: Identifier?, at sequence: UInt64) -> UInt64? {
        contact.flatMap { ends[$0] }?.first { $0 >= sequence }
    }
}

/// Finds every event that erasures concern, in as many looks at the log as it takes: those that name an erased contact,
/// and all that name an order or a refund that one of them names.
struct ErasureSearch {
    private(set) var lives: ErasedLives
    private(set) var found: [UInt64: LoggedEvent] = [:]
    private var known: Set<Subject>
    private var news: Set<Subject> = []
    /// What the present look is for.
    private(set) var subjects: Set<Subject>

    init(for erasures: [LoggedEvent]) {
        lives = ErasedLives(erasures)
        subjects = Set(lives.contacts.map { Subject.contact($0) })
        known = subjects
    }

    /// Begins the next look, for what the last one brought up.
    mutating func beginNextLook() {
        subjects = news
        news = []
    }

    /// Takes an event if it is one of those looked for.
    mutating func take(_ event: StoredEvent) throws {
        guard let parts = EventSubjects(event.bytes) else { throw EventBlock.malformed(event.sequence) }
        let things = [parts.orderSubject, parts.refundSubject].compactMap { $0 }
        let contact = parts.contactSubject
        guard contact.map(subjects.contains) ?? false || things.contains(where: subjects.contains) else { return }
        let logged = try found[event.sequence] ?? event.logged()
        found[event.sequence] = logged
        if let id = logged.event.fact.contact, ErasedEvent.isMarked(id), lives.take(standIn: id), let contact,
            known.insert(contact).inserted
        {
            news.insert(contact)
        }
        guard lives.end(of: logged.event.fact.contact, at: event.sequence) != nil else { return }
        for thing in things where known.insert(thing).inserted { news.insert(thing) }
    }

    /// All found events in log order.
    var events: [LoggedEvent] { found.values.sorted { $0.sequence < $1.sequence } }
}

extension LogStorage {
    /// Everything up to an event that erasures concern.
    func search(for erasures: [LoggedEvent], through last: UInt64) throws -> ErasureSearch {
        var search = ErasureSearch(for: erasures)
        while !search.subjects.isEmpty {
            try forEachStored(about: search.subjects, through: last) { try search.take($0) }
            search.beginNextLook()
        }
        return search
    }
}
