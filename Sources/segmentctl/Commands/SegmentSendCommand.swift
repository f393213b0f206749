import ArgumentParser
import ControlAPI
import ControlClient

struct SegmentSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Freeze a segment's subscribed contacts as the recipients of a campaign.",
        discussion: """
            The segment is brought to the newest frontier; its members that are subscribed (or have no status) and have \
            an e-mail address become a list that never changes. Nothing is mailed: the list is what the mail tool takes \
            (recipients export).

            A campaign has one list for ever. Sending the same segment for it again gives that list, however the segment \
            has changed; another segment is refused.

              segmentctl segment send VIP --campaign spring-sale
              segmentctl recipients export spring-sale --output spring-sale.csv
            """)

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument

    @Option(help: ArgumentHelp("The campaign's id in the mail tool.", valueName: "id"))
    var campaign: String

    func run() async throws {
        let audience = try await options.audienceID()
        // Only for the words: the answer is the same whether the list is new or not.
        let before = try? await options.client.answer(to: .recipientList(of: campaign, in: audience))
        try await options.connection.show(.send(argument.segment, campaign: campaign, in: audience)) { list in
            RecipientsText.sent(list, isNew: before == nil, style: Output.standard.style)
        }
    }
}

/// Recipient lists as text.
enum RecipientsText {
    static func sent(_ list: RecipientListAnswer, isNew: Bool, style: Style) -> String {
        let recipients = Quantities.count(list.recipients, "recipient")
        let head =
            isNew
            ? "Sent \"\(list.segment.name)\" (\(list.segment.id)) as \(list.campaign): \(recipients)"
            : "\(list.campaign) was sent already, at \(list.sentAt): the same \(recipients)"
        return TextWidth.printable(head) + "\n\n" + facts(list).text(style: style)
    }

    static func facts(_ list: RecipientListAnswer) -> Facts {
        var facts = Facts()
        facts.add("Campaign", list.campaign)
        facts.add("Segment", "\(list.segment.name) (\(list.segment.id)), revision \(list.revision)")
        facts.add("Sent", list.sentAt)
        facts.add("Members", Quantities.grouped(list.members))
        facts.add("Recipients", Quantities.grouped(list.recipients))
        facts.add("Not subscribed", Quantities.grouped(list.notSubscribed))
        facts.add("Without e-mail", Quantities.grouped(list.withoutEmail))
        facts.add("Digest", list.digest)
        facts.add("Frontier", list.frontier)
        return facts
    }

    static func table(_ page: RecipientListPageAnswer, width: Int?, style: Style) -> String {
        guard !page.lists.isEmpty else { return "Nothing was sent yet. See segmentctl segment send --help\n" }
        var table = Table([
            .text("CAMPAIGN", shrinks: true), .text("SEGMENT", shrinks: true), .number("REVISION"),
            .number("RECIPIENTS"), .text("SENT"),
        ])
        for list in page.lists {
            table.add([
                list.campaign, "\(list.segment.name) (\(list.segment.id))", String(list.revision),
                Quantities.grouped(list.recipients), list.sentAt,
            ])
        }
        let part = page.lists.count == page.count ? "" : "\(Quantities.grouped(page.lists.count)) of "
        let onward = page.next.map { "; the next page: --after \(ShellWord.quoted(TextWidth.printable($0)))" } ?? ""
        return table.text(width: width, style: style) + "\n\(part)\(Quantities.count(page.count, "list"))\(onward)\n"
    }

    static func comparison(_ comparison: RecipientComparisonAnswer, style: Style) -> String {
        let list = comparison.list
        var facts = Facts()
        facts.add("List", "\(list.campaign): \(Quantities.count(list.recipients, "recipient")) at \(list.frontier)")
        facts.add(
            "Segment",
            "\(comparison.segment.name) (\(comparison.segment.id)): \(Quantities.count(comparison.members, "member"))"
                + " at \(comparison.frontier)")
        facts.add("In both", Quantities.grouped(comparison.inBoth))
        facts.add("Only in the list", Quantities.grouped(comparison.onlyInList))
        facts.add(
            "Only in the segment",
            Quantities.grouped(comparison.onlyInSegment)
                + (comparison.onlyInSegment > 0
                    ? ", of whom \(Quantities.grouped(comparison.reachable)) could be sent to now" : ""))
        return facts.text(style: style)
            + sample("Only in the list", comparison.onlyInListSample, of: comparison.onlyInList, style)
            + sample("Only in the segment", comparison.onlyInSegmentSample, of: comparison.onlyInSegment, style)
    }

    private static func sample(_ title: String, _ contacts: [ContactLine], of count: Int, _ style: Style) -> String {
        guard !contacts.isEmpty else { return "" }
        let lines = contacts.map { contact in
            "  " + TextWidth.printable(contact.contact + (contact.email.map { "  " + $0 } ?? "")) + "\n"
        }
        let more = count > contacts.count ? "  … and \(Quantities.grouped(count - contacts.count)) more\n" : ""
        return "\n" + style.bold(title) + "\n" + lines.joined() + more
    }
}
