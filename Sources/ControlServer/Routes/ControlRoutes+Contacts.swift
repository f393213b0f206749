import Audiences
import ControlAPI
import Hummingbird
import SegmentModel

extension ControlRoutes {
    /// `GET …/pending`
    func listPending(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["limit"])
        try request.requireJSONAccepted()
        let pending = try await audience(context).pending(limit: try query.limit())
        return try .json(PendingAnswer(pending))
    }

    /// `GET …/contacts`
    func listContacts(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["limit", "after"])
        try request.requireJSONAccepted()
        let page = try await audience(context)
            .contacts(after: query.text("after").map { Identifier($0) }, limit: try query.limit())
        return try .json(ContactList(page))
    }

    /// `GET …/contacts/{contact}`
    func showContact(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let id = Identifier(try context.pathParameter("contact"))
        return try .json(ContactAnswer(id, try await audience(context).contact(id)))
    }

    /// `GET …/segments/{segment}/explain`
    func explain(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["contact"])
        try request.requireJSONAccepted()
        let explanation = try await audience(context)
            .explain(
                try context.pathParameter("segment"), contact: Identifier(try query.requiredText("contact")))
        return try .json(ExplanationAnswer(explanation))
    }
}
