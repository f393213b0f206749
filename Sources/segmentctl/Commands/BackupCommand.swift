import ArgumentParser
import ControlAPI
import ControlClient

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write a backup of all audiences while the daemon runs.",
        discussion: """
            The daemon writes it, into a new directory on its machine: an absolute path, or a name in its backupDirectory. \
            What was acknowledged before is in it. It is synced and read again before it gets its name, so a directory of \
            that name is a whole backup.

            It is a data directory of its own: to restore, start a daemon on a copy of it (segmentd --data COPY). Check it \
            at any time with segment-replay verify.

              segmentctl backup "nightly-$(date +%F)"
              segmentctl backup /mnt/backups/before-the-upgrade --json
            """)

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: ArgumentHelp("Where the backup goes; nothing may be there.", valueName: "dir"))
    var place: String

    /// A large backup gives no sign of life until it is whole.
    private static let silenceMax = Duration.seconds(86_400)

    func run() async throws {
        let client = ControlClient(
            socketPath: connection.client.socketPath, timeouts: ControlTimeouts(silence: Self.silenceMax))
        let call = try ControlCall<BackupAnswer>.backUp(to: place)
        let watch = StatusWatch(output: Output.error) {
            try? await client.answer(to: .status).backup.map(BackupText.line)
        }
        let bytes = try await watch.during { try await client.bytes(of: call) }
        if connection.json {
            try Output.standard.write(bytes + [UInt8(ascii: "\n")])
        } else {
            let style = Output.standard.style
            try Output.standard.write(
                BackupText.text(try call.answer(from: bytes), width: Output.standard.columns, style: style))
        }
    }
}

/// Backups as text.
enum BackupText {
    /// `[######--------------]  copying and checking shop, 1 of 3 audiences done`
    static func line(_ progress: BackupProgressAnswer) -> String {
        let share = progress.audiences > 0 ? Double(progress.audiencesDone) / Double(progress.audiences) : 0
        return ProgressLine.bar(share) + "  copying and checking \(progress.audience), \(progress.audiencesDone) of "
            + Quantities.count(progress.audiences, "audience") + " done"
    }

    static func text(_ backup: BackupAnswer, width: Int?, style: Style) -> String {
        var facts = Facts()
        facts.add("Backup", backup.path)
        facts.add("As of", backup.at)
        facts.add("Size", Quantities.bytes(backup.bytes))
        guard !backup.audiences.isEmpty else { return facts.text(style: style) + "\nNo audience yet.\n" }
        var table = Table([
            .text("AUDIENCE"), .number("EVENTS"), .number("DEFINITIONS"), .number("LISTS"), .number("SIZE"),
            .text("DIGEST"),
        ])
        for audience in backup.audiences {
            table.add([
                audience.id, Quantities.grouped(audience.lastSequence), Quantities.grouped(audience.definitions),
                Quantities.grouped(audience.recipientLists), Quantities.bytes(audience.bytes), audience.digest,
            ])
        }
        let damaged = backup.audiences.flatMap { audience in
            audience.damagedLists.map {
                TextWidth.printable("\(audience.id): the recipient list of “\($0)” is damaged and not in the backup.")
                    + "\n"
            }
        }
        return facts.text(style: style) + "\n" + table.text(width: width, style: style)
            + (damaged.isEmpty ? "" : "\n" + damaged.joined())
    }
}
