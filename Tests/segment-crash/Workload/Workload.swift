import TestSupport

/// Sequences of steps: small ones of which every point is looked at, and longer random ones.
enum Workload {
    /// At most three calls each, about everything that is stored.
    static let small: [[Step]] = [
        [.create, .events(lane: 0, first: 1, count: 8), .events(lane: 0, first: 9, count: 4)],
        [.create, .events(lane: 0, first: 1, count: 8), .restart, .events(lane: 0, first: 9, count: 4)],
        [.create, .save(name: "A", condition: 0), .edit(name: "A", condition: 2)],
        [
            .create, .events(lane: 0, first: 1, count: 12), .save(name: "A", condition: 3), .restart,
            .send(segment: "A", campaign: "spring"),
        ],
        [
            .create, .eventsOfErasable(0), .save(name: "A", condition: 3), .restart,
            .send(segment: "A", campaign: "spring"), .erase(contact: 0), .restart, .pass,
        ],
    ]

    /// Some of everything, for runs in which one call fails: what comes before a restart, and after it.
    static let wide: [[Step]] = [
        [
            .create, .events(lane: 0, first: 1, count: 8), .save(name: "A", condition: 0),
            .send(segment: "A", campaign: "spring"), .edit(name: "A", condition: 2),
            .events(lane: 0, first: 9, count: 4), .eventsOfErasable(0), .eventsOfErasable(1), .erase(contact: 0),
        ],
        [
            .pass, .events(lane: 0, first: 13, count: 6), .save(name: "B", condition: 4),
            .send(segment: "B", campaign: "summer"), .delete(name: "B"), .events(lane: 0, first: 19, count: 2),
        ],
        [.events(lane: 0, first: 21, count: 3)],
    ]

    /// A random sequence of so many steps.
    static func random(seed: UInt64, stepCount: Int) -> [Step] {
        var random = SeededGenerator(seed: seed)
        var next = RandomSteps(isErasing: true)
        return [.create] + (1..<stepCount).map { _ in next.step(using: &random) }
    }
}

/// Steps that make sense after those before them.
struct RandomSteps {
    /// Whether contacts are erased.
    let isErasing: Bool
    private var nextEvent = 1
    private var names: [String] = []
    private var madeCount = 0
    private var campaigns = 0
    private var nextErasable = 0
    /// Contacts that can be erased, once each.
    private var erasable: [Int] = []

    init(isErasing: Bool) {
        self.isErasing = isErasing
    }

    private static let segmentsMax = 6

    mutating func step(using random: inout SeededGenerator) -> Step {
        switch Int.random(in: 0..<24, using: &random) {
        case 0, 1: .restart
        case 2...4 where names.count < Self.segmentsMax: save(using: &random)
        case 5...6 where !names.isEmpty:
            .edit(name: random.pick(names), condition: Int.random(in: 0..<Shop.conditions.count, using: &random))
        case 7 where names.count > 1: .delete(name: names.remove(at: Int.random(in: 0..<names.count, using: &random)))
        case 8...10 where !names.isEmpty: send(using: &random)
        case 11 where isErasing: eventsOfErasable()
        case 12...13 where !erasable.isEmpty:
            .erase(contact: erasable.remove(at: Int.random(in: 0..<erasable.count, using: &random)))
        case 14 where isErasing: .pass
        default: events(using: &random)
        }
    }

    private mutating func save(using random: inout SeededGenerator) -> Step {
        madeCount += 1
        let name = "Segment \(madeCount)"
        names.append(name)
        return .save(name: name, condition: Int.random(in: 0..<Shop.conditions.count, using: &random))
    }

    private mutating func send(using random: inout SeededGenerator) -> Step {
        campaigns += 1
        return .send(segment: random.pick(names), campaign: "campaign \(campaigns)")
    }

    private mutating func eventsOfErasable() -> Step {
        erasable.append(nextErasable)
        defer { nextErasable += 1 }
        return .eventsOfErasable(nextErasable)
    }

    private mutating func events(using random: inout SeededGenerator) -> Step {
        let count = Int.random(in: 1...20, using: &random)
        defer { nextEvent += count }
        return .events(lane: 0, first: nextEvent, count: count)
    }
}

extension Step {
    /// Hands in all events of a contact that can be erased.
    static func eventsOfErasable(_ contact: Int) -> Step {
        let count = Shop.eventsOfErasable
        return .events(lane: Shop.erasableLane, first: contact * count + 1, count: count)
    }
}
