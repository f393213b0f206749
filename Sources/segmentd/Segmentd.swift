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

            SIGHUP reads the configuration again: who may ask, the level of the log, time zones. It says what needs a restart.

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

    @Option(help: "Socket for readers, unless systemd hands sockets over.", completion: .file())
    var querySocket: String?

    @Option(help: "Socket for sources of events, unless systemd hands sockets over.", completion: .file())
    var ingestSocket: String?

    @Option(
        help: ArgumentHelp(
            "Start the daemon's clock at this instant (RFC 3339); from there it runs at real speed.",
            discussion: "For demonstrations and tests: events are recorded and become visible by this clock."))
    var clockStart: String?

    @Option(help: "How often the frontier moves: 10ms to 10s.")
    var tickInterval: String?

    @Option(help: "How often some contacts are compared with the log: 1s to 86400s, or 0s for never.")
    var auditInterval: String?

    @Option(help: "Bound on each store of each audience: address space, not disk.")
    var mapSize: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Option(help: "Directory of the templates of prebuilt segments.", completion: .directory)
    var prebuiltDirectory: String?

    @Option(
        help: "File that says what the integrations of each platform offer.", completion: .file(extensions: ["json"]))
    var platformsFile: String?

    @Option(help: "Within that time after it was erased nothing is left of a contact: 1min to 30d.")
    var erasureDeadline: String?

    @Option(help: "Directory of the list of erasures: on another medium than the data.", completion: .directory)
    var erasureList: String?

    @Option(help: "File with the key that digests of what was erased are made with.", completion: .file())
    var erasureKey: String?

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
            let source = SettingsSource(file: config, options: options)
            let settings = try source.load()
            if checkConfig {
                _ = try settings.provisions()
                _ = try settings.accessRules()
                _ = try settings.groupNumbers()
                StandardStream.output.write(settings.summary)
            } else {
                try await Daemon(settings: settings, source: source).run()
            }
        } catch {
            StandardStream.error.write("segmentd: " + LogLine.escaped(error.message) + "\n")
            throw ExitCode(error.exitCode)
        }
    }

    /// The options that were given, by configuration key.
    private var options: [String: String] {
        let given: [(DaemonSettings.Key, String?)] = [
            (.data, data), (.socket, socket), (.querySocket, querySocket), (.ingestSocket, ingestSocket),
            (.clockStart, clockStart), (.tickInterval, tickInterval), (.auditInterval, auditInterval),
            (.mapSize, mapSize), (.logLevel, logLevel), (.prebuiltDirectory, prebuiltDirectory),
            (.platformsFile, platformsFile), (.erasureDeadline, erasureDeadline), (.erasureList, erasureList),
            (.erasureKey, erasureKey), (.backupDirectory, backupDirectory), (.scrubInterval, scrubInterval),
            (.reserveSize, reserveSize),
        ]
        return Dictionary(uniqueKeysWithValues: given.compactMap { key, value in value.map { (key.rawValue, $0) } })
    }
}
