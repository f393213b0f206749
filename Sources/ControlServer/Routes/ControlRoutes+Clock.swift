import Audiences
import ControlAPI
import Hummingbird
import Logging

extension ControlRoutes {
    /// `GET /v1/clock`
    func showClock(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        return try .json(ClockAnswer(daemon))
    }

    /// `POST /v1/clock/accept`: from here on the system's clock is believed.
    func acceptClock(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        guard let clock = daemon.trustedClock, let jump = clock.accept() else {
            throw Problem(
                code: .clockNotHeld, status: 409, title: "Clock not held",
                detail: "The clock is not held, so there is nothing to accept. Look at it with GET \(Routes.clock).")
        }
        context.logger.warning(
            "clock accepted",
            metadata: ["from": "\(jump.from)", "to": "\(jump.to)", "user": "\(context.peer.name)"])
        return try .json(ClockAnswer(daemon))
    }
}
