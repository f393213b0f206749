import CPlatform
import Glibc

/// Tells systemd how the daemon is doing (sd_notify(3)); without systemd it does nothing.
public struct ServiceManager: Sendable {
    private let address: String?

    /// Talks to the address, the value of `NOTIFY_SOCKET`; nil for nobody.
    public init(address: String?) {
        self.address = address
    }

    /// Talks to whoever started the process with `NOTIFY_SOCKET` set, and removes the variable for its children.
    public static func fromEnvironment() -> ServiceManager {
        let address = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
        unsetenv("NOTIFY_SOCKET")
        return ServiceManager(address: address)
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
