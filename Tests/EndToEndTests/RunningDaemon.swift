import ControlAPI
import Subprocess
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// Where a daemon keeps its things. It outlives the daemon, so that another one can be started on them.
struct DaemonHome: Sendable {
    private let directory: TemporaryDirectory
    var data: String
    var socket: String
    /// Where the daemon's clock starts; nil for the real time.
    var clockStart: String?
    var tickInterval = "20ms"
    var auditInterval = "60s"
    /// Whether audiences have the prebuilt segments, and conditions need what integrations offer.
    var hasProvisions = false
    /// Address space for each store.
    var mapSize = "4GiB"
    /// What else stands on the command line.
    var options: [String] = []
    /// Disk held back: none, as many daemons run side by side.
    var reserveSize = "0MiB"

    init(clockStart: String? = nil) throws {
        directory = try TemporaryDirectory()
        data = directory.path("data")
        socket = directory.path("run/op.sock")
        self.clockStart = clockStart
    }

    /// The path of a file beside the daemon's own.
    func path(_ name: String) -> String { directory.path(name) }

    /// Writes a file beside the daemon's own; returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try directory.write(text, to: name)
        return path(name)
    }

    /// The daemon's command line.
    var arguments: [String] {
        ["--data", data, "--socket", socket, "--tick-interval", tickInterval, "--map-size", mapSize]
            + ["--audit-interval", auditInterval]
            + ["--reserve-size", reserveSize]
            + (clockStart.map { ["--clock-start", $0] } ?? [])
            + (hasProvisions ? ["--prebuilt-directory", Files.root + "/Config/prebuilt"] : [])
            + (hasProvisions ? ["--platforms-file", Files.root + "/Config/platforms.json"] : []) + options
    }
}

/// A daemon that answers, as a child process.
struct RunningDaemon: Sendable {
    let home: DaemonHome
    let log: DaemonLog
    let processID: Int32
    private let end: @Sendable (Signal) -> Void

    /// How a daemon is made to end.
    enum Ending {
        /// It is asked to, and must do so with exit code 0.
        case asked
        /// It gets no chance to do anything about it.
        case killed
    }

    /// Starts a daemon, lends it when it answers, and ends it whatever comes of that.
    static func run<Value: Sendable>(
        in home: DaemonHome, ending: Ending = .asked, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (RunningDaemon) async throws -> Value
    ) async throws -> Value {
        let log = DaemonLog()
        let result = try await Subprocess.run(
            .path(FilePath(Program.daemon.path)), arguments: Arguments(home.arguments),
            environment: Program.environment, input: .none, output: .discarded, error: .sequence
        ) { execution in
            let end: @Sendable (Signal) -> Void = { try? execution.send(signal: $0) }
            async let isRead: Void = log.read(execution.standardError)
            do {
                try await log.untilListening()
                let value = try await body(
                    RunningDaemon(
                        home: home, log: log, processID: execution.processIdentifier.value, end: end))
                end(ending == .asked ? .terminate : .kill)
                await isRead
                return value
            } catch {
                end(.kill)
                await isRead
                throw error
            }
        }
        let expected: TerminationStatus = ending == .asked ? .exited(0) : .signaled(Signal.kill.rawValue)
        #expect(result.terminationStatus == expected, "\(log.text)", sourceLocation: sourceLocation)
        return result.closureResult
    }

    /// Ends the daemon as a crash would: it runs no further instruction.
    func kill() {
        end(.kill)
    }

    /// Runs the client against this daemon.
    func control(_ arguments: String...) async throws -> Finished {
        try await Program.control.run(arguments + ["--socket", home.socket])
    }

    /// What the client prints with `--json`, as a value.
    func answer<Value: Decodable>(
        _ type: Value.Type, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        let finished = try await Program.control.run(arguments + ["--json", "--socket", home.socket])
            .succeeded(sourceLocation: sourceLocation)
        return try WireCoding.decode(type, from: Array(finished.output.utf8))
    }
}

/// What a daemon writes to standard error.
final class DaemonLog: Sendable {
    private let lines = Mutex<[String]>([])
    private let listening = AsyncStream.makeStream(of: Void.self)

    /// The daemon ended before it listened.
    struct NotListening: Error, CustomStringConvertible {
        let description: String
    }

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    /// Reads until the daemon closes its end.
    func read(_ output: SubprocessOutputSequence) async {
        // A stream that breaks has ended, and what was read of it stands.
        do {
            for try await line in output.strings() {
                lines.withLock { $0.append(line) }
                if line.contains(" listening ") { listening.continuation.yield() }
            }
        } catch {}
        listening.continuation.finish()
    }

    /// Returns when the daemon listens; throws if it ends instead.
    func untilListening() async throws {
        for await _ in listening.stream { return }
        throw NotListening(description: "The daemon did not start:\n" + text)
    }
}
