import ArgumentParser
import ControlAPI
import ControlClient
import SegmentModel

struct SegmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Review, save and edit segments; see who is in them and why.",
        discussion: """
            A saved segment is named by its id (s3) or its name. Conditions are JSON; segmentctl help conditions has all of \
            them:

              {"all": [{"tag": "vip"}, {"activity": "order", "within": {"last": "P60D"}}]}
            """,
        subcommands: [
            SegmentListCommand.self, SegmentShowCommand.self, SegmentReviewCommand.self, SegmentSaveCommand.self,
            SegmentEditCommand.self, SegmentDeleteCommand.self, SegmentMembersCommand.self,
            SegmentExportCommand.self, SegmentExplainCommand.self, SegmentSendCommand.self,
            SegmentRevisionCommand.self, SegmentRerunCommand.self,
        ])
}

/// A saved segment as the argument of a command.
struct SegmentArgument: ParsableArguments {
    @Argument(help: "The segment's id or name.", completion: .custom(NameCompletion.segments))
    var segment: String
}

struct SegmentListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the saved segments.",
        discussion: """
              segmentctl segment list --sort members --reverse
              segmentctl segment list --filter lapsed
              segmentctl segment list --automation
              segmentctl segment list --sort sent --reverse
            """)

    enum Order: String, CaseIterable, ExpressibleByArgument {
        case name
        case members
        case created
        case changed
        case sent
    }

    @OptionGroup var options: AudienceOptions

    @Option(help: "By name, members, created, changed, or when they were last sent.")
    var sort = Order.name

    @Flag(help: "The other way round.")
    var reverse = false

    @Option(help: "Only segments with this text in their name or description, in whatever case.")
    var filter: String?

    @Flag(help: "Only segments that are marked for automations.")
    var automation = false

    func run() async throws {
        let audience = try await options.audienceID()
        let client = options.client
        if options.connection.json {
            return try await options.connection.show(.segments(of: audience)) { _ in "" }
        }
        let contacts = try await client.answer(to: .audience(audience)).status.contacts
        let answer = try await client.answer(to: .segments(of: audience))
        try Output.standard.write(
            Self.text(
                sorted(answer.segments), filter: filter, automation: automation, contacts: contacts,
                frontier: answer.frontier, width: Output.standard.columns, style: Output.standard.style))
    }

    private func sorted(_ segments: [SegmentAnswer]) -> [SegmentAnswer] {
        let ordered =
            switch sort {
            // The daemon has them in the order of names.
            case .name: segments
            case .members: segments.sorted { $0.count < $1.count }
            case .created: segments.sorted { $0.createdAt < $1.createdAt }
            case .changed: segments.sorted { $0.changedAt < $1.changedAt }
            // Those that were never sent come before the others.
            case .sent: segments.sorted { ($0.lastSent?.sentAt ?? "") < ($1.lastSent?.sentAt ?? "") }
            }
        return reverse ? ordered.reversed() : ordered
    }

    static func text(
        _ all: [SegmentAnswer], filter: String? = nil, automation: Bool = false, contacts: Int, frontier: String,
        width: Int?, style: Style
    ) -> String {
        guard !all.isEmpty else { return "No segment yet. Save one: segmentctl segment save --help\n" }
        let segments = all.filter { $0.contains(filter) && ($0.automation || !automation) }
        guard !segments.isEmpty else {
            let wanted = [
                automation ? "is marked for automations" : nil,
                filter == nil ? nil : "has that text in its name or description",
            ]
            let reason = wanted.compactMap { $0 }.joined(separator: " and ")
            return "None of \(Quantities.count(all.count, "segment")) \(reason).\n"
        }
        // Columns that would be empty are left out.
        let isAnySent = segments.contains { $0.lastSent != nil }
        let isAnyAutomated = segments.contains(where: \.automation)
        var table = Table(
            [
                .text("ID"), .text("NAME", shrinks: true), .number("MEMBERS"), .number("SHARE"), .number("REVISION"),
                .text("CHANGED"),
            ] + (isAnySent ? [.text("LAST SENT")] : []) + (isAnyAutomated ? [.text("AUTOMATION")] : []))
        for segment in segments {
            let share = contacts > 0 ? Quantities.percent(Double(segment.count) / Double(contacts)) : "–"
            table.add(
                [
                    segment.id, segment.name + (segment.isPrebuilt ? " (prebuilt)" : ""),
                    Quantities.grouped(segment.count), share, String(segment.revision), segment.changedAt,
                ] + (isAnySent ? [segment.lastSent?.sentAt ?? "–"] : [])
                    + (isAnyAutomated ? [segment.automation ? "yes" : ""] : []))
        }
        return table.text(width: width, style: style)
            + "\n\(segments.count < all.count ? "\(Quantities.grouped(segments.count)) of " : "")"
            + "\(Quantities.count(all.count, "segment")) over "
            + "\(Quantities.count(contacts, "contact")) at \(frontier)\n"
    }
}

