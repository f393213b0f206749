import ArgumentParser
import ControlAPI
import ControlClient

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the daemon and its audiences stand.",
        discussion: """
            FRONTIER is how far segmentation has seen; PENDING counts events that are stored and not yet visible. Below the             table stands what each audience has done since the daemon started, and what is wrong, if anything is. The same             goes on under “segmentctl top”, and in full in “segmentctl metrics”.

              segmentctl status
              segmentctl status --json | jq '.audiences[].pending'
              segmentctl status --wait 10      (after starting the daemon)
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: ArgumentHelp("Wait that long for a daemon that does not listen yet.", valueName: "seconds"))
    var wait: Int = 0

    func validate() throws {
        guard (0...3_600).contains(wait) else { throw ValidationError("--wait takes 0 to 3600 seconds.") }
    }

    func run() async throws {
        try await untilListening()
        try await connection.show(.status) { status in
            Self.text(
                status, socket: connection.client.socketPath, width: Output.standard.columns, Output.standard.style)
        }
    }

    /// Returns as soon as somebody listens, or has not for as long as the caller would wait.
    private func untilListening() async throws {
        let end = ContinuousClock.now + .seconds(wait)
        while ContinuousClock.now < end {
            do {
                _ = try await connection.client.bytes(of: .status)
                return
            } catch ControlClientError.cannotConnect {
                try await Task.sleep(for: Self.retryInterval)
            }
        }
    }

    private static let retryInterval = Duration.milliseconds(50)

    static func text(_ status: StatusAnswer, socket: String, width: Int?, _ style: Style) -> String {
        var facts = Facts()
        facts.add("segmentd", status.version)
        facts.add("Socket", socket)
        facts.add("Data", status.dataDirectory)
        facts.add("Up for", Spans.text(seconds: status.uptimeSeconds))
        facts.add("Clock", status.now)
        FigureText.add(status.figures, to: &facts)
        facts.add("Last backup", status.lastBackup.map { "\($0.at), \($0.path)" })
        facts.add("Reserve", status.reserveHeld == false ? "NOT HELD: there is no room on the disk for it" : nil)
        facts.add("", status.clockStartedAt.map { "NOT THE REAL TIME: the clock was started at \($0)" })
        facts.add("", status.clock.flatMap { ClockText.warning($0) })
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
        let notes = status.audiences.flatMap(sentences) + status.audiences.compactMap { zoneNote($0) }
        return facts.text(style: style) + "\n" + table.text(width: width, style: style)
            + FigureText.text(status.audiences, style: style)
            + (notes.isEmpty ? "" : "\n" + notes.joined())
    }

    /// That the rules of an audience's time zone are others than before the daemon's start.
    private static func zoneNote(_ audience: AudienceStatusAnswer) -> String? {
        guard let rules = audience.timezoneRules, let replaced = rules.replacedEdition else { return nil }
        return TextWidth.printable(
            "\(audience.id): the rules of its time zone have changed (edition \(replaced), now "
                + "\(rules.edition ?? "unknown")): memberships were computed anew") + "\n"
    }

    /// What is going on in an audience, a line each.
    private static func sentences(_ audience: AudienceStatusAnswer) -> [String] {
        var sentences = audience.builds.map(BuildProgress.sentence)
        sentences += audience.reruns.map(RerunText.sentence)
        if let erasures = ErasureText.sentence(audience.erasures) { sentences.append(erasures) }
        sentences += damage(audience)
        return sentences.map { "\(audience.id): \($0)\n" }
    }

    /// What was found to be damaged, mended or not.
    private static func damage(_ audience: AudienceStatusAnswer) -> [String] {
        audience.repairs.map { TextWidth.printable("built anew at the start. " + $0) }
            + (audience.scrub.fault.map { [TextWidth.printable("THE LAST SCRUB FOUND DAMAGE: " + $0)] } ?? [])
    }
}
