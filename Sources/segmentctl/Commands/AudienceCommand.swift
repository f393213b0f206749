import ArgumentParser
import ControlAPI
import ControlClient

struct AudienceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audience",
        abstract: "Make, list and change audiences.",
        discussion: "An audience is a body of contacts with its own log, segments, time zone and currency.",
        subcommands: [Create.self, List.self, Show.self, Set.self, History.self])

    /// Settings that are optional in `create` and the only ones in `set`.
    struct Settings: ParsableArguments {
        @Option(help: ArgumentHelp("free, essentials, standard or premium.", valueName: "plan"))
        var plan: String?

        @Option(
            help: ArgumentHelp(
                "How long an event stays unseen: an ISO 8601 period in hours, minutes, seconds.", valueName: "period"))
        var visibilityDelay: String?

        @Option(
            name: .customLong("field"),
            help: ArgumentHelp(
                "The type of a custom field: text, number, boolean, date, instant or list.", valueName: "name=type"))
        var fields: [FieldDeclaration] = []

        @Option(
            name: .customLong("counted-status"),
            help: ArgumentHelp(
                "Orders of that status count. Repeat it: the list replaces the old.", valueName: "status"))
        var countedStatuses: [String] = []

        var declaredFields: [String: String]? {
            fields.isEmpty ? nil : Dictionary(fields.map { ($0.name, $0.type) }) { $1 }
        }

        var countedStatusList: [String]? { countedStatuses.isEmpty ? nil : countedStatuses }
    }
}

/// `NAME=TYPE` of `--field`.
struct FieldDeclaration: ExpressibleByArgument, Equatable {
    let name: String
    let type: String

    init?(argument: String) {
        guard let equals = argument.lastIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        type = String(argument[argument.index(after: equals)...])
        guard !type.isEmpty else { return nil }
    }
}

extension AudienceCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an audience.",
            discussion: """
                  segmentctl audience create shop --name "Shop" --timezone Europe/Paris --currency EUR
                  segmentctl audience create test --timezone UTC --currency USD --visibility-delay PT0S \\
                    --field points=number --field joined=date
                """)

        @OptionGroup var connection: ConnectionOptions

        @Argument(help: "Names the audience and its directory: small letters, digits and dashes.")
        var id: String

        @Option(help: "For people; the id if absent.")
        var name: String?

        @Option(help: ArgumentHelp("An IANA time zone, such as Europe/Paris.", valueName: "zone"))
        var timezone: String

        @Option(help: ArgumentHelp("An ISO 4217 currency, such as EUR.", valueName: "code"))
        var currency: String

        @OptionGroup var settings: Settings

        func run() async throws {
            let draft = AudienceDraft(
                id: id, name: name ?? id, timezone: timezone, currency: currency, plan: settings.plan,
                visibilityDelay: settings.visibilityDelay, countedStatuses: settings.countedStatusList,
                fields: settings.declaredFields)
            try await connection.show(.createAudience(draft)) { text($0, Output.standard.style) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the audiences.")

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await connection.show(.audiences) { answer in
                var table = Table([
                    .text("AUDIENCE"), .text("NAME", shrinks: true), .text("TIME ZONE"), .text("CURRENCY"),
                    .text("PLAN"), .number("CONTACTS"), .number("SEGMENTS"),
                ])
                for audience in answer.audiences {
                    table.add([
                        audience.id, audience.name, audience.timezone, audience.currency, audience.plan,
                        Quantities.grouped(audience.status.contacts), Quantities.grouped(audience.status.segments),
                    ])
                }
                return table.text(width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an audience's settings and how it stands.")

        @OptionGroup var connection: ConnectionOptions

        @Argument(completion: .custom(NameCompletion.audiences))
        var id: String

        func run() async throws {
            try await connection.show(.audience(id)) { text($0, Output.standard.style) }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an audience's settings.",
            discussion: """
                What is not named stays. A new visibility delay holds for events recorded from now on.

                  segmentctl audience set shop --visibility-delay PT30M --field points=number
                  segmentctl audience set shop --undeclare points
                """)

        @OptionGroup var connection: ConnectionOptions

        @Argument(completion: .custom(NameCompletion.audiences))
        var id: String

        @Option var name: String?

        @Option(help: ArgumentHelp("An IANA time zone, such as Europe/Paris.", valueName: "zone"))
        var timezone: String?

        @Option(help: ArgumentHelp("An ISO 4217 currency, such as EUR.", valueName: "code"))
        var currency: String?

        @OptionGroup var settings: Settings

        @Option(help: ArgumentHelp("Take a field's declaration back; may be repeated.", valueName: "name"))
        var undeclare: [String] = []

        func run() async throws {
            let patch = AudiencePatch(
                name: name, timezone: timezone, currency: currency, plan: settings.plan,
                visibilityDelay: settings.visibilityDelay, countedStatuses: settings.countedStatusList,
                fields: Self.fields(declared: settings.declaredFields, undeclared: undeclare))
            guard patch != AudiencePatch() else { throw ValidationError("Nothing to change: name a setting.") }
            try await connection.show(.changeAudience(id, patch)) { text($0, Output.standard.style) }
        }

        /// Declarations, and nil for those that are taken back; nil if none changes.
        static func fields(declared: [String: String]?, undeclared: [String]) -> [String: String?]? {
            let taken = Dictionary(undeclared.map { ($0, String?.none) }) { $1 }
            let fields = (declared ?? [:]).mapValues { Optional($0) }.merging(taken) { declared, _ in declared }
            return fields.isEmpty ? nil : fields
        }
    }

    static func text(_ audience: AudienceAnswer, _ style: Style) -> String {
        var facts = Facts()
        facts.add("Audience", audience.id)
        facts.add("Name", audience.name)
        facts.add("Time zone", audience.timezone)
        facts.add("Currency", audience.currency)
        facts.add("Plan", audience.plan)
        facts.add("Visibility delay", audience.visibilityDelay)
        facts.add("Counted statuses", audience.countedStatuses.joined(separator: ", "))
        let fields = audience.fields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        facts.add("Fields", fields.isEmpty ? nil : fields.joined(separator: ", "))
        facts.add("Contacts", Quantities.grouped(audience.status.contacts))
        facts.add("Segments", Quantities.grouped(audience.status.segments))
        facts.add("Events", Quantities.grouped(audience.status.lastSequence))
        facts.add("Pending", Quantities.grouped(audience.status.pending))
        for build in audience.status.builds { facts.add("Under way", BuildProgress.sentence(build)) }
        for rerun in audience.status.reruns { facts.add("Under way", RerunText.sentence(rerun)) }
        facts.add("Frontier", audience.status.frontier)
        return facts.text(style: style)
    }
}
