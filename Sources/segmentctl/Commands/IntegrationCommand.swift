import ArgumentParser
import ControlAPI
import ControlClient

struct IntegrationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "integration", abstract: "See which shops and mail tools send an audience's events.",
        subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the integrations: platform, stores, what they offer, since when or from when on.",
            discussion: """
                A condition that filters by vendor needs “vendor” from one that is connected, one that counts orders \
                “orderCount”. An integration counts, as every event does, once it is visible.

                  segmentctl integration list
                """)

        @OptionGroup var options: AudienceOptions

        func run() async throws {
            let audience = try await options.audienceID()
            try await options.connection.show(.integrations(of: audience)) { answer in
                IntegrationText.list(answer, width: Output.standard.columns, style: Output.standard.style)
            }
        }
    }
}

/// Integrations as text.
enum IntegrationText {
    static func list(_ answer: IntegrationsAnswer, width: Int?, style: Style) -> String {
        guard !answer.integrations.isEmpty else {
            return "No integration sends events here; conditions are not checked for what integrations offer.\n"
        }
        var table = Table([
            .text("INTEGRATION", shrinks: true), .text("PLATFORM", shrinks: true), .text("STORES", shrinks: true),
            .text("OFFERS", shrinks: true), .text("STATE"),
        ])
        for integration in answer.integrations {
            let states = [integration.present].compactMap { $0 } + integration.pending
            for (index, state) in states.enumerated() {
                table.add([
                    index == 0 ? integration.integration : "", state.platform ?? "–", stores(state),
                    state.connected ? state.capabilities.joined(separator: " ") : "–",
                    words(state, isPending: index > 0 || integration.present == nil),
                ])
            }
        }
        return table.text(width: width, style: style)
            + "\n\(Quantities.count(answer.integrations.count, "integration")) at \(answer.frontier)\n"
    }

    /// `connected since …`, `will be disconnected at …`.
    private static func words(_ state: IntegrationStateAnswer, isPending: Bool) -> String {
        let word = state.connected ? "connected" : "disconnected"
        return isPending ? "will be \(word) at \(state.visibleAt)" : "\(word) since \(state.visibleAt)"
    }

    private static func stores(_ state: IntegrationStateAnswer) -> String {
        state.stores.map { $0.name ?? $0.store }.joined(separator: ", ")
    }
}
