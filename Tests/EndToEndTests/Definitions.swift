import ControlAPI
import Testing

/// Answers of `segment-replay evaluate`, by instant and segment.
struct Evaluation {
    /// One line of its output.
    struct Line: Decodable {
        let asOf: String
        let segment: String
        let count: Int
        let members: [String]
    }

    let lines: [Line]

    /// Evaluates the definitions of a file over the events of another.
    static func run(
        events: String, segments: String, asOf instants: [String], options: [String]
    ) async throws -> Evaluation {
        let instants = instants.flatMap { ["--as-of", $0] }
        let finished = try await Program.replay.run(
            ["evaluate", "--events", events, "--segments", segments, "--members", "--strict"] + instants + options
        ).succeeded()
        return Evaluation(
            lines: try finished.lines.map { try WireCoding.decode(Line.self, from: Array($0.utf8)) })
    }

    /// The members of a segment at an instant.
    func members(of segment: String, at instant: String) throws -> [String] {
        try #require(lines.first { $0.segment == segment && $0.asOf == instant }).members
    }
}

extension RunningDaemon {
    /// All members of a segment as the client exports them, and the frontier they are of.
    func export(_ segment: String) async throws -> (frontier: String, members: [String]) {
        let file = home.path("export.ndjson")
        let finished = try await control(
            "segment", "export", segment, "--format", "ndjson", "--output", file
        ).succeeded()
        let words = finished.errors.split(separator: " ")
        let at = try #require(words.firstIndex(of: "at"), "\(finished)")
        let members = try Files.text(file).split(separator: "\n").map {
            try WireCoding.decode(ContactLine.self, from: Array($0.utf8)).contact
        }
        return (String(words[at + 1]), members)
    }

    /// Imports a file; returns what the client says of it.
    @discardableResult
    func importEvents(_ file: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> IngestAnswer {
        try await answer(IngestAnswer.self, "event", "import", file, sourceLocation: sourceLocation)
    }

    /// How the only audience stands.
    func standing() throws -> AudienceStatusAnswer {
        try #require(try RawConnection.status(at: home.socket).audiences.first)
    }

    /// Returns when every event of the log is part of the answers.
    func untilAllIsApplied() async throws {
        while true {
            let standing = try standing()
            guard standing.appliedSequence < standing.lastSequence else { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Returns when nothing is pending.
    func untilNothingIsPending() async throws {
        while try standing().pending > 0 { try await Task.sleep(for: .milliseconds(20)) }
    }
}
