import Audiences
import ControlAPI
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `GET …/segments/{segment}/members`: a page in JSON, or all of them as NDJSON or CSV.
    func listMembers(_ request: Request, _ context: ControlContext) async throws -> Response {
        let type = try request.accepted(of: [MediaType.json, MediaType.ndjson, MediaType.csv])
        let audience = try audience(context)
        let reference = try context.pathParameter("segment")
        guard let format = ExportFormat(mediaType: type) else {
            let query = try QueryParameters(request, allowed: ["limit", "after"])
            let after = query.text("after").map { Identifier($0) }
            return try .json(
                MemberList(try await audience.members(of: reference, after: after, limit: try query.limit())))
        }
        // A stream has no pages: pages of different frontiers would be no list of any instant.
        let query = try QueryParameters(request, allowed: ["columns"])
        let columns = query.text("columns").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let pass = try streams.enter()
        let export = try await audience.export(reference, columns: columns?.map(String.init), format: format)
        context.logger.notice(
            "members exported", metadata: ["audience": "\(audience.id)", "count": "\(export.count)"])
        return TextStream(export: export, format: format, logger: context.logger, pass: pass).response
    }
}
