import Audiences
import ControlAPI
import ControlServer
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// The daemon from start to end: what is opened in which order, and closed in reverse.
struct Daemon {
    let settings: DaemonSettings
    private let logger: Logger
    private let manager: ServiceManager

    init(settings: DaemonSettings) {
        self.settings = settings
        LoggingSystem.bootstrap { _ in JournalLogHandler.suitingEnvironment(logLevel: settings.logLevel) }
        logger = Logger(label: "segmentd")
        manager = .fromEnvironment()
    }

    /// Runs until it is asked to stop.
    func run() async throws(StartFailure) {
        // A client that goes away is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            let handedOver = try ListeningSocket.handedOver()
            let clock: any AudienceClock = settings.clockStart.map { ShiftedClock(start: $0) } ?? SystemClock()
            logStart()
            let directory = try await openDirectory(clock: clock, provisions: try settings.provisions())
            // The directory's lock comes first: it decides which of two daemons may have the socket.
            let sockets = try handedOver ?? [.bind(path: settings.socketPath, role: .operator)]
            defer { for socket in sockets { socket.removeFile() } }
            try await serve(directory, sockets: sockets, clock: clock)
            try await directory.close()
            logger.notice("stopped")
        } catch {
            throw StartFailure(error)
        }
    }

    private func logStart() {
        logger.notice("starting", metadata: ["version": "\(Release.version)", "data": "\(settings.dataDirectory)"])
        guard let start = settings.clockStart else { return }
        logger.warning(
            """
            The clock does not tell the real time: it was set by clockStart. What is recorded is dated by it for ever. \
            For demonstrations and tests only.
            """,
            metadata: ["clockStart": "\(start)"])
    }

    /// Opens the data directory; while the log is replayed, systemd is asked for patience.
    private func openDirectory(
        clock: any AudienceClock, provisions: AudienceProvisions
    ) async throws -> DataDirectory {
        let configuration = AudienceConfiguration(
            mapSizeBytes: settings.mapSizeBytes, zoneDirectory: settings.zoneDirectory, provisions: provisions,
            backupDirectory: settings.backupDirectory, reserveBytes: settings.reserveBytes)
        let patience = Task { [manager] in
            while !Task.isCancelled {
                manager.extendStart(bySeconds: 60)
                try await Task.sleep(for: .seconds(20))
            }
        }
        defer { patience.cancel() }
        return try await DataDirectory.open(
            path: settings.dataDirectory, configuration: configuration, clock: clock)
    }

    private func serve(_ directory: DataDirectory, sockets: [ListeningSocket], clock: any AudienceClock) async throws {
        let failures = StoreFailures()
        logRepairs(of: directory)
        let facts = DaemonFacts(
            clock: clock, clockStartedAt: settings.clockStart, dataDirectory: settings.dataDirectory, sockets: sockets)
        let ready = await DaemonStatus(directory).line
        let server = UnixHTTPServer(
            sockets: sockets, routes: ControlRoutes(directory: directory, daemon: facts, failures: failures),
            logger: logger
        ) { [logger, manager] in
            for socket in sockets {
                logger.notice("listening", metadata: ["socket": "\(socket.path)", "role": "\(socket.role.rawValue)"])
            }
            manager.ready(status: ready)
        }
        let ticker = Ticker(
            directory: directory, interval: settings.tickInterval, failures: failures, manager: manager, logger: logger)
        let scrubber = Scrubber(
            directory: directory, interval: settings.scrubInterval, failures: failures, logger: logger)
        try await group(ticker, scrubber, server).run()
    }

    /// Says what was damaged and has been built anew: it did no harm, but whoever keeps the disk should know.
    private func logRepairs(of directory: DataDirectory) {
        for audience in directory.audiences {
            for repair in audience.repairs {
                logger.warning("built anew", metadata: ["audience": "\(audience.id)", "reason": "\(repair)"])
            }
        }
    }

    /// Services stop in reverse order: first no more requests, then no more ticks.
    private func group(_ ticker: Ticker, _ scrubber: Scrubber, _ server: UnixHTTPServer) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(
                    service: ticker, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "ticker"),
                .init(
                    service: scrubber, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "scrubber"),
                .init(
                    service: server, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "server"),
                .init(service: StopNotice(manager: manager), serviceName: "stop notice"),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        configuration.maximumCancellationDuration = .seconds(10)
        return ServiceGroup(configuration: configuration)
    }
}