extension SegmentAnswer {
    var isPrebuilt: Bool { kind == Self.prebuilt }

    /// Whether the text stands in the name or the description; always without a text.
    fileprivate func contains(_ filter: String?) -> Bool {
        guard let filter = filter?.lowercased() else { return true }
        return [name, description ?? ""].contains { $0.lowercased().contains(filter) }
    }
}

struct SegmentShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a segment: its condition as a sentence and as JSON, its size.",
        discussion: "  segmentctl segment show \"Lapsed big spenders\"")

    @OptionGroup var options: AudienceOptions
    @OptionGroup var argument: SegmentArgument

    func run() async throws {
        let audience = try await options.audienceID()
        try await options.connection.show(.segment(argument.segment, of: audience)) { segment in
            SegmentText.text(segment, style: Output.standard.style)
        }
    }
}

/// One saved segment as text.
enum SegmentText {
    static func text(_ segment: SegmentAnswer, style: Style) -> String {
        var facts = Facts()
        facts.add("Segment", "\(segment.name) (\(segment.id))")
        facts.add("For", segment.description)
        facts.add("Who", segment.sentence)
        facts.add("Made of", origin(of: segment))
        facts.add("Found", fit(of: segment))
        facts.add("Members", Quantities.grouped(segment.count))
        facts.add("Automations", segment.automation ? "may use it" : nil)
        facts.add("Revision", "\(segment.revision), of \(segment.changedAt)")
        facts.add("Created", segment.createdAt)
        facts.add("Last sent", segment.lastSent.map(sent))
        facts.add("Frontier", segment.frontier)
        return facts.text(style: style) + "\n" + segment.where.value.prettyText + "\n"
    }

    /// `prebuilt segment recent-customers, version 1, days=45`
    private static func origin(of segment: SegmentAnswer) -> String? {
        guard let origin = segment.origin else { return nil }
        let parameters = origin.parameters.sorted { $0.key < $1.key }.map { ", \($0.key)=\($0.value)" }
        return "prebuilt segment \(origin.template), version \(origin.version)" + parameters.joined()
    }

    /// `threshold 120.5 at 2026-03-01T00:00:00Z`
    private static func fit(of segment: SegmentAnswer) -> String? {
        guard let fit = segment.fit else { return nil }
        guard let foundAt = fit.foundAt, !fit.values.isEmpty else { return "nothing yet: there are no customers" }
        let values = fit.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return values.joined(separator: ", ") + " at \(foundAt)"
    }

    /// `2026-03-01T10:00:00Z as spring-sale to 1,200 recipients`
    private static func sent(_ last: LastSentAnswer) -> String {
        "\(last.sentAt) as \(last.campaign) to \(Quantities.count(last.recipients, "recipient"))"
    }

    /// One line for a segment that was just saved or edited.
    static func line(_ segment: SegmentAnswer, did: String) -> String {
        let members = Quantities.count(segment.count, "member")
        return TextWidth.printable(
            "\(did) \(segment.id) \"\(segment.name)\", revision \(segment.revision): \(members) at \(segment.frontier)")
            + "\n"
    }
}
