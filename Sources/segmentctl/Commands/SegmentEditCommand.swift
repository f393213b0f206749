import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentEditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Change a segment's name, condition, description or mark: a new revision.",
        discussion: """
            What is not named stays; an empty description clears it. Shows first who would enter, leave and stay, here \
            and in segments that refer to it, and asks if members change; where nobody can be asked, --yes is needed \
            then. An edit that somebody else made in between is not overwritten.

              segmentctl segment edit s3 --name "Lapsed customers"
              segmentctl segment edit "Lapsed customers" --where @condition.json
              segmentctl segment edit s3 --where '{"tag": "vip"}' --automation --yes
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

    @Flag(inversion: .prefixedNo, help: "Whether automations may use the segment; its condition must be flat.")
    var automation: Bool?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func validate() throws {
        if name == nil, condition == nil, description == nil, automation == nil, parameters.assignments.isEmpty {
            throw ValidationError("Nothing to change: give --name, --where, --set, --description or --automation.")
        }
        if condition != nil, !parameters.assignments.isEmpty {
            throw ValidationError("A condition of your own has no parameters: give --where or --set.")
        }
    }

    func run() async throws {
        let definition = try condition.map(InputText.condition)
        let audience = try await options.audienceID()
        let call = ControlCall.difference(
            of: argument.segment, json: try patch(definition).bytes, in: audience)
        let editing = SegmentEditing(connection: options.connection, audience: audience, isConfirmed: yes)
        try await editing.run(call, did: "Edited") { difference in
            .editSegment(
                difference.segment.id, json: try patch(definition, seen: difference.revision).bytes, in: audience)
        }
    }

    private func patch(_ definition: JSONText?, seen revision: Int? = nil) throws -> JSONText {
        try .object([
            ("name", try name.map(JSONText.string)), ("where", definition),
            ("parameters", try parameters.json()), ("description", try description.map(JSONText.string)),
            ("automation", try automation.map(JSONText.boolean)), ("revision", try revision.map(JSONText.number)),
        ])
    }
}

/// How an edit goes: the difference first, a question if members change, then the edit.
struct SegmentEditing {
    let connection: ConnectionOptions
    let audience: String
    /// Whether `--yes` was given.
    let isConfirmed: Bool

    /// - Parameters:
    ///   - did: what the line about the result begins with.
    ///   - edit: the edit that was announced.
    func run(
        _ call: ControlCall<DifferenceAnswer>, did: String,
        edit: (DifferenceAnswer) throws -> ControlCall<SegmentAnswer>
    ) async throws {
        let difference = try await connection.client.answer(to: call)
        let isAsked = difference.changesMembers && !isConfirmed
        // With --json the answer alone goes to standard output; who is asked must see what about.
        if !connection.json {
            try write(difference, to: .standard)
        } else if isAsked, Output.error.isTerminal {
            try write(difference, to: .error)
        }
        if isAsked { try confirm(difference) }
        let sending = DefinitionSending(connection: connection, audience: audience)
        try await sending.send(try edit(difference), segment: difference.segment.name) { segment in
            SegmentText.line(segment, did: did) + DifferenceText.outcome(segment.change)
        }
    }

    private func write(_ difference: DifferenceAnswer, to output: Output) throws {
        try output.write(DifferenceText.text(difference, width: output.columns, style: output.style) + "\n")
    }

    private func confirm(_ difference: DifferenceAnswer) throws {
        let label = "\(difference.segment.id) \"\(difference.segment.name)\""
        try Confirmation.ask(
            "Save this as revision \(difference.revision + 1) of \(label)?",
            deed: "an edit of \(label) that changes members", refusal: "nothing was changed.")
    }
}
