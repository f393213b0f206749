public import ControlAPI

/// Why a call to the daemon gave no answer.
public enum ControlClientError: Error, Equatable, Sendable {
    /// Nothing was sent.
    case cannotConnect(socketPath: String, ConnectFailure)
    /// The daemon went away before it had answered; whether it acted on the request is not known.
    case connectionLost(socketPath: String)
    /// The daemon neither took nor sent a byte for that long; whether it acts on the request is not known.
    case timedOut(socketPath: String, after: Duration)
    /// A stream of rows ended before its last row.
    case incomplete(rows: Int, of: Int)
    /// The daemon refused, and says why.
    case problem(Problem)
    /// What came back is not an answer of this API.
    case notUnderstood(String)
    /// The source of the request's body failed; the daemon got a part of it.
    case bodyFailed(String)
    /// The calling task was cancelled.
    case cancelled

    /// Why a connection could not be made.
    public enum ConnectFailure: Equatable, Sendable {
        case noSuchSocket
        case notASocket
        /// The socket is there and nobody listens.
        case refused
        case notPermitted
        /// A socket's path has at most that many bytes.
        case pathTooLong(bytesMax: Int)
        case timedOut(after: Duration)
        case other(String)
    }
}

extension ControlClientError: CustomStringConvertible {
    /// One sentence or two: what was wrong, and what to do.
    public var description: String {
        switch self {
        case .cannotConnect(let path, let failure):
            "cannot reach segmentd at \(path): \(failure.description)"
        case .connectionLost(let path):
            "segmentd at \(path) closed the connection before it had answered. Its log says why."
        case .timedOut(let path, let duration):
            "segmentd at \(path) was silent for \(duration.components.seconds) s. Its log may say why."
        case .incomplete(let rows, let count):
            "only \(rows) of \(count) rows came. The daemon's log may say why; ask again."
        case .problem(let problem):
            problem.detail
        case .notUnderstood(let reason):
            "the answer was not understood: \(reason) Is it segmentd that listens there, and of this version?"
        case .bodyFailed(let reason):
            "what was to be sent could not be read: \(reason)."
        case .cancelled:
            "cancelled."
        }
    }
}

extension ControlClientError.ConnectFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSuchSocket:
            "there is no such socket. Start the daemon (systemctl start segmentd, or segmentd --socket PATH), "
                + "or name the socket it listens on (--socket PATH, or SEGMENTD_SOCKET)."
        case .notASocket:
            "it is not a socket. Name the socket that segmentd listens on (--socket PATH, or SEGMENTD_SOCKET)."
        case .refused:
            "the socket is there, but nobody listens: the daemon has stopped. "
                + "Start it (systemctl start segmentd, or segmentd --socket PATH)."
        case .notPermitted:
            "permission denied. Only its owner and group may use the socket."
        case .pathTooLong(let bytesMax):
            "the path is too long for a socket, which may have \(bytesMax) bytes."
        case .timedOut(let duration):
            "nobody took the connection within \(duration.components.seconds) s. Is the daemon stopped or overloaded?"
        case .other(let reason):
            reason
        }
    }
}
