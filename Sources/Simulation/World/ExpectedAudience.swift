internal import Audiences
internal import SegmentModel

/// A segment as it was acknowledged.
struct ExpectedSegment {
    struct Revision: Equatable {
        var name: String
        /// Other segments by id.
        var condition: Condition
    }

    let id: String
    var revisions: [Revision]

    var present: Revision { revisions[revisions.count - 1] }
}

/// A recipient list as it was handed out when it was frozen.
struct ExpectedList {
    let list: RecipientList
    var recipients: [Member]
}

/// What an audience must be: everything that was acknowledged, and nothing else.
struct ExpectedAudience {
    let id: String
    var settings: AudienceSettings
    var events: [LoggedEvent] = []
    /// By source and id.
    var contents: [String: Event] = [:]
    var segments: [String: ExpectedSegment] = [:]
    var lists: [ExpectedList] = []
    /// The last event that had been applied when a pass last worked off the erasures; what was said before them is gone.
    var erasedThrough: UInt64 = 0
    /// When erasures were last worked off, or may have been: nothing that they erased can come back at an earlier instant.
    var erasingSince: Instant?
    /// By source and id: events that the log has no more than a digest of.
    var erased: Set<String> = []
    /// Whether a pass failed, and what is kept in memory may still be that of the log before.
    var holdsViews = false
    /// The last frontier that was seen.
    var frontier: Instant
    /// The latest instant that the frontier may have been sent to, or anything was recorded at.
    var reached: Instant
    /// From when the last definition counts.
    var lastDefinitionAt: Instant
    /// Members by segment, as the changes since the last start make them.
    var folded: [String: Set<Identifier>] = [:]
    var lastChangeAt: Instant = .earliest

    private var fold = ReferenceFold()
    private var foldedCount = 0
    private var contacts: [Contact]?

    init(id: String, settings: AudienceSettings, at now: Instant) {
        self.id = id
        self.settings = settings
        frontier = now
        reached = now
        lastDefinitionAt = now
    }

    static func key(_ event: Event) -> String { event.source.text + "\u{0}" + event.id.text }

    /// How many events are visible at the frontier.
    var visibleCount: Int {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].visibleAt <= frontier { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The contacts that the visible events leave, sorted by id. Cost: that of the events that became visible since.
    mutating func visibleContacts() -> [Contact] {
        let count = visibleCount
        if count < foldedCount {
            // After a restart with a clock that was set back the frontier may be an earlier one.
            fold = ReferenceFold()
            foldedCount = 0
            contacts = nil
        }
        if count == foldedCount, let contacts { return contacts }
        for event in events[foldedCount..<count] { fold.apply(event) }
        foldedCount = count
        let found = fold.contacts().values.sorted { $0.id < $1.id }
        contacts = found
        return found
    }

    /// The condition with segments by id in the place of names.
    func condition(_ definition: JSONValue) throws -> Condition {
        let parsed = try Condition(parsing: definition, types: settings.fieldTypes)
        return parsed.mappingSegments { name in segments.values.first { $0.present.name == name }?.id ?? name }
    }

    /// Takes events that were stored.
    mutating func take(_ stored: [LoggedEvent]) {
        for event in stored {
            events.append(event)
            contents[Self.key(event.event)] = event.event
            reached = max(reached, event.recordedAt)
        }
    }

    /// The last erasure of each contact up to an event.
    func erasures(through last: UInt64) -> [Identifier: UInt64] {
        var erasures: [Identifier: UInt64] = [:]
        for event in events.prefix(Int(last)) {
            if case .contactErased(let contact) = event.event.fact { erasures[contact] = event.sequence }
        }
        return erasures
    }

    /// Those of the events that are new, in order, and how many of the others are duplicates and conflicts.
    func fresh(among batch: [Event]) -> (events: [Event], duplicates: Int, conflicts: Int) {
        var fresh: [Event] = []
        var seen: [String: Event] = [:]
        var (duplicates, conflicts) = (0, 0)
        for event in batch {
            let key = Self.key(event)
            guard let known = contents[key] ?? seen[key] else {
                fresh.append(event)
                seen[key] = event
                continue
            }
            if known == event || erased.contains(key) { duplicates += 1 } else { conflicts += 1 }
        }
        return (fresh, duplicates, conflicts)
    }
}
