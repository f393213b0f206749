import Audiences
import ControlAPI
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `POST …/segments/{segment}/rerun`: takes as long as it takes, and ends with the connection.
    func rerunSegment(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let reference = try context.pathParameter("segment")
        let start = ContinuousClock.now
        let rerun: SegmentRerun
        do {
            rerun = try await context.untilClosed { try await audience.rerun(reference) }
        } catch is CancellationError {
            throw AudienceError(.cancelled, "Whoever asked has gone.")
        }
        let differences = rerun.missingCount + rerun.unexpectedCount
        context.logger.log(
            level: differences > 0 ? .error : .notice, "segment recomputed",
            metadata: [
                "audience": "\(audience.id)", "segment": "\(rerun.segment.id)", "members": "\(rerun.members)",
                "differences": "\(differences)",
            ])
        return try .json(RerunAnswer(rerun, duration: ContinuousClock.now - start))
    }
}
