import ControlAPI
import ControlClient

/// How a definition is saved or edited: warnings or the difference first, progress while the daemon is at work, then its answer.
struct DefinitionSending {
    let connection: ConnectionOptions
    let audience: String

    /// Shows what is odd about a condition before it is saved; nothing with `--json`, which shows the answer alone.
    func warn(about condition: JSONText?) async throws {
        guard let condition else { return }
        try await warn(by: .object([("where", condition)]))
    }

    /// The same, by the request of a review.
    func warn(by request: JSONText) async throws {
        guard !connection.json else { return }
        do {
            let review = try await connection.client.answer(to: .review(json: request.bytes, in: audience))
            // What it is refused for is said when it is.
            let lints = review.lints.filter { $0.code != LintAnswer.missingCapability }
            try Output.standard.write(ReviewText.warnings(lints, style: Output.standard.style))
        } catch ControlClientError.problem {
            // Saving it will say the same.
        }
    }

    /// Sends the call and shows its answer. `segment` is the name under which the daemon lists its progress.
    func send(
        _ call: ControlCall<SegmentAnswer>, segment: String?, as text: (SegmentAnswer) -> String
    ) async throws {
        let client = connection.client
        let progress = BuildProgress(client: client, audience: audience, segment: segment ?? "", output: .error)
        let bytes = try await progress.during { try await client.bytes(of: call) }
        if connection.json {
            try Output.standard.write(bytes + [UInt8(ascii: "\n")])
        } else {
            try Output.standard.write(text(call.answer(from: bytes)))
        }
    }
}
