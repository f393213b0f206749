import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `GET …/segments/{segment}/revisions`
    func listRevisions(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["limit", "after"])
        try request.requireJSONAccepted()
        let page = try await audience(context).revisions(
            of: try context.pathParameter("segment"), after: try query.revision("after"), limit: try query.limit())
        return try .json(RevisionList(page))
    }

    /// `GET …/segments/{segment}/revisions/{revision}`
    func showRevision(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let revision = try await audience(context).revision(
            try context.revision(), of: try context.pathParameter("segment"))
        return try .json(RevisionAnswer(revision))
    }

    /// `GET …/segments/{segment}/revisions/{revision}/comparison`
    func compareRevisions(_ request: Request, _ context: ControlContext) async throws -> Response {
        let query = try QueryParameters(request, allowed: ["with"])
        try request.requireJSONAccepted()
        let comparison = try await audience(context).comparison(
            of: try context.pathParameter("segment"), revision: try context.revision(),
            with: try query.revision("with"))
        return try .json(RevisionComparisonAnswer(comparison))
    }

    /// `POST …/segments/{segment}/revisions/{revision}/restore`: the body may be left out.
    func restoreRevision(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let body = request.contentMediaType == nil ? JSONValue.object([]) : try await request.jsonBody()
        let change = SegmentChange(
            restoring: try context.revision(),
            revision: try ObjectReader(body, known: ["revision"]).ordinal("revision"))
        do {
            let restored = try await audience.edit(try context.pathParameter("segment"), change)
            context.logEdit(restored, of: audience)
            return try .json(SegmentAnswer(restored))
        } catch var error as AudienceError where error.code != .revisionConflict {
            // What is wrong stands in the revision and not in the request.
            error.pointer = nil
            throw error
        }
    }

    /// `POST …/segments/{segment}/difference`
    func showDifference(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let keys = try ObjectReader(try await request.jsonBody(), known: SegmentChange.keys + ["restore"])
        var change = try SegmentChange(keys)
        if let restored = try keys.ordinal("restore") {
            guard change == SegmentChange(revision: change.revision) else {
                throw Problem.badValue("/restore", "A revision comes back as it was: give restore, or what to change.")
            }
            change = SegmentChange(restoring: restored, revision: change.revision)
        }
        let pass = try reviews.enter()
        defer { withExtendedLifetime(pass) {} }
        let difference = try await audience.difference(of: try context.pathParameter("segment"), change)
        return try .json(DifferenceAnswer(difference))
    }

    /// `POST …/deletion`
    func deleteSegments(_ request: Request, _ context: ControlContext) async throws -> Response {
        _ = try QueryParameters(request)
        try request.requireJSONAccepted()
        let audience = try audience(context)
        let keys = try ObjectReader(try await request.jsonBody(), known: ["segments"])
        _ = try keys.required("segments")
        let references = try keys.texts("segments") ?? []
        guard (1...Bounds.deletionSegmentsMax).contains(references.count) else {
            throw Problem.badValue(
                "/segments", "Name 1 to \(Bounds.deletionSegmentsMax) segments; here are \(references.count).")
        }
        let deletion = try await audience.delete(references)
        context.logger.notice(
            "segments deleted", metadata: ["audience": "\(audience.id)", "count": "\(deletion.segments.count)"])
        return try .json(DeletionAnswer(deletion))
    }
}

extension SegmentChange {
    /// The keys of an edit in requests.
    static let keys = ["name", "where", "description", "automation", "parameters", "revision"]

    /// Reads an edit.
    init(_ keys: ObjectReader) throws(Problem) {
        try keys.refuseParameters()
        self.init(
            name: try keys.text("name"), description: try keys.description(), where: keys.value("where"),
            parameters: keys.value("parameters"), automation: try keys.boolean("automation"),
            revision: try keys.ordinal("revision"))
    }
}

extension ControlContext {
    /// The number of a revision in the path.
    fileprivate func revision() throws(Problem) -> Int {
        let text = try pathParameter("revision")
        guard let number = wholeNumber(text), number >= 1 else {
            throw Problem.badParameter("The revision in the path is “\(text)”; expected a whole number from 1 on.")
        }
        return number
    }

    /// A line in the log for an edit that was saved.
    func logEdit(_ edit: SegmentEdit, of audience: Audience) {
        logger.notice(
            "segment edited",
            metadata: [
                "audience": "\(audience.id)", "segment": "\(edit.segment.id)", "revision": "\(edit.segment.revision)",
            ])
    }
}

extension QueryParameters {
    /// The number of a revision; nil if it is absent.
    fileprivate func revision(_ name: String) throws(Problem) -> Int? {
        guard text(name) != nil else { return nil }
        return try whole(name, in: 1...Int.max, default: 1)
    }
}
