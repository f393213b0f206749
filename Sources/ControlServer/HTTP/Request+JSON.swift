import Admission
import ControlAPI
import HTTPTypes
import Hummingbird
import SegmentModel

extension Request {
    /// The JSON document in the body, at most `Bounds.jsonBodyBytesMax` of it.
    func jsonBody() async throws -> JSONValue {
        guard contentMediaType == MediaType.json else {
            throw Problem.unsupportedMediaType(headers[.contentType], expected: [MediaType.json])
        }
        try requirePlainBody()
        var reader = BodyReader(self)
        let bytes = try await reader.collect(bytesMax: Bounds.jsonBodyBytesMax)
        do throws(JSONDocumentError) {
            return try JSONDocument.parse(bytes)
        } catch {
            throw Problem(
                code: .notJSON, status: 400, title: "Not JSON", detail: "The body is not JSON: \(error.description).")
        }
    }
}
