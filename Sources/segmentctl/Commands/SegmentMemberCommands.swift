import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentMembersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List a segment's members in the order of their ids, a page at a time.",
        discussion: """
              segmentctl segment members s3 --limit 20
              segmentctl segment members s3 --after customer-17
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument
    @OptionGroup var page: PageOptions

    func run() async throws {
        let audience = try await options.audienceID()
        let call = ControlCall.members(of: argument.segment, in: audience, limit: page.limit, after: page.after)
        try await options.connection.show(call) { answer in
            answer.members.reduce("") { $0 + TextWidth.printable($1) + "\n" }
                + PageOptions.footer(
                    shown: answer.members.count, of: answer.count, "member", frontier: answer.frontier,
                    next: answer.next)
        }
    }
}
