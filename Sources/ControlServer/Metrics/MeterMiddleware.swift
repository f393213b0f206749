import HTTPTypes
import Hummingbird

/// Counts requests and how long it takes until their answers begin.
struct MeterMiddleware: RouterMiddleware {
    let meters: ServerMeters

    @concurrent
    func handle(
        _ request: Request, context: ControlContext,
        next: @concurrent (Request, ControlContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        meters.note(key(request, context), status: response.status.code, time: start.duration(to: .now))
        return response
    }

    /// The route by its template, not the path: a path may name a contact, and there is no end of paths.
    private func key(_ request: Request, _ context: ControlContext) -> ServerMeters.RouteKey {
        // Where no route fits the router has a word of its own in place of a path.
        guard let route = context.endpointPath, route.hasPrefix("/") else {
            return ServerMeters.RouteKey(method: "none", route: "none")
        }
        return ServerMeters.RouteKey(method: request.method.rawValue, route: route)
    }
}
