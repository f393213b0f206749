import CPlatform
import Glibc

/// Tells systemd how the daemon is doing (sd_notify(3)); without systemd it does nothing.
public struct ServiceManager: Sendable {
    private let address: String?
    /// It wants to hear from the daemon at least that often, or takes it for stuck; nil: it does not.
    public let watchdogInterval: Duration?

    /// Talks to the address, the value of `NOTIFY_SOCKET`; nil for nobody.
    public init(address: String?, watchdogInterval: Duration? = nil) {
        self.address = address
        self.watchdogInterval = watchdogInterval
    }

    /// Talks to whoever started the process with `NOTIFY_SOCKET` set, and removes its variables for the children.
    public static func fromEnvironment() -> ServiceManager {
        let names = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]
        let values = names.map { name in getenv(name).map { String(cString: $0) } }
        for name in names { unsetenv(name) }
        return ServiceManager(
            address: values[0], watchdogInterval: watchdog(microseconds: values[1], process: values[2]))
    }

    /// What the variables say (sd_watchdog_enabled(3)); nil if they speak of another process.
    static func watchdog(microseconds: String?, process: String?) -> Duration? {
        guard let microseconds = microseconds.flatMap({ Int64($0) }), microseconds > 0,
            process.map({ Int32($0) == getpid() }) ?? true
        else { return nil }
        return .microseconds(microseconds)
    }

    /// The daemon is not stuck.
    public func alive() {
        send("WATCHDOG=1")
    }

    /// The configuration is being read again; `ready` ends it.
    public func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        send("RELOADING=1\nMONOTONIC_USEC=\(Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000)")
    }

    /// Requests are answered from now on.
    public func ready(status: String) {
        send("READY=1\nSTATUS=" + status)
    }

    /// The start takes longer; that many seconds from now it may still be under way.
    public func extendStart(bySeconds seconds: Int) {
        send("EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000)")
    }

    /// The daemon is going down.
    public func stopping() {
        send("STOPPING=1\nSTATUS=Stopping")
    }

    /// One line about how it stands, shown by `systemctl status`.
    public func status(_ line: String) {
        send("STATUS=" + line)
    }

    private func send(_ message: String) {
        guard let address else { return }
        // Nothing depends on the message but what systemd shows; a full queue or a gone manager is no reason to stop.
        _ = platform_notify(address, message)
    }
}
