import ArgumentParser
import ControlAPI
import ControlClient

struct ContactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact", abstract: "See contacts as segmentation sees them, and erase them.",
        subcommands: [Show.self, List.self, ContactEraseCommand.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one contact: fields, tags, orders, activity, segments, what is pending.",
            discussion: """
                Of each segment it says since when the contact has been in it without a break, and what made it enter; \
                of pending events, which segments the contact will enter or leave because of them, and when.

                  segmentctl contact show customer-17
                  segmentctl contact show customer-17 --segments-after "Recent customers"
                """)

        @OptionGroup var options: AudienceOptions

        @Argument(help: "The contact's id.")
        var id: String

        @Option(
            help: ArgumentHelp(
                "Show the segments after that one; a page has \(Bounds.contactSegmentsMax).", valueName: "segment"))
        var segmentsAfter: String?

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.contact(id, of: audience, segmentsAfter: segmentsAfter)) {
                contact in
                ContactText(contact: contact, width: Output.standard.columns, style: Output.standard.style).text
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List or search contacts in the order of their ids, a page at a time.",
            discussion: """
                With several searches, contacts that fit all of them are listed. Ids are compared byte by byte, e-mail \
                addresses whatever their case.

                  segmentctl contact list --limit 1000
                  segmentctl contact list --after customer-17
                  segmentctl contact list --id-prefix customer-1
                  segmentctl contact list --email-prefix anna@ --segment "Recent customers"
                """)

        @OptionGroup var options: AudienceOptions
        @OptionGroup var page: PageOptions

        @Option(help: ArgumentHelp("Only contacts whose id begins so.", valueName: "text"))
        var idPrefix: String?

        @Option(help: ArgumentHelp("Only contacts whose e-mail address begins so.", valueName: "text"))
        var emailPrefix: String?

        @Option(
            help: ArgumentHelp("Only members of that segment, by name or id.", valueName: "segment"),
            completion: .custom(NameCompletion.segments))
        var segment: String?

        func run() async throws {
            let audience = try await options.audienceID()
            let call = ControlCall.contacts(
                of: audience, limit: page.limit, after: page.after, idPrefix: idPrefix, emailPrefix: emailPrefix,
                segment: segment)
            try await options.connection.show(call) { answer in
                var table = Table([.text("CONTACT", shrinks: true), .text("E-MAIL", shrinks: true)])
                for contact in answer.contacts { table.add([contact.contact, contact.email ?? ""]) }
                return table.text(width: Output.standard.columns, style: Output.standard.style)
                    + PageOptions.footer(
                        shown: answer.contacts.count, of: answer.count, "contact", frontier: answer.frontier,
                        next: answer.next)
            }
        }
    }
}

/// Which page of a list.
struct PageOptions: ParsableArguments {
    @Option(help: "How many at most, up to \(Bounds.pageMax).")
    var limit: Int = Bounds.pageDefault

    @Option(help: ArgumentHelp("Only what comes after that id.", valueName: "id"))
    var after: String?

    func validate() throws {
        guard (1...Bounds.pageMax).contains(limit) else {
            throw ValidationError("--limit takes 1 to \(Bounds.pageMax); for all of them use export, or --after.")
        }
    }

    /// The line under a list: how much of it this is, and how to go on.
    static func footer(shown: Int, of count: Int, _ noun: String, frontier: String, next: String?) -> String {
        let part = shown == count ? "" : "\(Quantities.grouped(shown)) of "
        let onward = next.map { "; the next page: --after \(ShellWord.quoted(TextWidth.printable($0)))" } ?? ""
        return "\n\(part)\(Quantities.count(count, noun)) at \(frontier)\(onward)\n"
    }
}

/// Words for a shell to read.
enum ShellWord {
    /// The text in single quotes where a shell would otherwise take it apart.
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:@/".contains($0)) }
        guard !isPlain else { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
