import Glibc
import Synchronization

/// Ctrl-C as a request: the first stops the work at the next good place, the second ends the program.
enum Interrupt {
    private static let requested = Atomic(false)

    static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// Runs the work and cancels it at the first Ctrl-C; waits until it has tidied up.
    static func cancelling<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        listen()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while !isRequested { try await Task.sleep(for: watchInterval) }
                return nil
            }
            guard let value = try await group.next() ?? nil else {
                throw Failure("interrupted.", exitCode: .interrupted)
            }
            group.cancelAll()
            return value
        }
    }

    private static let watchInterval = Duration.milliseconds(50)

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
