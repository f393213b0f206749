import ArgumentParser

/// Offline work on events and data directories; needs no daemon.
@main
struct SegmentReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment-replay",
        abstract:
            "Evaluates segments over recorded events, offline and on a virtual clock; checks and saves directories.",
        discussion: """
            Two steps that need nothing but this program:

              segment-replay generate --contacts 1000 --seed 1 > shop.ndjson
              segment-replay evaluate --events shop.ndjson --segments segments.json --as-of 2026-06-30T12:00:00Z
            """,
        subcommands: [
            EvaluateCommand.self, GenerateCommand.self, VerifyCommand.self, SalvageCommand.self, SimulateCommand.self,
            ProbeCommand.self,
        ])
}
