import Glibc
import Synchronization

/// Ctrl-C as a request: the first stops the work at the next good place, the second ends the program.
enum Interrupt {
    private static let requested = Atomic(false)
    /// A terminal whose screen and keys were taken is given back before the program ends.
    private static let isScreenTaken = Atomic(false)
    /// The address of how its keys were; 0 if they were not taken.
    private static let keysBefore = Atomic<UInt>(0)

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
        giveTerminalBack()
        for signalNumber in [SIGINT, SIGTERM] {
            signal(signalNumber) { _ in
                guard Interrupt.requested.exchange(true, ordering: .relaxed) else { return }
                Interrupt.giveTerminalBack()
                _exit(130)
            }
        }
    }

    /// From here on the program does not end without giving the terminal back.
    ///
    /// - Parameter before: how its keys were; nil if they were not taken. Stays allocated from then on.
    static func takeTerminal(before: UnsafeMutablePointer<termios>?) {
        keysBefore.store(UInt(bitPattern: before), ordering: .relaxed)
        isScreenTaken.store(true, ordering: .relaxed)
    }

    /// Another screen and no cursor, and back.
    static let screenBeginning: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
    private static let screenEnd: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

    /// Gives the terminal back, if it was taken. Does nothing that the handler of a signal may not do.
    static func giveTerminalBack() {
        guard isScreenTaken.exchange(false, ordering: .relaxed) else { return }
        _ = write(STDOUT_FILENO, screenEnd.utf8Start, screenEnd.utf8CodeUnitCount)
        guard let before = UnsafePointer<termios>(bitPattern: keysBefore.load(ordering: .relaxed)) else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, before)
    }
}
