import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `GET …/segments`
    func listSegments(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let segments = await audience.segments()
        // All have the same frontier; where there is none to ask, the audience itself knows.
        let frontier =
            if let first = segments.first { first.frontier } else { await audience.status().frontier }
        return try .json(SegmentList(frontier: frontier.description, segments: segments.map { SegmentAnswer($0) }))
    }

    /// `POST …/segments`
    func saveSegment(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let keys = try ObjectReader(
            try await request.jsonBody(),
            known: ["name", "where", "description", "automation"] + ObjectReader.templateKeys)
        let name = try keys.requiredText("name")
        let description = try keys.description()
        let automation = try keys.boolean("automation") ?? false
        let saved =
            if let template = try keys.template() {
                try await audience.save(
                    name: name, description: description, prebuilt: template, parameters: keys.value("parameters"),
                    automation: automation)
            } else {
                try await audience.save(
                    name: name, description: description, where: try keys.required("where"), automation: automation)
            }
        context.logger.notice("segment saved", metadata: ["audience": "\(audience.id)", "segment": "\(saved.id)"])
        return try .json(
            SegmentAnswer(saved), status: .created, location: Routes.segment(saved.id, of: audience.id))
    }

    /// `GET …/segments/{segment}`
    func showSegment(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        return try .json(SegmentAnswer(try await audience(context).segment(try context.pathParameter("segment"))))
    }

    /// `PATCH …/segments/{segment}`
    func editSegment(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let reference = try context.pathParameter("segment")
        let keys = try ObjectReader(try await request.jsonBody(), known: SegmentChange.keys)
        let edited = try await audience.edit(reference, try SegmentChange(keys))
        context.logEdit(edited, of: audience)
        return try .json(SegmentAnswer(edited))
    }

    /// `DELETE …/segments/{segment}`
    func deleteSegment(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        let audience = try audience(context)
        try await audience.delete(try context.pathParameter("segment"))
        context.logger.notice("segment deleted", metadata: ["audience": "\(audience.id)"])
        return Response(status: .noContent)
    }

    /// `POST …/review`
    func review(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let keys = try ObjectReader(
            try await request.jsonBody(), known: ["where", "segment"] + ObjectReader.templateKeys)
        let pass = try reviews.enter()
        defer { withExtendedLifetime(pass) {} }
        return try .json(ReviewAnswer(try await review(keys, in: audience)))
    }

    private func review(_ keys: ObjectReader, in audience: Audience) async throws -> Review {
        let sample = Bounds.reviewSampleMax
        let segment = try keys.text("segment")
        if let segment, let parameters = keys.value("parameters"), !keys.contains("prebuilt"), !keys.contains("where") {
            return try await audience.review(segment, changing: parameters, sample: sample)
        }
        if let template = try keys.template() {
            return try await audience.review(
                prebuilt: template, parameters: keys.value("parameters"), sample: sample)
        }
        return try await audience.review(try keys.required("where"), sample: sample, editing: segment)
    }
}

extension ObjectReader {
    /// The description; `null` clears it as an empty text does.
    func description() throws(Problem) -> String? {
        if case .null = value("description") { return "" }
        return try text("description")
    }
}
