import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import Logging

/// Turns whatever a route throws into problem details, and logs one line for each request.
struct ProblemMiddleware: RouterMiddleware {
    let table: [ControlRoutes.Route]
    let failures: StoreFailures

    @concurrent
    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let response: Response
        do {
            response = try await next(request, context)
        } catch let problem as Problem {
            response = .problem(problem)
        } catch let error as AudienceError {
            let named = context.coreContext.parameters.get("audience").map { error.naming(audience: $0) }
            failures.report(named ?? error)
            response = .problem(Problem(error))
        } catch let error as HTTPError where error.status == .notFound {
            response = noRoute(request)
        } catch {
            // Only the kind: the text of an unforeseen error may hold personal data.
            context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
            response = .problem(.internalError())
        }
        log(request, response, context)
        return response
    }

    /// The router has nothing: 405 if the path exists with other methods, else 404.
    private func noRoute(_ request: Request) -> Response {
        let path = request.uri.path
        let methods = table.filter { matches(path, $0.template) }.map(\.method)
        guard !methods.isEmpty else { return .problem(.routeNotFound(path)) }
        let problem = Problem.methodNotAllowed(request.method.rawValue, allowed: methods.map(\.rawValue))
        return .problem(problem, allow: methods)
    }

    private func matches(_ path: String, _ template: String) -> Bool {
        let given = path.split(separator: "/")
        let wanted = template.split(separator: "/")
        return given.count == wanted.count && zip(given, wanted).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
    }

    private func log(_ request: Request, _ response: Response, _ context: ControlContext) {
        // The template, not the path: a path may name a contact.
        let metadata: Logger.Metadata = [
            "role": "\(context.role.rawValue)", "method": "\(request.method.rawValue)",
            "route": "\(context.endpointPath ?? "none")", "status": "\(response.status.code)",
        ]
        let level: Logger.Level = response.status.code >= 500 ? .warning : .debug
        context.logger.log(level: level, "request", metadata: metadata)
    }
}
