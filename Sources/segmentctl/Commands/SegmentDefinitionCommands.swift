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

struct SegmentEditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change a segment's name, condition or description: a new revision.",
        discussion: """
            What is not named stays; an empty description clears it.

              segmentctl segment edit s3 --name "Lapsed customers"
              segmentctl segment edit "Lapsed customers" --where @condition.json
              segmentctl segment edit recent-customers --set days=45
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument

    @Option(help: "The new name.")
    var name: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("The new condition: JSON, @FILE, or - for standard input.", valueName: "json"))
    var condition: String?

    @Option(help: "What the segment is for.")
    var description: String?

    @OptionGroup var parameters: ParameterOptions

    func validate() throws {
        if name == nil, condition == nil, description == nil, parameters.assignments.isEmpty {
            throw ValidationError("Nothing to change: give --name, --where, --set or --description.")
        }
        if condition != nil, !parameters.assignments.isEmpty {
            throw ValidationError("A condition of your own has no parameters: give --where or --set.")
        }
    }

    func run() async throws {
        let definition = try condition.map(InputText.condition)
        let patch = try JSONText.object([
            ("name", try name.map(JSONText.string)), ("where", definition), ("parameters", try parameters.json()),
            ("description", try description.map(JSONText.string)),
        ])
        let audience = try await options.audienceID()
        let before = try await options.client.answer(to: .segment(argument.segment, of: audience))
        let sending = DefinitionSending(connection: options.connection, audience: audience)
        try await sending.warn(about: definition, editing: before.id)
        let call = ControlCall.editSegment(argument.segment, json: patch.bytes, in: audience)
        try await sending.send(call, segment: before.name) { segment in
            let line = SegmentText.line(segment, did: "Edited")
            return definition == nil && parameters.assignments.isEmpty
                ? line : line + "It had \(Quantities.count(before.count, "member")) before.\n"
        }
    }
}

struct SegmentDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a segment. Its contacts stay.",
        discussion: """
            Asks first; where nobody can be asked, --yes is needed. A segment that others refer to is not deleted.

              segmentctl segment delete s3
              segmentctl segment delete "Lapsed customers" --yes
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        let audience = try await options.audienceID()
        let segment = try await options.client.answer(to: .segment(argument.segment, of: audience))
        let label = TextWidth.printable("\(segment.id) \"\(segment.name)\"")
        if !yes { try confirm(label, members: segment.count) }
        try await options.client.answer(to: .deleteSegment(segment.id, in: audience))
        if !options.connection.json { try Output.standard.write(line: "Deleted \(label).") }
    }

    private func confirm(_ label: String, members: Int) throws {
        guard Output(descriptor: 0).isTerminal, Output.error.isTerminal else {
            throw Failure("deleting \(label) needs --yes where nobody can be asked.", exitCode: .usage)
        }
        let question = "Delete \(label) with \(Quantities.count(members, "member"))? The contacts stay. [y/N] "
        try Output.error.write(question)
        guard ["y", "yes"].contains(readLine()?.lowercased() ?? "") else {
            throw Failure("nothing was deleted.", exitCode: .no)
        }
    }
}
