import Audiences
import ControlAPI
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `POST /v1/backups`: takes as long as the disk does. A client that goes away does not end it.
    func backUp(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let place = try ObjectReader(try await request.jsonBody(), known: ["to"]).requiredText("to")
        let directory = directory
        let report: BackupReport
        do throws(AudienceError) {
            report = try await directory.backUp(to: place)
        } catch {
            context.logger.error("backup failed", metadata: ["code": "\(error.code.rawValue)"])
            throw error
        }
        context.logger.notice(
            "backup written",
            metadata: [
                "path": "\(report.path)", "audiences": "\(report.audiences.count)", "bytes": "\(report.byteCount)",
            ])
        return try .json(BackupAnswer(report), status: .created)
    }
}
