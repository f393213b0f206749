import ArgumentParser
import ControlAPI
import ControlClient

struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Hand events in, and see which are not yet visible.",
        subcommands: [EventImportCommand.self, EventMappingCommand.self, Pending.self])

    struct Pending: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List events that are stored and not yet part of any answer.",
            discussion: "  segmentctl event pending --limit 20")

        @OptionGroup var options: AudienceOptions

        @Option(help: "How many at most, up to \(Bounds.pageMax).")
        var limit: Int = Bounds.pageDefault

        func validate() throws {
            guard (1...Bounds.pageMax).contains(limit) else {
                throw ValidationError("--limit takes 1 to \(Bounds.pageMax).")
            }
        }

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.pending(of: audience, limit: limit)) { pending in
                PendingText.text(pending, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }
}

/// Events that are not yet visible, as text.
enum PendingText {
    static func text(_ pending: PendingAnswer, width: Int?, style: Style) -> String {
        var facts = Facts()
        facts.add("Pending", Quantities.count(pending.count, "event"))
        facts.add("Next visible", pending.nextVisibleAt.map { Spans.dated($0, now: pending.frontier) })
        facts.add("All visible", pending.lastVisibleAt.map { Spans.dated($0, now: pending.frontier) })
        facts.add("Frontier", pending.frontier)
        guard !pending.events.isEmpty else { return facts.text(style: style) }
        let more = pending.count - pending.events.count
        return facts.text(style: style) + "\n"
            + table(pending.events, now: pending.frontier).text(width: width, style: style)
            + (more > 0 ? "… and \(Quantities.grouped(more)) more\n" : "")
    }

    static func table(_ events: [PendingEventAnswer], now: String) -> Table {
        var table = Table([
            .number("SEQUENCE"), .text("TYPE"), .text("CONTACT", shrinks: true), .text("VISIBLE"),
            .text("", shrinks: true),
            .text("SOURCE", shrinks: true), .text("ID", shrinks: true),
        ])
        for event in events {
            table.add([
                Quantities.grouped(event.sequence), event.type, event.contact ?? "", event.visibleAt,
                Spans.relation(of: event.visibleAt, to: now) ?? "", event.source, event.id,
            ])
        }
        return table
    }
}
