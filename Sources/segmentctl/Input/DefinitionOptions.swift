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

    @Option(help: "What the segment is for.")
    var description: String?

    @Flag(inversion: .prefixedNo, help: "Mark the segment for automations; its condition must be flat.")
    var automation: Bool?

    func validate() throws {
        if file != nil, name != nil || condition != nil || description != nil || automation != nil {
            throw ValidationError("A file has its own name, where and description: give the file or the options.")
        }
        if file == nil, condition == nil { throw ValidationError("Give a file, or --where.") }
    }

    /// The definitions as request bodies, in the order of the file.
    func drafts() throws -> [JSONText] {
        if let file {
            let text = try JSONText(InputText.read(file), name: file == "-" ? "standard input" : file)
            return try text.elements() ?? [text]
        }
        guard let condition else { return [] }
        return [
            try .object([
                ("name", try name.map(JSONText.string)), ("where", try InputText.condition(condition)),
                ("description", try description.map(JSONText.string)),
                ("automation", try automation.map(JSONText.boolean)),
            ])
        ]
    }
}
