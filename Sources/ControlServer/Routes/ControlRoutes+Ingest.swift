import Admission
import Audiences
import ControlAPI
import Hummingbird
import Logging
import SegmentModel

extension ControlRoutes {
    /// `POST …/events`
    func ingest(_ request: Request, _ context: ControlContext) async throws -> Response {
        try request.requireJSONAccepted()
        try request.requirePlainBody()
        let audience = try audience(context)
        var run = IngestRun(audience, failures: failures, room: room)
        let stop: Problem?
        switch request.contentMediaType {
        case MediaType.ndjson:
            let query = try QueryParameters(request, allowed: ["firstLine", "dryRun"])
            let firstLine = try query.whole("firstLine", in: 1...Self.firstLineMax, default: 1)
            var source = LineSource(BodyReader(request), firstLine: firstLine, room: room)
            stop = try await run.take(&source, dryRun: query.flag("dryRun"))
        case MediaType.cloudEvent, MediaType.cloudEventsBatch:
            let query = try QueryParameters(request, allowed: ["dryRun"])
            let dryRun = try query.flag("dryRun")
            let share = BodyRoom.Share(of: room)
            var source = WholeSource(try await wholeBatch(request, share))
            stop = await run.take(&source, dryRun: dryRun)
            withExtendedLifetime(share) {}
        default:
            throw Problem.unsupportedMediaType(
                request.headers[.contentType],
                expected: [MediaType.ndjson, MediaType.cloudEventsBatch, MediaType.cloudEvent])
        }
        log(run.answer, stop, audience, context.logger)
        if let stop { throw stop }
        return try .json(run.answer)
    }

    /// Far beyond any file, and far from overflow.
    private static let firstLineMax = 1 << 53

    private func wholeBatch(_ request: Request, _ share: BodyRoom.Share) async throws -> AdmittedBatch {
        var reader = BodyReader(request)
        let body = try await reader.collect(bytesMax: Bounds.eventBatchBodyBytesMax, share: share)
        guard request.contentMediaType == MediaType.cloudEventsBatch else { return oneEvent(body) }
        let batch = try events(of: body)
        guard share.hold(batch.rejections.count * BodyRoom.problemBytes) else { throw Problem.noRoomForBody }
        return batch
    }

    private func events(of body: [UInt8]) throws(Problem) -> AdmittedBatch {
        do throws(JSONDocumentError) {
            return try CloudEventsBatchAdmission().admit(body)
        } catch {
            throw Problem(
                code: .notJSON, status: 400, title: "Not a JSON array",
                detail: "The body is not a JSON array of events: \(error.description). Nothing of it was appended.")
        }
    }

    private func oneEvent(_ body: [UInt8]) -> AdmittedBatch {
        var batch = AdmittedBatch()
        batch.lineCount = 1
        let rejection = body.withUnsafeBytes { EventDecoder().read($0, line: 1, into: &batch.events) }
        if let rejection { batch.rejections = [rejection] }
        return batch
    }

    /// Counts only: events are personal data.
    private func log(_ answer: IngestAnswer, _ stop: Problem?, _ audience: Audience, _ logger: Logger) {
        var metadata: Logger.Metadata = [
            "audience": "\(audience.id)", "lines": "\(answer.lines)", "appended": "\(answer.appended)",
            "duplicates": "\(answer.duplicates)", "conflicts": "\(answer.conflicts)", "rejected": "\(answer.rejected)",
        ]
        if let stop {
            metadata["code"] = "\(stop.code)"
            logger.warning("ingest stopped early", metadata: metadata)
        } else {
            logger.info(answer.dryRun == true ? "events tried" : "events taken", metadata: metadata)
        }
    }
}
