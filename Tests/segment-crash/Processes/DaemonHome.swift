import FoundationEssentials
import Glibc
import TestSupport

/// A data directory with a socket and a log beside it, and the daemon that runs on it.
final class DaemonHome: Sendable {
    private let directory: TemporaryDirectory
    let data: String
    let socket: String
    let log: String

    init() throws {
        directory = try TemporaryDirectory()
        data = directory.path("data")
        socket = directory.path("run/s")
        log = directory.path("log")
    }

    func path(_ name: String) -> String { directory.path(name) }

    /// The last lines that daemons wrote to standard error.
    var lastWords: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(4).joined(separator: "\n")
    }

    private static let startLimit = Duration.seconds(5)

    /// Starts a daemon.
    ///
    /// - Parameter environment: tells the preloaded library what to do; nil: none is loaded.
    /// - Returns: the daemon once it listens, or how it ended before that.
    func start(_ environment: [String: String]? = nil) throws -> Started {
        let child = try spawn(environment)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < Self.startLimit {
            // Once it answers it also hears that it is to stop.
            if case .answered = Exchange.make(.status, at: socket) { return .listening(child) }
            if let end = child.end() { return .ended(end) }
            usleep(500)
        }
        child.kill()
        return .silent
    }

    /// Starts a daemon and does not wait for it.
    func spawn(_ environment: [String: String]?) throws -> ChildProcess {
        var variables = environment ?? [:]
        if environment != nil {
            variables["LD_PRELOAD"] = Programs.shim
            variables["FAULT_ROOT"] = data
        }
        // Ticks as rare as they may be: what a campaign counts should not depend on them.
        return try ChildProcess(
            Programs.daemon,
            ["--data", data, "--socket", socket, "--map-size", "64MiB", "--tick-interval", "50ms"]
                // No disk held back: it would be copied with every image.
                + ["--reserve-size", "0MiB"]
                // Below the data, so that it is lost and found with it.
                + ["--erasure-list", data + "/erasures"],
            environment: variables, errors: log)
    }

    enum Started {
        case listening(ChildProcess)
        case ended(ChildProcess.End)
        case silent
    }

    /// Starts a daemon that must start.
    func started(_ environment: [String: String]? = nil) throws -> ChildProcess {
        guard case .listening(let child) = try start(environment) else {
            throw Violation("the daemon does not start: \(lastWords)")
        }
        return child
    }

    private static let stopLimit = Duration.seconds(5)

    /// Asks the daemon to stop, which it must do in an orderly way.
    func stop(_ child: ChildProcess) throws {
        child.send(signal: SIGTERM)
        let end = child.end(within: Self.stopLimit)
        child.kill()
        guard end == .code(0) else {
            throw Violation("the daemon, asked to stop, ended with \(end.map { "\($0)" } ?? "nothing"): \(lastWords)")
        }
    }

    /// Makes a request of a step and says how it ended.
    func make(_ step: Step) -> Exchange {
        guard let call = Call(step) else { return .brokenOff }
        return Exchange.make(call, at: socket)
    }
}
