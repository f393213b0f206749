import ArgumentParser
import ControlAPI
import ControlClient

struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "Hand events in, and see which are not yet visible.",
        subcommands: [EventImportCommand.self, EventMappingCommand.self, Pending.self])

    struct Pending: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List events that are stored and not yet part of any answer, and what they will do.",
            discussion: """
                What they will do is found out by going on with them, and with time until the last of them is visible: \
                it is what will happen if nothing else comes. With --forecast it is shown alone, minute by minute; \
                with --json too, that is what is written.

                  segmentctl event pending --limit 20
                  segmentctl event pending --forecast
                  segmentctl event pending --forecast --json
                """)

        @OptionGroup var options: AudienceOptions

        @Option(help: "How many at most, up to \(Bounds.pageMax).")
        var limit: Int = Bounds.pageDefault

        @Flag(help: "Show alone what the pending events will do to segments, and when.")
        var forecast = false

        func validate() throws {
            guard (1...Bounds.pageMax).contains(limit) else {
                throw ValidationError("--limit takes 1 to \(Bounds.pageMax).")
            }
        }

        func run() async throws {
            let audience = try await options.audienceID()
            if forecast {
                try await options.connection.show(.forecast(of: audience, limit: limit)) { forecast in
                    ForecastText(forecast: forecast, width: Output.standard.columns, style: Output.standard.style).text
                }
                return
            }
            try await options.connection.show(.pending(of: audience, limit: limit)) { pending in
                PendingText.text(pending, width: Output.standard.columns, style: Output.standard.style)
            }
            guard !options.connection.json else { return }
            let forecast = try await options.client.answer(to: .forecast(of: audience, limit: 1))
            try Output.standard.write(
                ForecastText(forecast: forecast, width: Output.standard.columns, style: Output.standard.style).totals)
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
