import ControlAPI
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A wire value as JSON.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, location: String? = nil
    ) throws -> Response {
        var headers: HTTPFields = [.contentType: MediaType.json]
        if let location { headers[.location] = location }
        return Response(status: status, headers: headers, body: try .json(value))
    }

    /// A problem in its own media type; `allow` names the methods a 405 must name.
    static func problem(_ problem: Problem, allow: [HTTPRequest.Method] = []) -> Response {
        var headers: HTTPFields = [.contentType: MediaType.problem]
        if !allow.isEmpty { headers[.allow] = allow.map(\.rawValue).joined(separator: ", ") }
        // A problem is made of strings and numbers; if it could not be written, the status still says what happened.
        let body = (try? ResponseBody.json(problem)) ?? ResponseBody()
        return Response(status: .init(code: problem.status), headers: headers, body: body)
    }
}

extension ResponseBody {
    /// The JSON text of a wire value and a line feed, for whoever reads it in a terminal.
    fileprivate static func json(_ value: some Encodable) throws -> ResponseBody {
        var buffer = ByteBuffer(bytes: try WireCoding.encode(value))
        buffer.writeInteger(UInt8(ascii: "\n"))
        return ResponseBody(byteBuffer: buffer)
    }
}
