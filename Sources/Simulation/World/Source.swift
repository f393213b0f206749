internal import RandomWorlds
internal import SegmentModel

/// What an audience's sources send: late, twice, in conflict and out of order.
struct Source {
    private var events: RandomEvents
    var definitions: RandomDefinitions
    /// Sent and not answered: they come again.
    var unanswered: [Event] = []
    /// Kept back, to come late.
    private var late: [Event] = []
    private var sent: [Event] = []
    private let contacts: [Identifier]
    private var erasures = 0
    private(set) var segmentsNamed = 0
    private(set) var campaigns = 0

    init(random: inout SeededGenerator) {
        let contacts = Int.random(in: 4...14, using: &random)
        events = RandomEvents(seed: random.next(), contacts: contacts)
        self.contacts = events.contacts
        definitions = RandomDefinitions(seed: random.next())
    }

    /// The next batch.
    mutating func batch(using random: inout SeededGenerator) -> [Event] {
        var batch: [Event] = []
        if !unanswered.isEmpty, random.chance(0.7) {
            batch = unanswered
            unanswered = []
        }
        let isLarge = random.chance(0.03)
        let count = isLarge ? 160 : random.pick([0, 1, 1, 2, 3, 4, 6, 9, 14])
        for _ in 0..<count {
            // As it comes out of the log, where attributes and tags stand in one order.
            let made = events.next()
            let event = (try? Event(decoding: made.encoded)) ?? made
            if random.chance(0.08) { late.append(event) } else { batch.append(event) }
            if random.chance(0.06), let again = sent.randomElement(using: &random) { batch.append(again) }
        }
        if !late.isEmpty, random.chance(0.2) {
            batch.append(late.remove(at: Int.random(in: 0..<late.count, using: &random)))
        }
        if random.chance(0.06) { batch.append(erasure(using: &random)) }
        if random.chance(0.2) { batch.shuffle(using: &random) }
        sent += batch
        return batch
    }

    private mutating func erasure(using random: inout SeededGenerator) -> Event {
        erasures += 1
        return Event(
            source: "office", id: Identifier("erase \(erasures)"), time: nil,
            fact: .contactErased(contact: random.pick(contacts)))
    }

    mutating func nextName() -> String {
        segmentsNamed += 1
        return "segment \(segmentsNamed)"
    }

    mutating func nextCampaign() -> Identifier {
        campaigns += 1
        return Identifier("campaign \(campaigns)")
    }

    /// A condition that some contacts meet, more often than not.
    mutating func definition(segments: [String], using random: inout SeededGenerator) -> JSONValue {
        if random.chance(0.25) { return amount(using: &random) }
        guard random.chance(0.5) else { return definitions.next(segments: segments) }
        return ["any": [definitions.next(segments: segments), ["not": definitions.next(segments: segments)]]]
    }

    /// A condition on what somebody spent, between the sums that there are.
    private func amount(using random: inout SeededGenerator) -> JSONValue {
        [
            "activity": "order", "measure": random.pick(["total", "average", "largest", "netTotal"]),
            "op": random.pick(["at_least", "less_than"]), "value": random.pick([1, 20, 60, 110, 180, 300, 400]),
        ]
    }
}
