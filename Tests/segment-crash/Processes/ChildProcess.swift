import Glibc
import Synchronization

/// A program that was started; to be waited for, so that nothing of it is left.
final class ChildProcess: Sendable {
    private let number: pid_t
    /// Once it is known the number may be another's: no signal is sent any more.
    private let known = Mutex<End?>(nil)

    /// How a program ended.
    enum End: Equatable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    /// Starts a program with exactly that environment.
    ///
    /// - Parameters:
    ///   - input, output: descriptors of this process; nil: nothing to read, nobody who reads.
    ///   - errors: file that standard error is appended to.
    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: CInt? = nil,
        output: CInt? = nil, errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let pairs = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + pairs { free(text) } }
        var started = pid_t()
        let result = posix_spawn(&started, program, &actions, nil, words, pairs)
        guard result == 0 else { throw Violation("\(program) cannot be started: \(String(cString: strerror(result)))") }
        number = started
    }

    func send(signal: Int32) {
        known.withLock { if $0 == nil { _ = Glibc.kill(number, signal) } }
    }

    /// How it ended; nil if it has not.
    func end() -> End? {
        ended(options: WNOHANG)
    }

    /// Waits for the end, at most so long; nil if it goes on after that.
    func end(within limit: Duration) -> End? {
        let start = ContinuousClock.now
        while ContinuousClock.now - start < limit {
            if let end = end() { return end }
            usleep(500)
        }
        return end()
    }

    /// Ends it at once, if it has not ended, and waits.
    @discardableResult
    func kill() -> End? {
        send(signal: SIGKILL)
        return ended(options: 0)
    }

    private func ended(options: Int32) -> End? {
        known.withLock { known in
            var status: Int32 = 0
            if known == nil, waitpid(number, &status, options) == number {
                known = status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
            }
            return known
        }
    }
}
