import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Count and sample a condition without saving it, and say what is odd about it.",
        discussion: """
              segmentctl segment review --where '{"tag": "vip"}'
              segmentctl segment review --where @condition.json
              segmentctl segment review segments.json
              segmentctl segment review --prebuilt lapsed-customers --set months=6
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var definition: DefinitionOptions

    func run() async throws {
        let drafts = try definition.drafts()
        let audience = try await options.audienceID()
        for (index, draft) in drafts.enumerated() {
            if index > 0, !options.connection.json { try Output.standard.write("\n") }
            let request = try Self.request(for: draft)
            try await options.connection.show(.review(json: request.json.bytes, in: audience)) { review in
                ReviewText.text(review, name: request.name, style: Output.standard.style)
            }
        }
    }

    /// A review takes the condition, or the prebuilt segment and its parameters; what else a draft has is for saving.
    static func request(for draft: JSONText) throws -> (json: JSONText, name: String?) {
        let name = try draft.member("name").flatMap { try? WireCoding.decode(String.self, from: $0.bytes) }
        let kept = ["where", "prebuilt", "parameters"]
        let members = try kept.map { ($0, try draft.member($0)) }
        guard members.contains(where: { $0.0 != "parameters" && $0.1 != nil }) else { return (draft, name) }
        return (try .object(members), name)
    }
}

struct SegmentSaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Save a segment, or several from one file.",
        discussion: """
            Several are saved one after the other; the first that is refused ends the command, the ones before it stay \
            saved. What is odd about a condition is said as a warning; it is saved all the same.

              segmentctl segment save --name VIP --where '{"tag": "vip"}'
              segmentctl segment save --name "Big spenders" --where @big.json
              segmentctl segment save segments.json
              segmentctl segment save --prebuilt lapsed-customers --set months=6 --name "Lapsed half a year"
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var definition: DefinitionOptions

    func validate() throws {
        if definition.file == nil, definition.name == nil {
            throw ValidationError("A segment is saved under a name: give --name.")
        }
    }

    func run() async throws {
        let drafts = try definition.drafts()
        let audience = try await options.audienceID()
        let sending = DefinitionSending(connection: options.connection, audience: audience)
        for (index, draft) in drafts.enumerated() {
            do {
                let (request, name) = try SegmentReviewCommand.request(for: draft)
                try await sending.warn(by: request)
                try await sending.send(.saveSegment(json: draft.bytes, in: audience), segment: name) { segment in
                    SegmentText.line(segment, did: "Saved")
                }
            } catch let error as ControlClientError where drafts.count > 1 {
                let failure = Failure(error)
                let state = "This was definition \(index + 1) of \(drafts.count); the ones before it are saved."
                throw Failure(failure.message, hints: failure.hints + [state], exitCode: failure.exitCode)
            }
        }
    }
}
