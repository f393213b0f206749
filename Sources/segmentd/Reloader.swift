import Audiences
import ControlServer
import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again on SIGHUP: what may change while the daemon runs changes, the rest is named.
actor Reloader: Service {
    private let source: SettingsSource
    private var settings: DaemonSettings
    /// What every audience was given at the start.
    private let provisions: AudienceProvisions
    private let directory: DataDirectory
    private let access: AccessControl
    private let level: SharedLogLevel
    private let manager: ServiceManager
    private let logger: Logger

    init(
        source: SettingsSource, settings: DaemonSettings, provisions: AudienceProvisions, directory: DataDirectory,
        access: AccessControl, level: SharedLogLevel, manager: ServiceManager, logger: Logger
    ) {
        self.source = source
        self.settings = settings
        self.provisions = provisions
        self.directory = directory
        self.access = access
        self.level = level
        self.manager = manager
        self.logger = logger
    }

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            manager.reloading()
            await reload()
            manager.ready(status: await DaemonStatus(directory).line)
        }
    }

    /// Takes all of the new configuration that can be taken, or, if it makes no sense, nothing of it.
    func reload() async {
        do throws(StartFailure) {
            try take(try source.load())
        } catch {
            logger.error("configuration not taken", metadata: ["reason": "\(error.message)"])
        }
        for audience in directory.audiences { await reloadZone(of: audience) }
    }

    private func take(_ new: DaemonSettings) throws(StartFailure) {
        let rules = try new.accessRules()
        let newProvisions = try new.provisions()
        let changed = zip(settings.values, new.values).filter { $0.value != $1.value }.map(\.1.key)
        access.change(to: rules)
        level.value = new.logLevel
        let taken = changed.filter(\.isReloadable).map(\.rawValue)
        var waiting = changed.filter { !$0.isReloadable }.map(\.rawValue)
        if newProvisions != provisions { waiting.append("templates or platforms") }
        // What waits for a restart is named at every reload until then.
        settings.logLevel = new.logLevel
        settings.users = new.users
        logger.notice(
            "configuration read again",
            metadata: ["changed": "\(taken.isEmpty ? "nothing" : taken.joined(separator: ","))"])
        guard !waiting.isEmpty else { return }
        logger.warning(
            "some of the configuration needs a restart", metadata: ["keys": "\(waiting.joined(separator: ","))"])
    }

    private func reloadZone(of audience: Audience) async {
        do throws(AudienceError) {
            if try await audience.reloadZone() { ZoneNotice.log(audience, to: logger) }
        } catch {
            logger.error(
                "time zone not read", metadata: ["audience": "\(audience.id)", "reason": "\(error.message)"])
        }
    }
}

/// Says that the rules of an audience's time zone are others than before.
enum ZoneNotice {
    static func log(_ audience: Audience, to logger: Logger) {
        guard let zone = audience.zone, let replaced = zone.replaced else { return }
        logger.warning(
            "The rules of a time zone have changed: every membership of the audience was computed anew",
            metadata: [
                "audience": "\(audience.id)", "timezone": "\(zone.rules.name)",
                "from": "\(replaced.edition ?? "unknown")", "to": "\(zone.rules.edition ?? "unknown")",
            ])
    }
}
