import Glibc

/// One call that fails: the k-th of its class, in one life of a daemon.
struct Fault: Sendable {
    /// A class of calls below the data directory, and how they can fail.
    struct Kind: Sendable {
        var callClass: String
        var error: String
        var number: Int32

        /// Every way of failing that a system knows for the class.
        static let all: [Kind] =
            of("write", ["EIO": EIO, "ENOSPC": ENOSPC, "EINTR": EINTR, "short": 0])
            + of("sync", ["EIO": EIO, "ENOSPC": ENOSPC, "EINTR": EINTR])
            + of("open", ["EIO": EIO, "ENOSPC": ENOSPC, "EMFILE": EMFILE, "ENOMEM": ENOMEM, "EINTR": EINTR])
            + of("rename", ["EIO": EIO, "ENOSPC": ENOSPC])
            + of("remove", ["EIO": EIO])
            + of("mkdir", ["EIO": EIO, "ENOSPC": ENOSPC])
            + of("truncate", ["EIO": EIO, "ENOSPC": ENOSPC, "EINTR": EINTR])
            + of("map", ["ENOMEM": ENOMEM])
            + of("read", ["EIO": EIO, "EINTR": EINTR])
            + of("accept", ["EMFILE": EMFILE, "EINTR": EINTR, "ENOMEM": ENOMEM, "ECONNABORTED": ECONNABORTED])

        /// A sync that is not made and said to be, as by a daemon that does not look at what it answers.
        static let unnoticedSync = Kind(callClass: "sync", error: "nothing", number: 0)

        private static func of(_ callClass: String, _ errors: KeyValuePairs<String, Int32>) -> [Kind] {
            errors.map { Kind(callClass: callClass, error: $0.key, number: $0.value) }
        }
    }

    var kind: Kind
    /// In which of the daemon's lives, from 0.
    var life: Int
    /// Which call of the class, from 1.
    var position: Int

    var description: String {
        "\(kind.callClass) \(position) of life \(life + 1) failing with \(kind.error)"
    }

    /// What the preloaded library is told.
    func environment(hitFile: String) -> [String: String] {
        [
            "FAULT_CLASS": kind.callClass, "FAULT_AT": "\(position)", "FAULT_ERROR": "\(kind.number)",
            "FAULT_HIT": hitFile,
        ]
    }
}
