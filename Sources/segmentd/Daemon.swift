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
    private let source: SettingsSource
    private let level: SharedLogLevel
    private let logger: Logger
    private let manager: ServiceManager

    init(settings: DaemonSettings, source: SettingsSource) {
        self.settings = settings
        self.source = source
        let level = SharedLogLevel(settings.logLevel)
        let journal = Journal.behindStandardError(environment: getenv("JOURNAL_STREAM").map { String(cString: $0) })
        LoggingSystem.bootstrap { _ in JournalLogHandler(level: level, journal: journal) }
        self.level = level
        logger = Logger(label: "segmentd")
        manager = .fromEnvironment()
    }

    /// Runs until it is asked to stop.
    func run() async throws(StartFailure) {
        // A client that goes away is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Until the configuration can be read again, being asked to do so changes nothing.
        signal(SIGHUP, SIG_IGN)
        DescriptorLimit.raise()
        do {
            let handedOver = try ListeningSocket.handedOver()
            let access = AccessControl(rules: try settings.accessRules())
            let provisions = try settings.provisions()
            let clock = makeClock()
            logStart()
            let directory = try await openDirectory(clock: clock, provisions: provisions)
            logReapplied(directory.reappliedErasures)
            for audience in directory.audiences { ZoneNotice.log(audience, to: logger) }
            var watch = (clock as? TrustedClock).map {
                ClockWatch(clock: $0, logger: logger)
            }
            watch?.look()
            // The directory's lock comes first: it decides which of two daemons may have the socket.
            let sockets = try handedOver ?? settings.bindSockets()
            defer { for socket in sockets { socket.removeFile() } }
            try await serve(
                directory, sockets: sockets, clock: clock, watch: watch, access: access, provisions: provisions)
            // While the directory is still ours.
            watch?.finish()
            try await directory.close()
            logger.notice("stopped")
        } catch {
            throw StartFailure(error)
        }
    }

    /// The system's clock as far as it can be believed, or the one that the configuration starts.
    private func makeClock() -> any AudienceClock {
        if let start = settings.clockStart { return ShiftedClock(start: start) }
        let file = ClockFile(directory: settings.dataDirectory)
        return TrustedClock(limits: settings.clockLimits, remembered: file.read(), file: file) {
            SystemClock().reading()
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

    private func logReapplied(_ count: Int) {
        guard count > 0 else { return }
        logger.warning(
            """
            The data directory is older than the list of erasures: contacts that were erased since were in it and have \
            been erased again.
            """, metadata: ["contacts": "\(count)"])
    }

    /// Threads that one audience may work with: each keeps its own, and there may be many audiences.
    private static let audienceThreadsMax = 4

    /// Opens the data directory; while the log is replayed, systemd is asked for patience.
    private func openDirectory(
        clock: any AudienceClock, provisions: AudienceProvisions
    ) async throws -> DataDirectory {
        let configuration = AudienceConfiguration(
            mapSizeBytes: settings.mapSizeBytes, zoneDirectory: settings.zoneDirectory,
            threads: min(AudienceConfiguration.processorCount, Self.audienceThreadsMax), provisions: provisions,
            erasure: settings.erasure, backupDirectory: settings.backupDirectory, reserveBytes: settings.reserveBytes)
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

    private func serve(
        _ directory: DataDirectory, sockets: [ListeningSocket], clock: any AudienceClock, watch: ClockWatch?,
        access: AccessControl, provisions: AudienceProvisions
    ) async throws {
        let failures = StoreFailures { directory.suspectDamage() }
        logRepairs(of: directory)
        let facts = DaemonFacts(
            clock: clock, clockStartedAt: settings.clockStart, dataDirectory: settings.dataDirectory, sockets: sockets)
        let ready = await DaemonStatus(directory).line
        let server = UnixHTTPServer(
            sockets: sockets,
            routes: ControlRoutes(directory: directory, daemon: facts, failures: failures, access: access),
            logger: logger
        ) { [logger, manager] in
            for socket in sockets {
                logger.notice("listening", metadata: ["socket": "\(socket.path)", "role": "\(socket.role.rawValue)"])
            }
            manager.ready(status: ready)
        }
        let progress = TickProgress()
        let ticker = Ticker(
            directory: directory, interval: settings.tickInterval, failures: failures, manager: manager,
            progress: progress, watch: watch, logger: logger)
        let watchdog = Watchdog(directory: directory, progress: progress, manager: manager)
        let eraser = ErasureService(directory: directory, failures: failures, logger: logger)
        let auditor = Auditor(
            directory: directory, interval: settings.auditInterval, failures: failures, logger: logger)
        let scrubber = Scrubber(
            directory: directory, interval: settings.scrubInterval, failures: failures, logger: logger)
        let reloader = Reloader(
            source: source, settings: settings, provisions: provisions, directory: directory, access: access,
            level: level, manager: manager, logger: logger)
        try await group([
            ("ticker", ticker), ("eraser", eraser), ("auditor", auditor), ("scrubber", scrubber),
            ("watchdog", watchdog), ("server", server), ("reloader", reloader),
            ("stop notice", StopNotice(directory: directory, manager: manager)),
        ]).run()
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
    private func group(_ services: [(name: String, service: any Service)]) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0.service, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: $0.name)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        configuration.maximumCancellationDuration = .seconds(10)
        return ServiceGroup(configuration: configuration)
    }
}
