import ArgumentParser
import ControlAPI
import ControlClient

/// Why a command could not do its work: a message, what else is worth knowing, and the exit code.
struct Failure: Error, Equatable {
    let message: String
    /// Lines under the message.
    var hints: [String] = []
    let exitCode: ExitCode

    init(_ message: String, hints: [String] = [], exitCode: ExitCode) {
        self.message = message
        self.hints = hints
        self.exitCode = exitCode
    }

    init(_ error: ControlClientError) {
        if case .problem(let problem) = error {
            self.init(problem)
        } else {
            self.init(error.description, exitCode: ExitCode(error))
        }
    }

    private init(_ problem: Problem) {
        let place = problem.pointer.map { $0.isEmpty ? "" : "at \($0): " } ?? ""
        var hints: [String] = []
        if let near = problem.near, !near.isEmpty { hints.append("Did you mean: \(Self.quoted(near))?") }
        if let related = problem.related, !related.isEmpty { hints.append("In the way: \(Self.quoted(related)).") }
        self.init(place + problem.detail, hints: hints, exitCode: ExitCode(status: problem.status))
    }

    private static func quoted(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    /// What is written on standard error.
    var text: String {
        (["segmentctl: " + message] + hints.map { "  " + $0 })
            .map { TextWidth.printable($0) + "\n" }.joined()
    }
}

extension ExitCode {
    /// Some lines were rejected, or the answer is no.
    static let no = ExitCode(1)
    static let usage = ExitCode.validationFailure
    /// The daemon refused what it was given.
    static let refused = ExitCode(65)
    /// A file cannot be read.
    static let noInput = ExitCode(66)
    static let unreachable = ExitCode(69)
    /// The daemon failed, or is not segmentd.
    static let daemonFailed = ExitCode(70)
    static let ioError = ExitCode(74)
    /// The same command may work later.
    static let temporary = ExitCode(75)
    static let interrupted = ExitCode(130)
    /// The reader of the output has gone, as if by SIGPIPE.
    static let readerGone = ExitCode(141)

    init(_ error: ControlClientError) {
        switch error {
        case .cannotConnect, .connectionLost, .incomplete: self = .unreachable
        case .timedOut: self = .temporary
        case .problem(let problem): self.init(status: problem.status)
        case .notUnderstood: self = .daemonFailed
        case .bodyFailed: self = .ioError
        case .cancelled: self = .interrupted
        }
    }

    init(status: Int) {
        switch status {
        case 503, 507: self = .temporary
        case 500...: self = .daemonFailed
        default: self = .refused
        }
    }
}
