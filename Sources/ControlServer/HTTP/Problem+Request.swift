import ControlAPI

// Problems of requests, before any audience is asked.
extension Problem {
    static func badParameter(_ detail: String) -> Problem {
        Problem(code: .badParameter, status: 400, title: "Bad parameter", detail: detail)
    }

    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(
            code: .bodyTooLarge, status: 413, title: "Body too large",
            detail: "The body is longer than \(bytesMax) bytes.")
    }

    static func requestTimeout(_ what: String, _ seconds: Int) -> Problem {
        Problem(
            code: .requestTimeout, status: 408, title: "Request timeout",
            detail: "\(what) longer than \(seconds) seconds; the connection is closed.")
    }

    static func tooManyConnections(user: UInt32) -> Problem {
        Problem(
            code: .tooManyConnections, status: 503, title: "Too many connections",
            detail: """
                User \(user) has \(Bounds.connectionsPerUserMax) connections to this socket; close some, or keep fewer \
                open.
                """)
    }

    /// As many as may are under way already.
    static func busy(_ what: String, countMax: Int) -> Problem {
        Problem(
            code: .busy, status: 503, title: "Busy",
            detail: "\(countMax) \(what) are under way, as many as may be at once. Try again when one has ended.")
    }

    static func unsupportedMediaType(_ given: String?, expected: [String]) -> Problem {
        let said = given.map { "The body is declared as \($0)" } ?? "The body has no Content-Type"
        return Problem(
            code: .unsupportedMediaType, status: 415, title: "Unsupported media type",
            detail: "\(said); this route takes \(expected.joined(separator: ", ")).")
    }

    static func routeNotFound(_ path: String) -> Problem {
        Problem(
            code: .routeNotFound, status: 404, title: "No such route",
            detail: "There is nothing at \(path). The routes are listed in docs/api.md; all begin with /v1/.")
    }

    static func methodNotAllowed(_ method: String, allowed: [String]) -> Problem {
        Problem(
            code: .methodNotAllowed, status: 405, title: "Method not allowed",
            detail: "\(method) is not possible here; possible are: \(allowed.joined(separator: ", ")).")
    }

    static func roleForbids(_ role: SocketRole, needed: Set<SocketRole>) -> Problem {
        let sockets = SocketRole.allCases.filter(needed.contains).map(\.rawValue).joined(separator: " or ")
        return Problem(
            code: .roleForbids, status: 403, title: "Not over this socket",
            detail: "This is the \(role.rawValue) socket. "
                + (needed.isEmpty ? "Nobody may ask this." : "Ask over the \(sockets) socket."))
    }

    /// What failed is not said here: the text of an unforeseen error may hold personal data.
    static func internalError() -> Problem {
        Problem(
            code: .internalError, status: 500, title: "Internal error",
            detail: "The request failed inside segmentd; the kind of failure is in its log.")
    }
}
