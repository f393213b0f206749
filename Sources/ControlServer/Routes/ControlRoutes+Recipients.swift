import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `POST …/segments/{segment}/sends`: 201 with a new list, 200 with the one that the campaign has.
    func send(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let reference = try context.pathParameter("segment")
        let keys = try ObjectReader(try await request.jsonBody(), known: ["campaign"])
        let campaign = Identifier(try keys.requiredText("campaign"))
        let receipt = try await audience.send(reference, campaign: campaign)
        let location = Routes.recipientList(of: campaign.text, in: audience.id)
        guard receipt.isNew else {
            return try .json(RecipientListAnswer(receipt.list), location: location)
        }
        context.logger.notice(
            "segment sent",
            metadata: [
                "audience": "\(audience.id)", "segment": "\(receipt.list.segment.id)",
                "recipients": "\(receipt.list.recipients)",
            ])
        return try .json(RecipientListAnswer(receipt.list), status: .created, location: location)
    }

    /// `GET …/recipients`
    func listRecipientLists(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["segment", "limit", "after"])
        try request.requireJSONAccepted()
        let page = try await audience(context).recipientLists(
            of: query.text("segment"), after: query.text("after").map { Identifier($0) }, limit: try query.limit())
        return try .json(RecipientListPageAnswer(page))
    }

    /// `GET …/recipients/{campaign}`
    func showRecipientList(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let list = try await audience(context).recipientList(of: try campaign(context))
        return try .json(RecipientListAnswer(list))
    }

    /// `GET …/recipients/{campaign}/contacts`: a page in JSON, or all of them as NDJSON or CSV.
    func listRecipients(_ request: Request, _ context: ControlContext) async throws -> Response {
        let type = try request.accepted(of: [MediaType.json, MediaType.ndjson, MediaType.csv])
        let audience = try audience(context)
        let campaign = try campaign(context)
        guard let format = ExportFormat(mediaType: type) else {
            let query = try QueryParameters(request, allowed: ["limit", "after"])
            let page = try await audience.recipients(
                of: campaign, after: query.text("after").map { Identifier($0) }, limit: try query.limit())
            return try .json(RecipientPageAnswer(page))
        }
        _ = try QueryParameters(request)
        let pass = try streams.enter()
        let export = try await audience.exportRecipients(of: campaign, format: format)
        context.logger.notice(
            "recipients exported", metadata: ["audience": "\(audience.id)", "count": "\(export.count)"])
        return TextStream(export: export, format: format, logger: context.logger, pass: pass).response
    }

    /// `GET …/recipients/{campaign}/comparison`
    func compareRecipients(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let comparison = try await audience(context)
            .compareRecipients(of: try campaign(context), sample: Bounds.comparisonSampleMax)
        return try .json(RecipientComparisonAnswer(comparison))
    }

    /// `GET …/settings/history`
    func showSettingsHistory(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let changes = await (try audience(context)).settingsHistory()
        return try .json(SettingsHistoryAnswer(changes: changes.map { SettingsChangeAnswer($0) }))
    }

    private func campaign(_ context: ControlContext) throws -> Identifier {
        Identifier(try context.pathParameter("campaign"))
    }
}
