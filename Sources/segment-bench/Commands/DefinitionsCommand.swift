import ArgumentParser

/// `segment-bench definitions`: definitions for a generated shop.
struct DefinitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "definitions", abstract: "Writes definitions that suit a shop of `segment-replay generate`.",
        discussion: """
            A JSON array of {"name", "where"} on standard output: fields, tags, purchases and campaigns, whole lives and
            moving windows, in all combinations. The same options give the same definitions.

              segment-bench definitions --count 100 > segments.json
              segment-bench definitions --count 10 --skip 100 > reviews.json
            """)

    @Option(help: ArgumentHelp("How many.", valueName: "n"))
    var count = 100

    @Option(help: ArgumentHelp("Leave out so many first.", valueName: "n"))
    var skip = 0

    func run() {
        let lines = (skip..<skip + count).map { number in
            "{\"name\":\"s\(number + 1)\",\"where\":\(GeneratedDefinition(number: number).text)}"
        }
        Output.write("[\n" + lines.joined(separator: ",\n") + "\n]\n")
    }

    func validate() throws {
        guard count > 0, skip >= 0 else { throw ValidationError("--count is at least 1, --skip at least 0.") }
    }
}
