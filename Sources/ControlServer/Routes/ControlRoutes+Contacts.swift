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

    /// `GET …/pending/forecast`
    func forecastPending(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["by", "limit"])
        try request.requireJSONAccepted()
        let groupings = ForecastGrouping.allCases.map(\.rawValue)
        guard let grouping = ForecastGrouping(rawValue: query.text("by") ?? ForecastGrouping.minute.rawValue) else {
            throw Problem.badParameter(
                "by is “\(query.text("by") ?? "")”; expected \(groupings.joined(separator: " or ")).")
        }
        let forecast = try await audience(context)
            .forecast(by: grouping == .minute ? .minute : .instant, limit: try query.limit())
        return try .json(ForecastAnswer(forecast))
    }

    /// `GET …/contacts`
    func listContacts(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["limit", "after", "idPrefix", "emailPrefix", "segment"])
        try request.requireJSONAccepted()
        let selection = ContactQuery(
            idPrefix: query.text("idPrefix"), emailPrefix: query.text("emailPrefix"), segment: query.text("segment"))
        let page = try await audience(context)
            .contacts(selection, after: query.text("after").map { Identifier($0) }, limit: try query.limit())
        return try .json(ContactList(page))
    }

    /// `GET …/contacts/{contact}`
    func showContact(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["segmentsAfter"])
        try request.requireJSONAccepted()
        let id = Identifier(try context.pathParameter("contact"))
        let contact = try await audience(context).contact(id, segmentsAfter: query.text("segmentsAfter"))
        return try .json(ContactAnswer(id, contact))
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
