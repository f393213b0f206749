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
/// the first has other steps than events.
struct Ledger: Codable, Sendable {
    struct Entry: Codable, Sendable {
        var step: Step
        var outcome: Outcome
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
            guard case .events(_, _, let count) = entry.step else { continue }
            if entry.outcome == .acknowledged { counts.acknowledged += count }
            if entry.outcome == .doubtful { counts.doubtful += count }
        }
        return counts
    }
}
