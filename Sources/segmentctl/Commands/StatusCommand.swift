import ArgumentParser
import ControlAPI
import ControlClient

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the daemon and its audiences stand.",
        discussion: """
            FRONTIER is how far segmentation has seen; PENDING counts events that are stored and not yet visible.

              segmentctl status
              segmentctl status --json | jq '.audiences[].pending'
            """)

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.show(.status) { status in
            Self.text(
                status, socket: connection.client.socketPath, width: Output.standard.columns, Output.standard.style)
        }
    }

    static func text(_ status: StatusAnswer, socket: String, width: Int?, _ style: Style) -> String {
        var facts = Facts()
        facts.add("segmentd", status.version)
        facts.add("Socket", socket)
        facts.add("Data", status.dataDirectory)
        facts.add("Up for", Spans.text(seconds: status.uptimeSeconds))
        facts.add("Clock", status.now)
        facts.add("", status.clockStartedAt.map { "NOT THE REAL TIME: the clock was started at \($0)" })
        guard !status.audiences.isEmpty else { return facts.text(style: style) + "\nNo audience yet.\n" }
        var table = Table([
            .text("AUDIENCE"), .text("NAME", shrinks: true), .number("CONTACTS"), .number("SEGMENTS"),
            .number("EVENTS"), .number("PENDING"), .text("FRONTIER"),
        ])
        for audience in status.audiences {
            table.add([
                audience.id, audience.name, Quantities.grouped(audience.contacts),
                Quantities.grouped(audience.segments), Quantities.grouped(audience.lastSequence),
                Quantities.grouped(audience.pending), Spans.dated(audience.frontier, now: status.now),
            ])
        }
        let underWay = status.audiences.flatMap { audience in
            (audience.builds.map(BuildProgress.sentence) + audience.reruns.map(RerunText.sentence))
                .map { "\(audience.id): " + $0 + "\n" }
        }
        return facts.text(style: style) + "\n" + table.text(width: width, style: style)
            + (underWay.isEmpty ? "" : "\n" + underWay.joined())
    }
}
