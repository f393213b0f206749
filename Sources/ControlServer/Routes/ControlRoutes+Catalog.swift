import Audiences
import ControlAPI
import Hummingbird

extension ControlRoutes {
    /// `GET …/catalog`
    func showCatalog(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["limit"])
        try request.requireJSONAccepted()
        let limit = try query.limit(default: Bounds.catalogDefault)
        return try .json(CatalogAnswer(await audience(context).catalog(limit: limit)))
    }

    /// `GET …/segments/{segment}/catalog`
    func showSegmentCatalog(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let catalog = try await audience(context).catalog(of: try context.pathParameter("segment"))
        return try .json(SegmentCatalogAnswer(catalog))
    }
}
