import ArgumentParser

/// Segment definitions, from options or from a file.
struct DefinitionOptions: ParsableArguments {
    @Argument(
        help: """
            A file with {"name", "where", "description", "automation"}, or a list of such objects; - is standard input.
            """,
        completion: .file(extensions: ["json"]))
    var file: String?

    @Option(help: "The name of the segment.")
    var name: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("The condition: JSON, @FILE, or - for standard input.", valueName: "json"))
    var condition: String?

    @Option(
        help: ArgumentHelp("A prebuilt segment to make it of, in place of a condition.", valueName: "prebuilt"),
        completion: .custom(NameCompletion.prebuilt))
    var prebuilt: String?

    @OptionGroup var parameters: ParameterOptions

    @Option(help: "What the segment is for.")
    var description: String?

    @Flag(inversion: .prefixedNo, help: "Mark the segment for automations; its condition must be flat.")
    var automation: Bool?

    func validate() throws {
        if file != nil, name != nil || condition != nil || description != nil || automation != nil {
            throw ValidationError("A file has its own name, where and description: give the file or the options.")
        }
        if file != nil, prebuilt != nil {
            throw ValidationError("A file has its own definitions: give the file or --prebuilt.")
        }
        if file == nil, condition == nil, prebuilt == nil {
            throw ValidationError("Give a file, --where or --prebuilt.")
        }
        if condition != nil, prebuilt != nil {
            throw ValidationError("A prebuilt segment has its own condition: give --where or --prebuilt.")
        }
        if prebuilt == nil, !parameters.assignments.isEmpty {
            throw ValidationError("--set is for a parameter of a prebuilt segment: give --prebuilt.")
        }
    }

    /// The definitions as request bodies, in the order of the file.
    func drafts() throws -> [JSONText] {
        if let file {
            let text = try JSONText(InputText.read(file), name: file == "-" ? "standard input" : file)
            return try text.elements() ?? [text]
        }
        return [
            try .object([
                ("name", try name.map(JSONText.string)), ("where", try condition.map(InputText.condition)),
                ("prebuilt", try prebuilt.map(JSONText.string)), ("parameters", try parameters.json()),
                ("description", try description.map(JSONText.string)),
                ("automation", try automation.map(JSONText.boolean)),
            ])
        ]
    }
}
