import ControlAPI
import ControlServer
import Glibc

/// The descriptors that the process may have open.
enum DescriptorLimit {
    /// Files, and as many connections as all sockets may have.
    private static let wanted = rlim_t(SocketRole.allCases.count * Bounds.connectionsMax + filesMax)
    /// Stores, lists being read and written, event loops.
    private static let filesMax = 2_048

    /// Raises the soft limit, which is 1,024 by custom, as far as the hard one lets it.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else {
            return
        }
        limit.rlim_cur = min(limit.rlim_max, wanted)
        // With fewer, connections beyond them wait to be accepted.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
