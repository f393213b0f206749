import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `POST …/contacts/{contact}/erasure`: 201 with a new erasure, 200 with the one that the contact has.
    func eraseContact(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let receipt = try await audience.erase(Identifier(try context.pathParameter("contact")))
        if receipt.isNew {
            context.logger.notice(
                "contact erased", metadata: ["audience": "\(audience.id)", "sequence": "\(receipt.sequence)"])
        }
        return try .json(ErasureAnswer(receipt), status: receipt.isNew ? .created : .ok)
    }

    /// `GET …/erasures`
    func showErasures(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        return try .json(ErasureStatusAnswer(await audience(context).status()))
    }

    /// `POST …/erasures/pass`: takes as long as it takes; once begun it goes on without whoever asked.
    func runErasurePass(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let start = ContinuousClock.now
        let pass = try await audience.workOffErasures()
        let duration = ContinuousClock.now - start
        context.logger.notice(
            "erasure pass done",
            metadata: [
                "audience": "\(audience.id)", "erasures": "\(pass.erasures)", "events": "\(pass.events)",
                "recipients": "\(pass.recipients)",
            ])
        return try .json(ErasurePassAnswer(pass, duration: duration))
    }
}
