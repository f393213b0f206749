import Glibc

/// Which socket a client talks to when it is not told.
public enum SocketPath {
    /// The environment variable that names the socket.
    public static let environmentKey = "SEGMENTD_SOCKET"
    /// Where systemd listens for operators.
    public static let ofTheSystem = "/run/segmentd/operator.sock"

    /// The first of: the explicit path, `SEGMENTD_SOCKET`, the system's socket if it exists, the user's own
    /// (`$XDG_RUNTIME_DIR/segmentd/segmentd.sock`), and the system's socket again, so that an error can name it.
    ///
    /// Empty texts count as absent. Environment and file system are handed in for tests.
    public static func choose(
        explicit: String?,
        environment: (String) -> String? = SocketPath.environmentValue,
        exists: (String) -> Bool = SocketPath.exists
    ) -> String {
        if let explicit, !explicit.isEmpty { return explicit }
        if let named = environment(environmentKey), !named.isEmpty { return named }
        if exists(ofTheSystem) { return ofTheSystem }
        if let runtime = environment("XDG_RUNTIME_DIR"), !runtime.isEmpty { return runtime + "/segmentd/segmentd.sock" }
        return ofTheSystem
    }

    /// The value of an environment variable of this process.
    public static func environmentValue(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Whether anything is at that path and may be looked at.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }
}
