/// What a client asks of a daemon, or an operator does to it.
enum Step: Codable, Equatable, Sendable {
    /// Makes the audience.
    case create
    /// Hands in a batch of a lane's events, numbered from `first`.
    case events(lane: Int, first: Int, count: Int)
    /// Saves or edits a segment, with one of the shop's conditions.
    case save(name: String, condition: Int)
    case edit(name: String, condition: Int)
    case delete(name: String)
    case send(segment: String, campaign: String)
    /// Erases a contact of `Shop.erasable`, after its events.
    case erase(contact: Int)
    /// Works off the erasures that are visible.
    case pass
    /// Stops the daemon in an orderly way and starts it again.
    case restart
}

/// What is known of a step afterwards.
enum Outcome: String, Codable, Sendable {
    /// Answered for: it must be there.
    case acknowledged
    /// Asked for, and not answered, or with an error: it may be there, as a whole.
    case doubtful
    /// Never asked for: it must not be there.
    case unsent
}

/// Everything that was asked of one audience. Steps of a lane came one after the other, lanes beside each other; only
/// the first makes and defines anything, and only one erases.
struct Ledger: Codable, Sendable {
    struct Entry: Codable, Sendable {
        var step: Step
        var outcome: Outcome
        /// Of a pass that was answered for: how many erasures it worked off.
        var workedOff = 0
    }

    var lanes: [[Entry]]

    /// The steps of one lane, none of them sent.
    init(_ steps: [Step]) {
        lanes = [steps.map { Entry(step: $0, outcome: .unsent) }]
    }

    init(laneCount: Int) {
        lanes = Array(repeating: [], count: laneCount)
    }

    /// Whether the audience must be there.
    var isCreated: Bool {
        lanes[0].contains { $0.step == .create && $0.outcome == .acknowledged }
    }

    /// Events that were acknowledged, and those that may be there besides.
    var eventCounts: (acknowledged: Int, doubtful: Int) {
        var counts = (acknowledged: 0, doubtful: 0)
        for entry in lanes.joined() {
            if entry.outcome == .acknowledged { counts.acknowledged += entry.step.eventCount }
            if entry.outcome == .doubtful { counts.doubtful += entry.step.eventCount }
        }
        return counts
    }

    /// Contacts of which an answered pass has left nothing: passes work erasures off in the order of the log.
    var forgotten: Set<Int> {
        let workedOff = lanes.joined().reduce(0) { $0 + $1.workedOff }
        var forgotten: Set<Int> = []
        var erasures = 0
        for entry in lanes.joined() where entry.outcome != .unsent {
            guard case .erase(let contact) = entry.step else { continue }
            erasures += 1
            if entry.outcome == .acknowledged, erasures <= workedOff { forgotten.insert(contact) }
        }
        return forgotten
    }
}

extension Step {
    /// How many events the log has of it.
    var eventCount: Int {
        switch self {
        case .events(_, _, let count): count
        case .erase: 1
        default: 0
        }
    }
}
