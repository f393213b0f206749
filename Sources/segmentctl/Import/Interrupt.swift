import Glibc
import Synchronization

/// Ctrl-C as a request: the first stops the work at the next good place, the second ends the program.
enum Interrupt {
    private static let requested = Atomic(false)

    static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// From here on SIGINT and SIGTERM are requests.
    static func listen() {
        // Made here, because a handler may not be the first to make it.
        requested.store(false, ordering: .relaxed)
        for signalNumber in [SIGINT, SIGTERM] {
            signal(signalNumber) { _ in
                if Interrupt.requested.exchange(true, ordering: .relaxed) { _exit(130) }
            }
        }
    }
}
