import ArgumentParser
import ControlAPI
import ControlClient
import Glibc

struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Write the daemon's metrics as text for Prometheus.",
        discussion: """
            Nothing listens on a network, so Prometheus is served by way of a file: with --output it is replaced in one \
            step, for the textfile collector of the node exporter. A timer that runs this every 15 seconds is in \
            operating.md; what each metric means is in metrics.md.

              segmentctl metrics | grep frontier_lag
              segmentctl metrics --output /var/lib/prometheus/node-exporter/segmentd.prom
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp("Write to this file, which is whole at every moment.", valueName: "file"),
        completion: .file(extensions: ["prom"]))
    var output: String?

    /// Other programs are to read the file.
    private static let mode: mode_t = 0o644

    func validate() throws {
        guard !connection.json else {
            throw ValidationError("Metrics are text. For JSON: segmentctl status --json.")
        }
    }

    func run() async throws {
        let text = try await connection.client.answer(to: .metrics)
        guard let output else { return try Output.standard.write(text) }
        let file = try PendingFile(path: output, mode: Self.mode)
        try file.output.write(text)
        try file.finish()
    }
}
