import ArgumentParser
import ControlAPI
import ControlClient
import SegmentModel

struct PrebuiltCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prebuilt",
        abstract: "See the prebuilt segments and their parameters.",
        discussion: """
            Every audience has each prebuilt segment under its name; conditions may refer to it, and its parameters can be \
            changed. Segments of your own can be made of it with other parameters.

              segmentctl segment show recent-customers
              segmentctl segment edit recent-customers --set days=45
              segmentctl segment save --prebuilt lapsed-customers --set months=6 --name "Lapsed half a year"
            """,
        subcommands: [List.self, Show.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the prebuilt segments with their parameters.", discussion: "  segmentctl prebuilt list")

        @OptionGroup var options: AudienceOptions

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.prebuilt(of: audience)) { list in
                PrebuiltText.list(list.prebuilt, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one prebuilt segment: what it selects, its parameters and their bounds.",
            discussion: "  segmentctl prebuilt show lapsed-customers")

        @OptionGroup var options: AudienceOptions

        @Argument(help: "Its name.", completion: .custom(NameCompletion.prebuilt))
        var name: String

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.prebuilt(name, of: audience)) { prebuilt in
                PrebuiltText.text(prebuilt, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }
}

/// Templates as text.
enum PrebuiltText {
    static func list(_ all: [PrebuiltAnswer], width: Int?, style: Style) -> String {
        guard !all.isEmpty else {
            return "The daemon has no prebuilt segments: see prebuiltDirectory in its configuration.\n"
        }
        var table = Table([
            .text("NAME"), .number("VERSION"), .number("MEMBERS"), .text("PARAMETERS", shrinks: true),
            .text("WHO", shrinks: true),
        ])
        for prebuilt in all {
            table.add([
                prebuilt.name, String(prebuilt.version), prebuilt.segment.map { Quantities.grouped($0.count) } ?? "–",
                parameters(prebuilt), prebuilt.segment?.sentence ?? prebuilt.description,
            ])
        }
        return table.text(width: width, style: style)
    }

    /// `days=30 share=0.1`, as the audience's own segment has them.
    private static func parameters(_ prebuilt: PrebuiltAnswer) -> String {
        prebuilt.parameters
            .map { "\($0.name)=\(prebuilt.segment?.origin?.parameters[$0.name] ?? $0.default)" }
            .joined(separator: " ")
    }

    static func text(_ prebuilt: PrebuiltAnswer, width: Int?, style: Style) -> String {
        var facts = Facts()
        facts.add("Prebuilt", "\(prebuilt.title) (\(prebuilt.name)), version \(prebuilt.version)")
        facts.add("For", prebuilt.segment?.description ?? prebuilt.description)
        facts.add("Who", prebuilt.segment?.sentence)
        facts.add("Members", prebuilt.segment.map { Quantities.grouped($0.count) })
        facts.add("Segment", prebuilt.segment?.id ?? "none: another segment had that name before")
        facts.add("Frontier", prebuilt.segment?.frontier)
        var text = facts.text(style: style)
        if !prebuilt.parameters.isEmpty { text += "\n" + table(prebuilt, width: width, style: style) }
        return text + "\n" + prebuilt.where.value.prettyText + "\n"
    }

    private static func table(_ prebuilt: PrebuiltAnswer, width: Int?, style: Style) -> String {
        var table = Table([
            .text("PARAMETER"), .text("TYPE"), .number("NOW"), .number("DEFAULT"), .number("FROM"), .number("TO"),
            .text("MEANING", shrinks: true),
        ])
        for parameter in prebuilt.parameters {
            table.add([
                parameter.name, parameter.type,
                prebuilt.segment?.origin?.parameters[parameter.name] ?? "–", parameter.default, parameter.minimum,
                parameter.maximum, parameter.meaning,
            ])
        }
        return table.text(width: width, style: style)
    }
}
