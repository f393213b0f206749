import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all members of a segment as CSV or NDJSON.",
        discussion: """
            All rows are of one frontier. With --output the file appears under its name only when it is complete, also \
            when the export is interrupted.

            COLUMNS
              contact                        the contact's id
              email status rating vip language country region city zip latitude longitude signupSource signedUpAt
              birthday emailDomain firstSeenAt
              tags                           all tags
              fields.NAME                    a custom field
              orders.count orders.total orders.netTotal orders.average orders.largest orders.smallest
              orders.quantity orders.products orders.first orders.last
                                             as conditions take them; amounts in the audience's currency

            In CSV tags and lists are joined by semicolons, and text that a spreadsheet would take for a formula (it \
            begins with = + - @, a tab or a carriage return) gets an apostrophe in front. NDJSON is exact.

              segmentctl segment export s3 > members.csv
              segmentctl segment export VIP --format ndjson --output vip.ndjson
              segmentctl segment export VIP --columns contact,email,fields.plan,tags,orders.total,orders.last
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument
    @OptionGroup var rows: RowOutputOptions

    @Option(
        help: ArgumentHelp("The columns, separated by commas; contact,email if absent.", valueName: "names"),
        transform: Self.names)
    var columns: [String]?

    private static func names(_ argument: String) throws -> [String] {
        argument.split(separator: ",", omittingEmptySubsequences: false).map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    func run() async throws {
        let audience = try await options.audienceID()
        let (client, segment, columns) = (options.client, argument.segment, columns)
        try await rows.output("member", json: options.connection.json).run { output in
            try await client.withMembers(of: segment, in: audience, columns: columns, format: output.format) {
                try await output.receive($0)
            }
        }
    }
}
