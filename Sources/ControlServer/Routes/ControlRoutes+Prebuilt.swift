import Audiences
import ControlAPI
import Hummingbird
import SegmentModel

extension ControlRoutes {
    /// `GET …/prebuilt`
    func listPrebuilt(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let prebuilt = try await audience(context).prebuilt()
        return try .json(PrebuiltList(prebuilt: prebuilt.map { PrebuiltAnswer($0) }))
    }

    /// `GET …/prebuilt/{template}`
    func showPrebuilt(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        return try .json(PrebuiltAnswer(try await audience(context).prebuilt(try context.pathParameter("template"))))
    }

    /// `GET …/integrations`
    func listIntegrations(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        return try .json(IntegrationsAnswer(try await audience(context).integrations()))
    }
}

extension ObjectReader {
    /// The keys of a request that name a template and its parameters, beside or in place of a condition.
    static let templateKeys = ["prebuilt", "parameters"]

    /// The name of the template that the condition is to be made of; nil if the request has a condition of its own.
    func template() throws(Problem) -> String? {
        guard let template = try text("prebuilt") else {
            guard contains("where") || !contains("parameters") else {
                throw Problem.badValue(
                    path(to: "parameters"), "Parameters are those of a template: name it as “prebuilt”.")
            }
            try refuseParameters()
            return nil
        }
        guard !contains("where") else {
            throw Problem.badValue(path(to: "where"), "Give “where” or “prebuilt”: a template has its own condition.")
        }
        return template
    }

    /// Refuses parameters beside a condition.
    func refuseParameters() throws(Problem) {
        guard contains("where"), contains("parameters") else { return }
        throw Problem.badValue(path(to: "parameters"), "Give “where” or “parameters”: a condition has no parameters.")
    }
}
