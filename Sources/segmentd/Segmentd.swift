import ArgumentParser
import ControlAPI

/// The command line of the daemon.
@main
struct Segmentd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segmentd",
        abstract: "Keeps customer segments current from an append-only event log.",
        discussion: """
            Every option is also a key of the configuration file and, in capitals after SEGMENTD_, a variable of the \
            environment: --tick-interval, tickInterval, SEGMENTD_TICK_INTERVAL. Options come before variables, \
            variables before the file.

            Exit codes: 0 stopped as asked, 64 wrong usage, 65 stored data is damaged, 69 data directory or socket \
            in use, 70 storage failed, 78 wrong configuration.
            """,
        version: "segmentd \(Release.version)")

    @Option(help: "Configuration file, in YAML.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(help: "Directory that holds the audiences; made if it is missing.", completion: .directory)
    var data: String?

    @Option(help: "Socket to listen on, unless systemd hands sockets over.", completion: .file())
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "Start the daemon's clock at this instant (RFC 3339); from there it runs at real speed.",
            discussion: "For demonstrations and tests: events are recorded and become visible by this clock."))
    var clockStart: String?

    @Option(help: "How often the frontier moves: 10ms to 10s.")
    var tickInterval: String?

    @Option(help: "Bound on each store of each audience: address space, not disk.")
    var mapSize: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "Directory of the templates of prebuilt segments.", completion: .directory)
    var prebuiltDirectory: String?

    @Option(
        help: "File that says what the integrations of each platform offer.", completion: .file(extensions: ["json"]))
    var platformsFile: String?

    @Option(help: "Directory for backups that are given a name only.", completion: .directory)
    var backupDirectory: String?

    @Option(help: "How often everything that is stored is read and checked: 0s (never) to 720h.")
    var scrubInterval: String?

    @Option(help: "Disk space held back for making room on a full disk: 0MiB (none) to 1TiB.")
    var reserveSize: String?

    @Flag(help: "Check the configuration, show what it comes to, and exit.")
    var checkConfig = false

    mutating func run() async throws {
        do throws(StartFailure) {
            let settings = try DaemonSettings.load(file: config, options: options)
            if checkConfig {
                _ = try settings.provisions()
                StandardStream.output.write(settings.summary)
            } else {
                try await Daemon(settings: settings).run()
            }
        } catch {
            StandardStream.error.write("segmentd: " + LogLine.escaped(error.message) + "\n")
            throw ExitCode(error.exitCode)
        }
    }

    /// The options that were given, by configuration key.
    private var options: [String: String] {
        let given: [(DaemonSettings.Key, String?)] = [
            (.data, data), (.socket, socket), (.clockStart, clockStart), (.tickInterval, tickInterval),
            (.mapSize, mapSize), (.logLevel, logLevel), (.prebuiltDirectory, prebuiltDirectory),
            (.platformsFile, platformsFile), (.backupDirectory, backupDirectory), (.scrubInterval, scrubInterval),
            (.reserveSize, reserveSize),
        ]
        return Dictionary(uniqueKeysWithValues: given.compactMap { key, value in value.map { (key.rawValue, $0) } })
    }
}
