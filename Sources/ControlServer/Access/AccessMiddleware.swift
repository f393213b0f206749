import ControlAPI
import HTTPTypes
import Hummingbird
import Logging

/// Refuses users that the socket's list does not name.
struct AccessMiddleware: RouterMiddleware {
    let access: AccessControl

    @concurrent
    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        guard access.allows(context.peer, over: context.role) else {
            access.logRefusal(of: context.peer, over: context.role, to: context.logger)
            throw Problem.notAllowed(context.peer, over: context.role)
        }
        return try await next(request, context)
    }
}

/// Logs every request that could change something that only an operator may, with who asked: one line, whatever came of it.
struct AuditMiddleware: RouterMiddleware {
    let table: [ControlRoutes.Route]

    @concurrent
    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        // The template, not the path: a path may name a contact.
        guard let template = context.endpointPath,
            let route = table.first(where: { $0.method == request.method && $0.template == template }), route.isChange
        else { return response }
        var metadata: Logger.Metadata = [
            "user": "\(context.peer.name)", "process": "\(context.peer.process ?? 0)",
            "method": "\(request.method.rawValue)", "route": "\(template)", "status": "\(response.status.code)",
        ]
        if let audience = context.parameters.get("audience") { metadata["audience"] = "\(audience)" }
        context.logger.notice("operator request", metadata: metadata)
        return response
    }
}

extension ControlRoutes.Route {
    /// Whether it may change something, and only operators may.
    var isChange: Bool { method != .get && roles == [.operator] }
}

extension Problem {
    static func notAllowed(_ peer: Peer, over role: SocketRole) -> Problem {
        Problem(
            code: .notAllowed, status: 403, title: "User not allowed",
            detail: """
                User \(peer.name) may not use the \(role.rawValue) socket. Who may is listed in the configuration of \
                segmentd as \(role.rawValue)Users.
                """)
    }
}
