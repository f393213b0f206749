import Audiences
import ControlAPI
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import SegmentModel

/// Rows of one frontier as the body of an answer: made as fast as they are taken, at constant memory.
///
/// Frontier and count stand in the head. A body that cannot be brought to its end is broken off without its last chunk,
/// which every HTTP client takes for a failure.
struct TextStream: Sendable {
    let export: TextExport
    let format: ExportFormat
    let logger: Logger
    /// Held until the last row is written.
    let pass: Turnstile.Pass

    private static let frontierField = HTTPField.Name(HeaderName.frontier) ?? .lastModified
    private static let countField = HTTPField.Name(HeaderName.count) ?? .contentRange

    var response: Response {
        var headers: HTTPFields = [.contentType: format.contentType]
        headers[Self.frontierField] = export.frontier.description
        headers[Self.countField] = String(export.count)
        return Response(status: .ok, headers: headers, body: ResponseBody { writer in try await write(to: &writer) })
    }

    /// Whoever reads too slowly makes the daemon keep what has changed since the frontier.
    private struct TooSlow: Error {}

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var export = export
        var text: [UInt8] = []
        let end = ContinuousClock.now + .seconds(Bounds.streamSecondsMax)
        do {
            while try export.next(into: &text) {
                try await writer.write(ByteBuffer(bytes: text))
                guard ContinuousClock.now < end else { throw TooSlow() }
            }
        } catch {
            logger.warning("a stream was broken off", metadata: ["error": "\(type(of: error))"])
            throw error
        }
        try await writer.finish(nil)
    }
}

extension ExportFormat {
    /// Nil for JSON, which comes in pages.
    init?(mediaType: String) {
        switch mediaType {
        case MediaType.csv: self = .csv
        case MediaType.ndjson: self = .ndjson
        default: return nil
        }
    }

    fileprivate var contentType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        case .ndjson: MediaType.ndjson
        }
    }
}
