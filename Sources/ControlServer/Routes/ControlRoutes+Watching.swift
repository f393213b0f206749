import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

extension ControlRoutes {
    /// The version of the format that is written.
    private static let metricsContentType = "text/plain; version=0.0.4; charset=utf-8"

    /// `GET /metrics`
    func showMetrics(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        _ = try request.accepted(of: [MediaType.text])
        let report = MetricsReport(daemon: daemonReading(), audiences: directory.audiences.compactMap(reading))
        return Response(
            status: .ok, headers: [.contentType: Self.metricsContentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: report.text)))
    }

    /// `POST …/verification`: takes as long as it takes, and ends with the connection.
    func verifyAudience(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let start = ContinuousClock.now
        let found: AudienceVerification
        do {
            found = try await context.untilClosed { try await audience.verify() }
        } catch is CancellationError {
            throw AudienceError(.cancelled, "Whoever asked has gone.")
        }
        context.logger.log(
            level: found.isSound ? .notice : .error, "audience verified",
            metadata: [
                "audience": "\(audience.id)", "contacts": "\(found.contacts)",
                "differences": "\(found.differenceCount + found.wrongCounts.count)",
            ])
        return try .json(VerificationAnswer(found, of: audience, duration: ContinuousClock.now - start))
    }
}
