import ArgumentParser
import ControlAPI
import ControlClient

struct RecipientsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipients",
        abstract: "See and export the recipient lists that segments were frozen to.",
        discussion: """
            A list is made by segment send and named by its campaign. It outlives changes and the end of its segment.
            """,
        subcommands: [List.self, Show.self, Export.self, Compare.self])

    /// A campaign as the argument of a command.
    struct CampaignArgument: ParsableArguments {
        @Argument(help: "The campaign's id.", completion: .custom(NameCompletion.campaigns))
        var campaign: String
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List recipient lists, the newest first.",
            discussion: """
                  segmentctl recipients list
                  segmentctl recipients list --segment VIP --limit 5
                """)

        @OptionGroup var options: AudienceOptions

        @Option(help: "Only lists of that segment.", completion: .custom(NameCompletion.segments))
        var segment: String?

        @Option(help: "How many at most, up to \(Bounds.pageMax).")
        var limit: Int = Bounds.pageDefault

        @Option(help: ArgumentHelp("Only what was sent before that campaign.", valueName: "campaign"))
        var after: String?

        func validate() throws {
            guard (1...Bounds.pageMax).contains(limit) else {
                throw ValidationError("--limit takes 1 to \(Bounds.pageMax); go on with --after.")
            }
        }

        func run() async throws {
            let audience = try await options.audienceID()
            let call = ControlCall.recipientLists(of: audience, segment: segment, limit: limit, after: after)
            try await options.connection.show(call) {
                RecipientsText.table($0, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a recipient list: of which segment, when, how many, who was left out.",
            discussion: "  segmentctl recipients show spring-sale")

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: CampaignArgument

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.recipientList(of: argument.campaign, in: audience)) {
                RecipientsText.facts($0).text(style: Output.standard.style)
            }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all recipients of a list, contact and e-mail address, as CSV or NDJSON.",
            discussion: """
                With --output the file appears under its name only when it is complete.

                  segmentctl recipients export spring-sale --output spring-sale.csv
                """)

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: CampaignArgument
        @OptionGroup var rows: RowOutputOptions

        func run() async throws {
            let audience = try await options.audienceID()
            let (client, campaign) = (options.client, argument.campaign)
            try await rows.output("recipient", json: options.connection.json).run { output in
                try await client.withRecipients(of: campaign, in: audience, format: output.format) {
                    try await output.receive($0)
                }
            }
        }
    }

    struct Compare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare a recipient list with its segment as it is now.",
            discussion: """
                Only in the list: who has left the segment since. Only in the segment: who has entered since, and members \
                who were not subscribed or had no e-mail address.

                  segmentctl recipients compare spring-sale
                """)

        @OptionGroup var options: AudienceOptions
        @OptionGroup var argument: CampaignArgument

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.recipientComparison(of: argument.campaign, in: audience)) {
                RecipientsText.comparison($0, style: Output.standard.style)
            }
        }
    }
}
